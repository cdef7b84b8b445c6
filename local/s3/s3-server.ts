import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readBody } from '#local/gateway/read-body.ts';
import type { BucketDescription } from '#local/template/system.ts';
import { objectActions, type S3Answer } from './object-actions.ts';
import type { ObjectStore, ObjectVersion } from './object-store.ts';
import { postObject } from './post-object.ts';
import { mustBeSignedRequest, queryOf } from './request-signature.ts';
import { notImplemented, S3Error } from './s3-error.ts';
import type { Signer } from './signing-key.ts';
import { xml } from './xml.ts';

export interface S3ServerOptions {
  readonly buckets: readonly BucketDescription[];
  readonly store: ObjectStore;
  readonly signer: Signer;
  /** The system's time. */
  readonly now: () => string;
  /** Where pages come from that may use the buckets. */
  readonly portal: string;
  readonly created: (bucket: BucketDescription, version: ObjectVersion, reason: string) => void;
}

/** More than any document may have, with its form around it. */
const mostBytes = 64 * 1024 * 1024;

const xmlHeaders = { 'content-type': 'application/xml' };

const errorAnswer = (error: unknown): S3Answer => {
  const known = error instanceof S3Error ? error : new S3Error(500, 'InternalError', 'The laptop’s S3 failed.');
  if (known !== error) console.error('S3: a request failed.', error);
  const body = xml('Error', { Code: known.code, Message: known.message, RequestId: randomUUID() });
  return { status: known.status, headers: xmlHeaders, body };
};

/** Browsers ask before they post from another origin, and read an answer only when it says that they may. */
const browserHeaders = (message: IncomingMessage, bucket: BucketDescription | undefined, portal: string) => {
  const method = message.headers['access-control-request-method'] ?? message.method ?? '';
  if (message.headers.origin !== portal || !bucket?.methodsForBrowsers.includes(method)) return undefined;
  return {
    'access-control-allow-origin': portal,
    'access-control-allow-methods': bucket.methodsForBrowsers.join(', '),
    'access-control-allow-headers': message.headers['access-control-request-headers'] ?? '*',
    vary: 'Origin',
  };
};

/** `/bucket/key`, as it was sent: dots and slashes in a key are letters like others. */
const placeOf = (target: string): { readonly bucketName: string; readonly key: string } => {
  const [path = '/'] = target.split('?');
  const [, bucketName = '', ...key] = path.split('/');
  try {
    return { bucketName: decodeURIComponent(bucketName), key: decodeURIComponent(key.join('/')) };
  } catch {
    throw new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
};

const serve = async (message: IncomingMessage, options: S3ServerOptions): Promise<S3Answer> => {
  const { store, signer } = options;
  const bucketNamed = (name: string): BucketDescription => {
    const found = options.buckets.find((each) => each.name === name);
    if (!found) throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
    return found;
  };
  const method = message.method ?? 'GET';
  const target = message.url ?? '/';
  const { bucketName, key } = placeOf(target);
  // Read to its end before anything is answered, or the client would meet a closed connection.
  const body = await readBody(message, mostBytes);
  const bucket = bucketNamed(bucketName);
  if (!body) throw new S3Error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
  const created = (version: ObjectVersion, reason: string) => options.created(bucket, version, reason);
  const now = options.now();
  const nowMs = Date.now();
  if (method === 'POST' && key === '') {
    const post = { bucket, contentType: message.headers['content-type'] ?? '', body: new Uint8Array(body) };
    return postObject(post, { store, now, created }, { signer, nowMs });
  }
  mustBeSignedRequest({ method, target, headers: message.headers }, signer, nowMs);
  const action = key === '' ? undefined : objectActions[method];
  if (!action) throw notImplemented(`${method} ${key === '' ? 'of a bucket' : 'of an object'}`);
  const query = new Map(queryOf(target));
  return action({ bucket, key, query, headers: message.headers, body, store, bucketNamed, now, created });
};

const bucketIn = (message: IncomingMessage, { buckets }: S3ServerOptions) =>
  buckets.find(({ name }) => name === message.url?.split(/[/?]/)[1]);

/** S3, as far as the system uses it: one path for each bucket, signatures, forms, versions and locks as AWS checks them. */
export const createS3Server = (options: S3ServerOptions): Server =>
  createServer(async (message: IncomingMessage, response: ServerResponse) => {
    const forBrowsers = browserHeaders(message, bucketIn(message, options), options.portal);
    const send = ({ status, headers, body = '' }: S3Answer): void => {
      const xmlOnly = typeof body === 'string' && body !== '' ? xmlHeaders : {};
      response.writeHead(status, { 'x-amz-request-id': randomUUID(), ...xmlOnly, ...forBrowsers, ...headers });
      response.end(message.method === 'HEAD' ? undefined : body);
    };
    if (message.method === 'OPTIONS') {
      if (forBrowsers) send({ status: 200 });
      else send(errorAnswer(new S3Error(403, 'AccessForbidden', 'CORSResponse: This CORS request is not allowed.')));
      return;
    }
    await serve(message, options).then(send, (error: unknown) => send(errorAnswer(error)));
  });
