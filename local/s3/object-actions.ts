import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { BucketDescription } from '#local/template/system.ts';
import { checkedSums, mustBePayload } from './checksums.ts';
import { lockOf, mustNotBeLocked } from './object-lock.ts';
import type { ObjectStore, ObjectVersion } from './object-store.ts';
import { S3Error } from './s3-error.ts';
import { xml } from './xml.ts';

/** What an action answers; a body that is text is XML. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A request that may pass, about one object. */
export interface ObjectRequest {
  readonly bucket: BucketDescription;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  readonly store: ObjectStore;
  readonly bucketNamed: (name: string) => BucketDescription;
  /** The system's time. */
  readonly now: string;
  /** Tells EventBridge of a new version. */
  readonly created: (version: ObjectVersion, reason: string) => void;
}

export type ObjectAction = (request: ObjectRequest) => S3Answer;

/** Each name once, as S3's clients send them; Node joins what was sent twice. */
export const plainHeaders = (headers: IncomingHttpHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]));

const keptHeader = /^(content-(type|disposition|encoding|language)|cache-control|expires|x-amz-meta-.+)$/;

/** Keeps new bytes under a key, after all that was said of them was found right. */
export const keepObject = (
  request: Omit<ObjectRequest, 'query' | 'headers' | 'bucketNamed'>,
  given: Readonly<Record<string, string>>,
  reason: string,
): ObjectVersion => {
  const { bucket, key, body, store, now } = request;
  if (Buffer.byteLength(key) > 1024) throw new S3Error(400, 'KeyTooLongError', 'Your key is too long');
  const version = store.put(
    {
      bucket: bucket.name,
      key,
      at: now,
      etag: `"${createHash('md5').update(body).digest('hex')}"`,
      headers: {
        'content-type': 'binary/octet-stream',
        ...Object.fromEntries(Object.entries(given).filter(([name]) => keptHeader.test(name))),
        ...checkedSums(given, body),
      },
      ...lockOf(bucket, given, now),
    },
    body,
  );
  request.created(version, reason);
  return version;
};

const versionHeaders = (bucket: BucketDescription, { versionId }: ObjectVersion) =>
  bucket.isVersioned ? { 'x-amz-version-id': versionId } : {};

const sumsOf = ({ headers }: ObjectVersion): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-checksum-')));

/** What an upload answers, by PUT or by form. */
export const uploadHeaders = (bucket: BucketDescription, version: ObjectVersion) => ({
  etag: version.etag,
  ...versionHeaders(bucket, version),
  ...sumsOf(version),
});

const putObject: ObjectAction = (request) => {
  const given = plainHeaders(request.headers);
  mustBePayload(given['x-amz-content-sha256'], request.body);
  const version = keepObject(request, given, 'PutObject');
  return { status: 200, headers: uploadHeaders(request.bucket, version) };
};

const findVersion = (request: Pick<ObjectRequest, 'store' | 'query' | 'key' | 'bucket'>): ObjectVersion => {
  const { store, bucket, key, query } = request;
  const versionId = query.get('versionId');
  const version = versionId === undefined ? store.latest(bucket.name, key) : store.version(bucket.name, key, versionId);
  if (versionId !== undefined && !version) {
    throw new S3Error(404, 'NoSuchVersion', 'The specified version does not exist.');
  }
  if (!version || version.isDeleteMarker) {
    throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');
  }
  return version;
};

const getObject: ObjectAction = (request) => {
  const version = findVersion(request);
  const instead = [...request.query].flatMap(([name, value]) =>
    name.startsWith('response-') ? [[name.slice('response-'.length), value] as const] : [],
  );
  const withoutSums = Object.entries(version.headers).filter(([name]) => !name.startsWith('x-amz-checksum-'));
  return {
    status: 200,
    headers: {
      ...Object.fromEntries(withoutSums),
      ...(request.headers['x-amz-checksum-mode'] === 'ENABLED' ? sumsOf(version) : {}),
      ...Object.fromEntries(instead),
      'content-length': String(version.sizeBytes),
      'last-modified': new Date(version.at).toUTCString(),
      etag: version.etag,
      ...versionHeaders(request.bucket, version),
      ...(version.lockedUntil && {
        'x-amz-object-lock-mode': version.lockMode ?? '',
        'x-amz-object-lock-retain-until-date': version.lockedUntil,
      }),
    },
    body: request.store.bytes(version),
  };
};

const copyObject: ObjectAction = (request) => {
  const source = decodeURIComponent(String(request.headers['x-amz-copy-source'])).replace(/^\//, '');
  const [place = '', versionId] = source.split('?versionId=');
  const [bucketName = '', ...key] = place.split('/');
  const query = new Map(versionId === undefined ? [] : [['versionId', versionId]]);
  const bucket = request.bucketNamed(bucketName);
  const from = findVersion({ store: request.store, query, key: key.join('/'), bucket });
  const given = { ...plainHeaders(request.headers), ...from.headers };
  const version = keepObject({ ...request, body: request.store.bytes(from) }, given, 'CopyObject');
  const sha256 = version.headers['x-amz-checksum-sha256'];
  const told = { LastModified: version.at, ETag: version.etag, ...(sha256 && { ChecksumSHA256: sha256 }) };
  return {
    status: 200,
    headers: { ...versionHeaders(request.bucket, version), 'x-amz-copy-source-version-id': from.versionId },
    body: xml('CopyObjectResult', told),
  };
};

const deleteObject: ObjectAction = (request) => {
  const { store, bucket, key, query, now } = request;
  const versionId = query.get('versionId');
  const named = versionId === undefined ? undefined : store.version(bucket.name, key, versionId);
  if (named) mustNotBeLocked(named, now);
  if (named || !bucket.isVersioned) {
    const gone = named ?? store.latest(bucket.name, key);
    if (gone) store.takeAway(gone);
    return { status: 204 };
  }
  if (versionId !== undefined) return { status: 204 };
  const marker = { bucket: bucket.name, key, at: now, etag: '', headers: {}, isDeleteMarker: true };
  const version = store.put(marker, new Uint8Array());
  store.told(version);
  return { status: 204, headers: { 'x-amz-delete-marker': 'true', ...versionHeaders(bucket, version) } };
};

/** What can be done with an object, by method; a PUT that names a source is a copy. */
export const objectActions: Readonly<Record<string, ObjectAction>> = {
  PUT: (request) => (request.headers['x-amz-copy-source'] === undefined ? putObject(request) : copyObject(request)),
  GET: getObject,
  HEAD: (request) => ({ ...getObject(request), body: '' }),
  DELETE: deleteObject,
};
