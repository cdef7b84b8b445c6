import { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/documents/door.ts';
import type { Operation } from '#shared/core/access.ts';
import { brokenLink } from '#shared/core/history.ts';
import { maxSizeBytes } from '#shared/documents/document.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { commitGate } from '#test/support/gates.ts';
import { admin, finance, manager, repOf } from '#test/support/people.ts';
import { anAnnouncement, anExpectedDocument, aRejectedDocument, aVerifiedDocument, now } from './a-document.ts';

const ours = 'ptr_ours';
const theirs = 'ptr_theirs';

beforeAll(async () => {
  await testTable();
  await commitGate(ours);
  await commitGate(theirs);
});

const call = (operation: Operation, more: Partial<Call> = {}): Promise<Reply> =>
  send(handler, { operation, at: now, caller: repOf(ours), ...more });
const announce = (overrides: Record<string, unknown> = {}, more: Partial<Call> = {}) =>
  call('create-document', { body: { ...anAnnouncement(), ...overrides }, ...more });
const look = (documentId: unknown, more: Partial<Call> = {}) =>
  call('get-document', { params: { documentId: String(documentId) }, ...more });

interface Upload {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}
const uploadOf = ({ body }: Reply): Upload => body.upload as Upload;
interface Policy {
  readonly expiration: string;
  readonly conditions: readonly unknown[];
}
const policyOf = ({ fields }: Pick<Upload, 'fields'>): Policy =>
  JSON.parse(Buffer.from(fields.Policy ?? '', 'base64').toString());

describe('when a document is announced', () => {
  test('then it is expected, and its form names key, type, size and hash exactly', async () => {
    const announcement = anAnnouncement();
    const reply = await call('create-document', { body: announcement });
    expect(reply.status).toBe(201);
    const { documentId } = reply.body;
    const upload = uploadOf(reply);
    const checksum = Buffer.from(announcement.sha256, 'hex').toString('base64');
    const fields = {
      bucket: 'documents',
      key: `quarantine/${documentId}`,
      'Content-Type': 'application/pdf',
      'x-amz-checksum-algorithm': 'SHA256',
      'x-amz-checksum-sha256': checksum,
    };
    expect(upload.fields).toMatchObject(fields);
    const { conditions } = policyOf(upload);
    expect(conditions[0]).toEqual(['content-length-range', 1234, 1234]);
    const { Policy: _policy, 'X-Amz-Signature': _signature, ...named } = upload.fields;
    expect(conditions.slice(1)).toEqual(Object.entries(named).map(([name, value]) => ({ [name]: value })));
    expect((await look(documentId)).body).toMatchObject({ ...announcement, status: 'expected', partnerId: ours });
  });

  test('then its form holds for ten minutes of machine time, whatever the system’s time is', async () => {
    const { expiration } = policyOf(uploadOf(await announce({}, { at: '2031-05-05T00:00:00.000Z' })));
    const leftMs = Date.parse(expiration) - Date.now();
    expect(leftMs).toBeGreaterThan(9 * 60_000);
    expect(leftMs).toBeLessThanOrEqual(10 * 60_000);
  });

  test('then its signature is the one that the SDK makes of the same policy', async () => {
    const upload = uploadOf(await announce());
    const client = new S3Client({});
    const sdk = await createPresignedPost(client, {
      Bucket: 'documents',
      Key: upload.fields.key ?? '',
      Fields: { 'Content-Type': 'application/pdf' },
    });
    expect(Object.keys(upload.fields)).toEqual(expect.arrayContaining(Object.keys(sdk.fields)));
    const { credentials, sha256 } = client.config;
    const { getSigningKey } = await import('@smithy/signature-v4');
    const day = upload.fields['X-Amz-Date']?.slice(0, 8) ?? '';
    const key = await getSigningKey(sha256, await credentials(), day, 'eu-central-1', 's3');
    const hash = new sha256(key);
    hash.update(new TextEncoder().encode(upload.fields.Policy));
    expect(upload.fields['X-Amz-Signature']).toBe(Buffer.from(await hash.digest()).toString('hex'));
  });

  test('then the history has one event, which does not repeat the file’s name', async () => {
    const { documentId } = (await announce({ fileName: 'ada-byron.pdf' })).body;
    const events = await listEvents(String(documentId), 1, 10);
    expect(events).toHaveLength(1);
    expect(brokenLink(events)).toBeUndefined();
    expect(events[0]).toMatchObject({ type: 'document.expected', partnerId: ours, personal: ['fileName'] });
    expect(JSON.stringify(events)).not.toContain('ada-byron');
  });

  test('when it is repeated with its key, then it is the same document, with a form that holds', async () => {
    const body = anAnnouncement();
    const [first, again] = [await announce(body, { key: 'k1' }), await announce(body, { key: 'k1' })];
    expect(again).toMatchObject({ status: 201, body: { documentId: first.body.documentId } });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(uploadOf(again).fields.key).toBe(uploadOf(first).fields.key);
    expect(await announce({ ...body, sizeBytes: 99 }, { key: 'k1' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency.key_reused' },
    });
  });
});

describe('when staff announces a document', () => {
  test.each([
    ['a partner manager', manager],
    ['finance', finance],
  ])('then %s says for whom', async (_, caller) => {
    const reply = await announce({ partnerId: theirs }, { caller });
    expect((await look(reply.body.documentId, { caller: repOf(theirs) })).body).toMatchObject({ partnerId: theirs });
    expect(await announce({}, { caller })).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(await announce({ partnerId: 'ptr_none' }, { caller })).toMatchObject({ status: 404 });
  });
});

describe('when an announcement is faulty', () => {
  test.each<readonly [string, Record<string, unknown>, string]>([
    ['an empty file', { sizeBytes: 0 }, '#/sizeBytes'],
    ['a negative size', { sizeBytes: -1 }, '#/sizeBytes'],
    ['half a byte', { sizeBytes: 1.5 }, '#/sizeBytes'],
    ['a size as a text', { sizeBytes: '12' }, '#/sizeBytes'],
    ['a file that is too large', { sizeBytes: maxSizeBytes + 1 }, '#/sizeBytes'],
    ['a type that is not taken', { contentType: 'text/html' }, '#/contentType'],
    ['a type with a parameter', { contentType: 'text/csv; charset=utf-8' }, '#/contentType'],
    ['a hash in capitals', { sha256: 'A'.repeat(64) }, '#/sha256'],
    ['a short hash', { sha256: 'a'.repeat(63) }, '#/sha256'],
    ['a hash with a line break', { sha256: `${'a'.repeat(64)}\n` }, '#/sha256'],
    ['no name', { fileName: '' }, '#/fileName'],
    ['a name that is too long', { fileName: 'a'.repeat(256) }, '#/fileName'],
    ['a purpose that nobody knows', { purpose: 'fun' }, '#/purpose'],
    ['a key of its own', { key: 'kept/mine' }, '#/key'],
  ])('with %s, then the field is named and nothing is stored', async (_, overrides, pointer) => {
    const reply = await announce(overrides);
    expect(reply).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect((reply.body.errors as { pointer: string }[]).map((error) => error.pointer)).toEqual([pointer]);
  });

  test('with a file that is as large as may be, then it is taken', async () => {
    expect((await announce({ sizeBytes: maxSizeBytes })).status).toBe(201);
  });

  test('for another partner, then it is as if that were not there', async () => {
    expect(await announce({ partnerId: theirs })).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('when a document is read', () => {
  test('then only a verified one has a link, to the kept file by its version, as an attachment, for five minutes', async () => {
    const { id } = await aVerifiedDocument({ partnerId: ours, fileName: `Ünter "lagen".pdf` });
    const { download } = (await look(id)).body as { download: { url: string } };
    const url = new URL(download.url);
    expect([url.host, url.pathname]).toEqual(['documents.s3.eu-central-1.amazonaws.com', `/kept/${id}`]);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      versionId: 'v1',
      'X-Amz-Expires': '300',
      'response-content-type': 'application/pdf',
      'response-content-disposition': `attachment; filename="_nter _lagen_.pdf"; filename*=UTF-8''%C3%9Cnter%20%22lagen%22.pdf`,
    });
  });

  test.each([
    ['expected', anExpectedDocument],
    ['rejected', aRejectedDocument],
  ])('then one that is %s has none', async (status, make) => {
    const { id } = await make({ partnerId: ours });
    const { body } = await look(id);
    expect(body).toMatchObject({ status });
    expect(body).not.toHaveProperty('download');
    expect(JSON.stringify(body)).not.toContain('http');
  });

  test('then another partner meets what it would meet if it were not there, letter for letter', async () => {
    const { id } = await aVerifiedDocument({ partnerId: ours });
    const without = ({ status, body: { requestId: _id, ...body } }: Reply) => ({ status, body });
    const others = await look(id, { caller: repOf(theirs) });
    const missing = await look('doc_00000000000000000000000000', { caller: repOf(theirs) });
    expect(without(others)).toEqual(without(missing));
    expect(others.status).toBe(404);
  });

  test('then staff reads those of every partner', async () => {
    const { id } = await aVerifiedDocument({ partnerId: ours });
    for (const caller of [manager, finance, admin]) expect((await look(id, { caller })).status).toBe(200);
  });
});
