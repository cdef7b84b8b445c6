import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptFolder } from '#test/support/laptop.ts';
import { now, type StartedS3, startTestS3 } from './a-bucket.ts';

let s3: StartedS3;
let client: S3Client;
let time = now;
beforeAll(async () => {
  s3 = await startTestS3({ time: () => time });
  client = s3.client();
});
afterAll(() => s3.close());

const documents = (Key: string, more: object = {}) => ({ Bucket: 'documents', Key, ...more });
const roots = (Key: string, more: object = {}) => ({ Bucket: 'audit', Key, ...more });
const put = (Key: string, Body: string) => client.send(new PutObjectCommand(documents(Key, { Body })));
const textOf = async (Key: string, VersionId?: string) => {
  const { Body } = await client.send(new GetObjectCommand(documents(Key, { VersionId })));
  return Body?.transformToString();
};
/** The service's own name of what it refused, or `done`. */
const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: Error) => error.name,
  );

describe('objects', () => {
  test('when an object is put, then it comes back as it was, with its type, checksum and version', async () => {
    const Body = Buffer.from([0, 1, 2, 255]);
    const stored = await client.send(new PutObjectCommand(documents('a', { Body, ContentType: 'image/png' })));
    const got = await client.send(new GetObjectCommand(documents('a', { ChecksumMode: 'ENABLED' })));
    expect(await got.Body?.transformToByteArray()).toEqual(new Uint8Array(Body));
    expect(got).toMatchObject({ ContentType: 'image/png', ContentLength: 4, VersionId: stored.VersionId });
    expect(got.ChecksumCRC32).toBe(stored.ChecksumCRC32);
    expect(got.LastModified?.toISOString()).toBe(now);
  });

  test('when it is overwritten and deleted, then its versions stay, each under its id', async () => {
    const [first, second] = [await put('b', 'first'), await put('b', 'second')];
    expect(await textOf('b')).toBe('second');
    expect(await textOf('b', first.VersionId)).toBe('first');
    expect(await client.send(new DeleteObjectCommand(documents('b')))).toMatchObject({ DeleteMarker: true });
    expect(await outcomeOf(textOf('b'))).toBe('NoSuchKey');
    expect(await textOf('b', second.VersionId)).toBe('second');
    await client.send(new DeleteObjectCommand(documents('b', { VersionId: second.VersionId })));
    expect(await outcomeOf(textOf('b', second.VersionId))).toBe('NoSuchVersion');
  });

  test('when one version is copied, then the copy has its bytes and its type, and a version of its own', async () => {
    const { VersionId } = await client.send(
      new PutObjectCommand(documents('from', { Body: 'one', ContentType: 'text/csv' })),
    );
    await put('from', 'two');
    const CopySource = `documents/from?versionId=${VersionId}`;
    const copy = await client.send(
      new CopyObjectCommand({ ...documents('to'), CopySource, ChecksumAlgorithm: 'SHA256' }),
    );
    expect(copy.CopySourceVersionId).toBe(VersionId);
    expect(copy.CopyObjectResult?.ChecksumSHA256).toBe(createHash('sha256').update('one').digest('base64'));
    expect(await textOf('to', copy.VersionId)).toBe('one');
    expect((await client.send(new HeadObjectCommand(documents('to')))).ContentType).toBe('text/csv');
  });

  test.each(['../../etc/passwd', 'a/../b', '/leading', 'con%2Ftrol', 'spaces and ünïcode', './', 'a//b', '..'])(
    'when a key is %s, then it names that object and no file',
    async (key) => {
      await put(key, `this is ${key}`);
      expect(await textOf(key)).toBe(`this is ${key}`);
    },
  );

  test('when a copy, an object or a bucket is not there, then that is said', async () => {
    expect(await outcomeOf(textOf('nothing'))).toBe('NoSuchKey');
    expect(await outcomeOf(client.send(new HeadObjectCommand(documents('nothing'))))).toBe('NotFound');
    expect(await outcomeOf(client.send(new GetObjectCommand({ Bucket: 'elsewhere', Key: 'a' })))).toBe('NoSuchBucket');
    expect(
      await outcomeOf(client.send(new CopyObjectCommand({ ...documents('c'), CopySource: 'documents/nothing' }))),
    ).toBe('NoSuchKey');
  });

  test('when something is asked that is not known here, then it is refused by name', async () => {
    expect(await outcomeOf(client.send(new ListObjectsV2Command({ Bucket: 'documents' })))).toBe('NotImplemented');
    const Body = Readable.from(['chunk']);
    expect(await outcomeOf(client.send(new PutObjectCommand(documents('d', { Body, ContentLength: 5 }))))).not.toBe(
      'done',
    );
  });

  test('when a checksum is not that of the bytes, then nothing is kept', async () => {
    const wrong = documents('e', {
      Body: 'bytes',
      ChecksumSHA256: createHash('sha256').update('others').digest('base64'),
    });
    expect(await outcomeOf(client.send(new PutObjectCommand(wrong)))).toBe('BadDigest');
    expect(await outcomeOf(textOf('e'))).toBe('NoSuchKey');
  });
});

describe('locks', () => {
  test('when a bucket locks what comes, then nobody takes a version away before its time, by the system’s clock', async () => {
    const { VersionId } = await client.send(new PutObjectCommand(roots('day', { Body: 'root' })));
    const take = () => outcomeOf(client.send(new DeleteObjectCommand(roots('day', { VersionId }))));
    expect(await take()).toBe('AccessDenied');
    // A mark before it hides it and keeps it.
    await client.send(new DeleteObjectCommand(roots('day')));
    expect(await (await client.send(new GetObjectCommand(roots('day', { VersionId })))).Body?.transformToString()).toBe(
      'root',
    );
    time = '2030-01-02T12:00:00.001Z';
    expect(await take()).toBe('done');
    time = now;
  });

  test('when a request says how long, then that holds, and the head of the object tells it', async () => {
    const ObjectLockRetainUntilDate = new Date('2040-01-01T00:00:00.000Z');
    const lock = { Body: 'root', ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate };
    const { VersionId } = await client.send(new PutObjectCommand(roots('year', lock)));
    expect(await client.send(new HeadObjectCommand(roots('year')))).toMatchObject({
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate,
    });
    time = '2039-12-31T23:59:59.999Z';
    expect(await outcomeOf(client.send(new DeleteObjectCommand(roots('year', { VersionId }))))).toBe('AccessDenied');
    time = now;
  });

  test.each<readonly [string, object, string]>([
    ['in a bucket without locks', { Bucket: 'documents' }, 'InvalidRequest'],
    ['until a day that is past', { ObjectLockRetainUntilDate: new Date('2029-01-01') }, 'InvalidArgument'],
    ['without a date', { ObjectLockRetainUntilDate: undefined }, 'InvalidArgument'],
  ])('when a lock is asked for %s, then it is refused', async (_, more, refusal) => {
    const lock = {
      Body: 'x',
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date('2031-01-01'),
      ...more,
    };
    expect(await outcomeOf(client.send(new PutObjectCommand(roots('odd', lock))))).toBe(refusal);
  });
});

describe('notices', () => {
  test('when an object comes that a rule waits for, then its function is told once, with key and version', async () => {
    const { VersionId } = await put('quarantine/doc_1', 'bytes');
    await put('kept/doc_1', 'bytes');
    await s3.settled();
    expect(s3.told).toHaveLength(1);
    expect(s3.told[0]).toMatchObject({
      functionArn: 'arn:verify',
      event: {
        'detail-type': 'Object Created',
        time: '2030-01-01T12:00:00Z',
        detail: {
          bucket: { name: 'documents' },
          object: { key: 'quarantine/doc_1', 'version-id': VersionId, size: 5 },
        },
      },
    });
  });

  test('when the function fails at every try, then the notice ends in the dead letters', async () => {
    const failing = await startTestS3({ work: () => Promise.reject(new Error('It fails.')) });
    await failing.client().send(new PutObjectCommand(documents('quarantine/doc_2', { Body: 'x' })));
    await failing.settled();
    expect(failing.told).toHaveLength(3);
    expect(failing.deadLetters).toMatchObject([{ rule: 'Uploads', reason: 'It fails.' }]);
    await failing.close();
  });
});

test('when S3 is started again with the same folder, then objects, versions and untold notices are there', async () => {
  const { folder, remove } = await keptFolder();
  const before = await startTestS3({ folder, work: () => new Promise(() => undefined) });
  const sent = new PutObjectCommand(documents('quarantine/doc_3', { Body: 'kept' }));
  const { VersionId } = await before.client().send(sent);
  await before.close();
  const after = await startTestS3({ folder });
  const { Body } = await after.client().send(new GetObjectCommand(documents('quarantine/doc_3', { VersionId })));
  expect(await Body?.transformToString()).toBe('kept');
  after.resume();
  await after.settled();
  expect(after.told).toMatchObject([{ event: { detail: { object: { 'version-id': VersionId } } } }]);
  await after.close();
  await remove();
});
