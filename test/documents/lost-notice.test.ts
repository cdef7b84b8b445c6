import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import type { Document } from '#shared/documents/document.ts';
import { claimableFrom, documentKey, findDocument } from '#shared/documents/document-store.ts';
import { listDue } from '#shared/platform/due.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { read } from '#shared/platform/table.ts';
import { handler as verify } from '#workflows/documents/verify-document.ts';
import { handler } from '#workflows/sweep.ts';
import { anExpectedDocument, now } from './a-document.ts';
import { aDocumentBucket } from './a-document-bucket.ts';
import { aPdf, sha256Of } from './files.ts';

const s3 = aDocumentBucket();

const early = '2026-07-01T12:59:59.999Z';
const due = '2026-07-01T13:00:00.000Z';
const later = '2026-07-02T13:00:00.000Z';
const sweep = (time: string) => handler({ schedule: 'sweep', time });

const put = (key: string, bytes: Uint8Array) =>
  s3()
    .client()
    .send(new PutObjectCommand({ Bucket: 'documents', Key: key, Body: bytes }));

/** A document whose bytes have come without anybody being told. */
const anUntoldUpload = async (words: string, bytes = aPdf(words)): Promise<Document> => {
  const announced = aPdf(words);
  const document = await anExpectedDocument({ sizeBytes: announced.length, sha256: sha256Of(announced) });
  await put(`quarantine/${document.id}`, bytes);
  return document;
};

const eventsOf = async ({ id }: Document) => (await listEvents(id, 1, 10)).map(({ type, at }) => [type, at]);

describe('when nobody was told of an upload', () => {
  test('then the sweep looks an hour after it was announced, once, and it can be claimed', async () => {
    const document = await anUntoldUpload('Untold');
    await sweep(early);
    expect(await findDocument(document.id)).toMatchObject({ status: 'expected' });
    await sweep(due);
    expect(await findDocument(document.id)).toMatchObject({ status: 'verified', checkedAt: due });
    const [item] = await read([documentKey(document.id)]);
    expect(claimableFrom(item, document.partnerId)).toMatchObject({ documentId: document.id });
    expect(await listDue(later)).not.toContain(document.id);
    await sweep(later);
    expect(await eventsOf(document)).toEqual([
      ['document.expected', now],
      ['document.verified', due],
    ]);
  });

  test('then bytes that are not what was announced are rejected in words', async () => {
    const document = await anUntoldUpload('Announced', aPdf('Something else'));
    await sweep(later);
    expect(await findDocument(document.id)).toMatchObject({
      status: 'rejected',
      reason: expect.stringContaining('were announced'),
    });
  });

  test('then two sweeps and the notice itself at once change it once', async () => {
    const document = await anUntoldUpload('Raced');
    const notice = { key: `quarantine/${document.id}`, 'version-id': '' };
    const { VersionId = '' } = await put(notice.key, aPdf('Raced'));
    const event = { time: due, detail: { object: { ...notice, 'version-id': VersionId } } };
    await Promise.all([sweep(due), verify(event), sweep(due)]);
    expect(await eventsOf(document)).toHaveLength(2);
    expect(await findDocument(document.id)).toMatchObject({ status: 'verified' });
    expect(await verify(event)).toBe('checked before');
  });

  test('then where S3 does not answer it stays due, and the next sweep finds it', async () => {
    const document = await anUntoldUpload('Unreachable');
    const { DOCUMENTS_BUCKET } = process.env;
    process.env.DOCUMENTS_BUCKET = 'audit/none';
    await sweep(due);
    process.env.DOCUMENTS_BUCKET = DOCUMENTS_BUCKET;
    expect(await findDocument(document.id)).toMatchObject({ status: 'expected' });
    await sweep(later);
    expect(await findDocument(document.id)).toMatchObject({ status: 'verified' });
  });
});

describe('when nothing was uploaded', () => {
  test('then the document lapses with a reason, and is looked for no more', async () => {
    const document = await anExpectedDocument();
    await sweep(due);
    expect(await findDocument(document.id)).toMatchObject({
      status: 'rejected',
      reason: 'Nothing was uploaded in time; announce it again.',
      checkedAt: due,
    });
    await sweep(later);
    expect(await eventsOf(document)).toHaveLength(2);
  });

  test('then what comes after that changes nothing', async () => {
    const document = await anExpectedDocument();
    await sweep(due);
    const { VersionId = '' } = await put(`quarantine/${document.id}`, aPdf('Late'));
    const object = { key: `quarantine/${document.id}`, 'version-id': VersionId };
    expect(await verify({ time: later, detail: { object } })).toBe('checked before');
    expect(await findDocument(document.id)).toMatchObject({ status: 'rejected' });
  });
});
