import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filledIn } from '#test/documents/files.ts';
import { type StartedS3, startTestS3 } from './a-bucket.ts';

let s3: StartedS3;
beforeAll(async () => {
  s3 = await startTestS3();
});
afterAll(() => s3.close());

const codeIn = async (response: Response): Promise<string> => {
  const text = await response.text();
  return `${response.status} ${/<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? ''}`.trim();
};

const bytes = new TextEncoder().encode('five!');
const Bucket = 'documents';

describe('requests that are signed in their header', () => {
  const put = (Key: string) => new PutObjectCommand({ Bucket, Key, Body: 'x' });
  const outcomeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: Error) => error.name,
    );

  test.each([
    ['by somebody else’s key', { accessKeyId: 'other', secretAccessKey: 'local' }, 'InvalidAccessKeyId'],
    ['with a wrong secret', { accessKeyId: 'local', secretAccessKey: 'guessed' }, 'SignatureDoesNotMatch'],
  ])('when it is signed %s, then it is refused', async (_, credentials, refusal) => {
    expect(await outcomeOf(s3.client({ credentials }).send(put('a')))).toBe(refusal);
  });

  test('when it is signed for another region, or by a clock that is off, then it is refused', async () => {
    expect(await outcomeOf(s3.client({ region: 'us-east-1' }).send(put('a')))).toBe('AuthorizationHeaderMalformed');
    const late = s3.client({ systemClockOffset: -16 * 60_000, maxAttempts: 1 });
    expect(await outcomeOf(late.send(put('a')))).toBe('RequestTimeTooSkewed');
  });

  type Sent = { path: string; headers: Record<string, string>; body: unknown; query: Record<string, string> };
  const withHeader = (name: string, value: string) => (request: Sent) => ({
    ...request,
    headers: { ...request.headers, [name]: value },
  });
  const tampered = (tamper: (request: Sent) => Sent) => {
    const client = s3.client({ maxAttempts: 1 });
    client.middlewareStack.add(
      (next) => (given) => {
        // What the serializer makes for HTTP.
        Object.assign(given.request as Sent, tamper(given.request as Sent));
        return next(given);
      },
      // Behind the signature.
      { step: 'finalizeRequest', priority: 'low', name: 'tamper' },
    );
    return client.send(put('tampered'));
  };

  test.each<readonly [string, (request: Sent) => Sent, string]>([
    [
      'the key',
      (request) => ({ ...request, path: request.path.replace('tampered', 'another') }),
      'SignatureDoesNotMatch',
    ],
    ['the query', (request) => ({ ...request, query: { ...request.query, acl: '' } }), 'SignatureDoesNotMatch'],
    ['the body', (request) => ({ ...request, body: 'y' }), 'XAmzContentSHA256Mismatch'],
    ['a signed header', withHeader('content-type', 'text/html'), 'SignatureDoesNotMatch'],
    ['a header beside', withHeader('x-amz-acl', 'public-read'), 'AccessDenied'],
    ['nothing', (request) => request, 'done'],
  ])('when somebody on the way changes %s', async (_, tamper, outcome) => {
    expect(await outcomeOf(tampered(tamper))).toBe(outcome);
  });

  test('when it is not signed at all, then it is refused', async () => {
    expect(await codeIn(await fetch(`${s3.endpoint}/documents/a`))).toBe('403 AccessDenied');
    expect(await codeIn(await fetch(`${s3.endpoint}/documents/a`, { method: 'PUT', body: 'x' }))).toBe(
      '403 AccessDenied',
    );
  });
});

describe('links that are signed in their query', () => {
  let link: string;
  beforeAll(async () => {
    const client = s3.client();
    await client.send(new PutObjectCommand({ Bucket, Key: 'linked', Body: 'five!' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'other', Body: 'five!' }));
    link = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'linked' }), { expiresIn: 60 });
  });

  test('when it is as it was signed, then it opens, as often as one likes', async () => {
    for (const _ of [1, 2]) expect(await (await fetch(link)).text()).toBe('five!');
  });

  test.each<readonly [string, (link: string) => string]>([
    ['another key', (it) => it.replace('linked', 'other')],
    ['a longer time', (it) => it.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000')],
    ['a later date', (it) => it.replace(/X-Amz-Date=(\d{8})T\d{6}/, 'X-Amz-Date=$1T235959')],
    ['another type', (it) => `${it}&response-content-type=text%2Fhtml`],
    ['another signature', (it) => it.replace(/X-Amz-Signature=\w{4}/, 'X-Amz-Signature=0000')],
    ['half a signature', (it) => it.replace(/X-Amz-Signature=\w{32}/, 'X-Amz-Signature=')],
  ])('when it is changed to %s, then it opens nothing', async (_, change) => {
    expect(await codeIn(await fetch(change(link)))).toMatch(/^403/);
  });

  test('when it is used for something else, then it does nothing', async () => {
    expect(await codeIn(await fetch(link, { method: 'PUT', body: 'x' }))).toBe('403 SignatureDoesNotMatch');
    expect(await codeIn(await fetch(link, { method: 'DELETE' }))).toBe('403 SignatureDoesNotMatch');
  });

  test.each([
    ['its time is over', -61_000],
    ['its time has not come', 3_600_000],
  ])('when %s, then it opens nothing', async (_, offsetMs) => {
    const client = s3.client();
    const signingDate = new Date(Date.now() + offsetMs);
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'linked' }), {
      expiresIn: 60,
      signingDate,
    });
    expect(await codeIn(await fetch(url))).toBe('403 AccessDenied');
  });
});

type Fields = Record<string, string>;
const set =
  (name: string, value: string) =>
  (fields: Fields): void => {
    fields[name] = value;
  };
const leaveOut =
  (name: string) =>
  (fields: Fields): void => {
    delete fields[name];
  };

describe('forms', () => {
  const made = async (options: Partial<PresignedPostOptions> = {}) =>
    createPresignedPost(s3.client(), {
      Bucket,
      Key: 'quarantine/posted',
      Fields: { 'Content-Type': 'text/csv', 'x-amz-meta-note': 'as said' },
      Conditions: [['content-length-range', 5, 5]],
      Expires: 60,
      ...options,
    });
  const post = async (url: string, form: FormData): Promise<string> =>
    codeIn(await fetch(url, { method: 'POST', body: form }));
  const posting = async (change: (fields: Fields) => void, file = bytes): Promise<string> => {
    const { url, fields } = await made();
    change(fields);
    return post(url, filledIn(fields, file));
  };

  test('when it is filled in as it was made, then the object comes, as often as it is sent, each a version', async () => {
    const { url, fields } = await made();
    const send = () => fetch(url, { method: 'POST', body: filledIn(fields, bytes) });
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([204, 204]);
    expect(first.headers.get('x-amz-version-id')).not.toBe(second.headers.get('x-amz-version-id'));
    const got = await s3.client().send(new GetObjectCommand({ Bucket, Key: 'quarantine/posted' }));
    expect([got.ContentType, got.Metadata, await got.Body?.transformToString()]).toEqual([
      'text/csv',
      { note: 'as said' },
      'five!',
    ]);
  });

  test.each<readonly [string, (fields: Fields) => void, string]>([
    ['another key', set('key', 'kept/posted'), '403 AccessDenied'],
    ['a key that climbs', set('key', 'quarantine/../kept/posted'), '403 AccessDenied'],
    ['another type', set('Content-Type', 'text/html'), '403 AccessDenied'],
    ['another bucket', set('bucket', 'audit'), '403 AccessDenied'],
    ['a field less', leaveOut('x-amz-meta-note'), '403 AccessDenied'],
    ['a field more', set('acl', 'public-read'), '403 AccessDenied'],
    [
      'another policy',
      set('Policy', btoa('{"expiration":"2099-01-01T00:00:00Z","conditions":[]}')),
      '403 SignatureDoesNotMatch',
    ],
    ['no policy', leaveOut('Policy'), '403 AccessDenied'],
    ['another signature', set('X-Amz-Signature', '0'.repeat(64)), '403 SignatureDoesNotMatch'],
    ['no signature', leaveOut('X-Amz-Signature'), '400 InvalidArgument'],
    [
      'somebody else’s credential',
      set('X-Amz-Credential', 'other/20300101/eu-central-1/s3/aws4_request'),
      '403 InvalidAccessKeyId',
    ],
    ['an ignored field', set('x-ignore-me', 'yes'), '204'],
  ])('when it is sent with %s', async (_, change, outcome) => {
    expect(await posting(change)).toBe(outcome);
  });

  test.each<readonly [string, string, string]>([
    ['larger', 'sixsix', '400 EntityTooLarge'],
    ['smaller', 'four', '400 EntityTooSmall'],
    ['empty', '', '400 EntityTooSmall'],
  ])('when the file is %s than was said, then it is refused', async (_, text, refusal) => {
    expect(await posting(() => undefined, new TextEncoder().encode(text))).toBe(refusal);
  });

  test('when the bytes are not those whose checksum was signed, then they are refused', async () => {
    const Fields = {
      'x-amz-checksum-algorithm': 'SHA256',
      'x-amz-checksum-sha256': createHash('sha256').update('other').digest('base64'),
    };
    const { url, fields } = await made({ Fields });
    expect(await post(url, filledIn(fields, bytes))).toBe('400 BadDigest');
  });

  test('when its time is over, then it is refused', async () => {
    const { url, fields } = await made({ Expires: 0 });
    expect(await post(url, filledIn(fields, bytes))).toBe('403 AccessDenied');
  });

  test('when it is sent to another bucket, then it is refused', async () => {
    const { url, fields } = await made();
    expect(await post(url.replace('/documents', '/audit'), filledIn(fields, bytes))).toBe('403 AccessDenied');
  });

  test('when a field stands in it twice, or no file, or it is no form, then it is refused', async () => {
    const { url, fields } = await made();
    const twice = new FormData();
    twice.append('key', 'kept/posted');
    for (const [name, value] of filledIn(fields, bytes)) twice.append(name, value);
    expect(await post(url, twice)).toBe('400 MalformedPOSTRequest');
    const without = filledIn(fields, bytes);
    without.delete('file');
    expect(await post(url, without)).toBe('400 InvalidArgument');
    expect(await codeIn(await fetch(url, { method: 'POST', body: 'x' }))).toBe('412 PreconditionFailed');
    const torn = { method: 'POST', body: '--x\r\n', headers: { 'content-type': 'multipart/form-data; boundary=x' } };
    expect(await codeIn(await fetch(url, torn))).toBe('400 MalformedPOSTRequest');
  });

  test('when a page of the portal posts it, then the browser may, and a page from elsewhere may not', async () => {
    const ask = async (origin: string, bucket: string) => {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const { status } = await fetch(`${s3.endpoint}/${bucket}`, { method: 'OPTIONS', headers });
      return status;
    };
    expect(await ask('http://localhost:3000', 'documents')).toBe(200);
    expect(await ask('http://localhost:3000', 'audit')).toBe(403);
    expect(await ask('http://elsewhere.example', 'documents')).toBe(403);
  });
});
