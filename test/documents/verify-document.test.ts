import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import type { Document } from '#shared/documents/document.ts';
import { claimableFrom, documentKey, findDocument } from '#shared/documents/document-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { documents, read } from '#shared/platform/table.ts';
import { handler, type ObjectCreated } from '#workflows/documents/verify-document.ts';
import { anExpectedDocument } from './a-document.ts';
import { aDocumentBucket } from './a-document-bucket.ts';
import { aPdf, sha256Of } from './files.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const s3 = aDocumentBucket();

const Bucket = 'documents';
const text = (words: string): Bytes => new TextEncoder().encode(words);

const expecting = (bytes: Bytes, overrides: Partial<Document> = {}): Promise<Document> =>
  anExpectedDocument({ sizeBytes: bytes.length, sha256: sha256Of(bytes), ...overrides });

/** Puts bytes where a document's are expected, as nobody but S3's own checks could, and answers what EventBridge would say. */
const arrive = async ({ id }: Document, bytes: Bytes): Promise<ObjectCreated> => {
  const key = `quarantine/${id}`;
  const { VersionId } = await s3()
    .client()
    .send(new PutObjectCommand({ Bucket, Key: key, Body: bytes }));
  return { time: '2030-01-01T12:00:00Z', detail: { object: { key, 'version-id': VersionId ?? '' } } };
};

const now = '2030-01-01T12:00:00.000Z';
const eventsOf = ({ id }: Document) => listEvents(id, 1, 10);
const keptBytes = async ({ id }: Document): Promise<Bytes> => {
  const stored = await findDocument(id);
  const command = new GetObjectCommand({ Bucket, Key: `kept/${id}`, VersionId: stored?.versionId });
  return new Uint8Array((await (await s3().client().send(command)).Body?.transformToByteArray()) ?? []);
};

/** Ends the work at its transaction, before it reaches the table or after it is written. */
const dying = async <Result>(moment: 'before' | 'after', work: () => Promise<Result>): Promise<Result> => {
  documents.middlewareStack.add(
    (next, { commandName }) =>
      async (request) => {
        if (!String(commandName).startsWith('TransactWrite')) return next(request);
        if (moment === 'after') await next(request);
        throw new Error('The worker died.');
      },
    { step: 'initialize', name: 'dying' },
  );
  try {
    return await work();
  } finally {
    documents.middlewareStack.remove('dying');
  }
};

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const jpeg = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////2Q==', 'base64');
const webp = Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA=', 'base64');

describe('when what comes is what was announced', () => {
  test.each<readonly [Document['contentType'], Bytes]>([
    ['application/pdf', aPdf('Well')],
    ['image/png', new Uint8Array(png)],
    ['image/jpeg', new Uint8Array(jpeg)],
    ['image/webp', new Uint8Array(webp)],
    ['text/csv', text('name,city\nAda,Zürich\n')],
  ])('then %s is verified, and the very bytes are kept under their version', async (contentType, bytes) => {
    const document = await expecting(bytes, { contentType });
    expect(await handler(await arrive(document, bytes))).toBe('verified');
    expect(await findDocument(document.id)).toMatchObject({ status: 'verified', checkedAt: now, version: 2 });
    expect(await keptBytes(document)).toEqual(bytes);
    const [item] = await read([documentKey(document.id)]);
    expect(claimableFrom(item, document.partnerId)).toMatchObject({ documentId: document.id, sha256: document.sha256 });
  });
});

describe('when what comes is something else', () => {
  const page = text('<html><script>alert(1)</script></html>');
  test.each<readonly [string, Document['contentType'], Bytes, Partial<Document>, string]>([
    ['larger', 'application/pdf', aPdf(), { sizeBytes: 5 }, 'were announced'],
    ['empty', 'application/pdf', text(''), { sizeBytes: 5 }, 'It has 0 bytes'],
    ['of another hash', 'application/pdf', aPdf(), { sha256: sha256Of(text('x')) }, 'SHA-256'],
    ['a page that calls itself a PDF', 'application/pdf', page, {}, 'text/plain'],
    ['a PDF that calls itself a picture', 'image/png', aPdf(), {}, 'its bytes are application/pdf'],
    ['a picture that calls itself a table', 'text/csv', new Uint8Array(png), {}, 'its bytes are image/png'],
    ['a program that calls itself a table', 'text/csv', text('MZ\u0000\u0001'), {}, 'text/csv'],
    ['half of a character', 'text/csv', new Uint8Array([0x61, 0xc3]), {}, 'of no type'],
  ])('then it is rejected in words: %s', async (_, contentType, bytes, overrides, words) => {
    const document = await expecting(bytes, { contentType, ...overrides });
    expect(await handler(await arrive(document, bytes))).toBe('rejected');
    const stored = await findDocument(document.id);
    expect(stored).toMatchObject({ status: 'rejected', reason: expect.stringContaining(words) });
    expect(stored).not.toHaveProperty('versionId');
    expect(
      await s3()
        .client()
        .send(new GetObjectCommand({ Bucket, Key: `kept/${document.id}` }))
        .catch(String),
    ).toMatch('NoSuchKey');
  });
});

describe('when notices come as they do', () => {
  test('twice, one after the other or at once, then one look counts', async () => {
    const bytes = aPdf('Twice');
    const document = await expecting(bytes);
    const event = await arrive(document, bytes);
    const outcomes = await Promise.all([handler(event), handler(event), handler(event)]);
    expect(outcomes.filter((outcome) => outcome === 'verified')).toHaveLength(1);
    expect(await handler(event)).toBe('checked before');
    expect(await eventsOf(document)).toHaveLength(2);
    expect(await keptBytes(document)).toEqual(bytes);
  });

  test('for a later upload, then what was verified stays, by its version', async () => {
    const bytes = aPdf('First');
    const document = await expecting(bytes);
    await handler(await arrive(document, bytes));
    const before = await findDocument(document.id);
    expect(await handler(await arrive(document, aPdf('Other')))).toBe('checked before');
    expect(await findDocument(document.id)).toEqual(before);
    expect(await keptBytes(document)).toEqual(bytes);
  });

  test('in the wrong order, then the version that was looked at first decides, and is read by its id', async () => {
    const bytes = aPdf('Ordered');
    const document = await expecting(bytes);
    const first = await arrive(document, bytes);
    const second = await arrive(document, aPdf('Overwritten'));
    expect(await handler(first)).toBe('verified');
    expect(await handler(second)).toBe('checked before');
    expect(await keptBytes(document)).toEqual(bytes);
  });

  test('for two versions at once, then one decides', async () => {
    const bytes = aPdf('Raced');
    const document = await expecting(bytes);
    const [right, wrong] = [await arrive(document, bytes), await arrive(document, aPdf('Wrong'))];
    const outcomes = await Promise.all([handler(right), handler(wrong)]);
    expect(outcomes.filter((outcome) => outcome === 'checked before')).toHaveLength(1);
    expect(await eventsOf(document)).toHaveLength(2);
  });

  test('so late that the file is gone, then the document stays expected', async () => {
    const document = await expecting(aPdf());
    const { detail, time } = await arrive(document, aPdf());
    const gone = { ...detail.object, 'version-id': 'none' };
    expect(await handler({ time, detail: { object: gone } })).toBe('gone');
    expect(await findDocument(document.id)).toMatchObject({ status: 'expected' });
  });

  test.each([
    ['a document that nobody announced', 'quarantine/doc_00000000000000000000000000'],
    ['a key that is no document’s', 'quarantine/../kept/doc_00000000000000000000000000'],
    ['another place', 'kept/doc_00000000000000000000000000'],
  ])('for %s, then nothing happens', async (_, key) => {
    expect(await handler({ time: now, detail: { object: { key, 'version-id': 'v' } } })).toBe('unknown');
  });

  test.each<readonly [string, 'before' | 'after']>([
    ['before its transaction', 'before'],
    ['after its transaction, whose answer is lost', 'after'],
  ])('when the worker dies %s, then the next call finds it done once', async (_, moment) => {
    const bytes = aPdf(`Died ${moment}`);
    const document = await expecting(bytes);
    const event = await arrive(document, bytes);
    const died = await dying(moment, () => handler(event).catch(String));
    expect(died).toBe('Error: The worker died.');
    const outcome = await handler(event);
    expect(outcome).toBe(moment === 'before' ? 'verified' : 'checked before');
    expect(await findDocument(document.id)).toMatchObject({ status: 'verified', version: 2 });
    expect(await eventsOf(document)).toHaveLength(2);
    expect(await keptBytes(document)).toEqual(bytes);
  });

  test('when S3 does not answer, then the call fails, so that it is made again', async () => {
    const document = await expecting(aPdf());
    const event = await arrive(document, aPdf());
    const { DOCUMENTS_BUCKET } = process.env;
    process.env.DOCUMENTS_BUCKET = 'audit/none';
    await expect(handler(event)).rejects.toThrow();
    process.env.DOCUMENTS_BUCKET = DOCUMENTS_BUCKET;
    expect(await handler(event)).toBe('verified');
  });
});
