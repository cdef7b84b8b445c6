import { S3ServiceException } from '@aws-sdk/client-s3';
import type { Body } from './bad-line.ts';

/** The two buckets, as much of S3 as our workers use: every key keeps all its versions, and nothing is ever taken away. */
export interface FilesOfAHistory {
  /** Somebody uploads; answers the version. */
  readonly put: (key: string, bytes: Uint8Array) => string;
  readonly answer: (operation: string, body: Body) => Body;
  /** Every version of every key, the oldest first. */
  readonly all: () => ReadonlyMap<string, readonly Uint8Array[]>;
}

const gone = (key: string): Error =>
  new S3ServiceException({
    name: 'NoSuchKey',
    $fault: 'client',
    message: `There is no ${key}.`,
    $metadata: { httpStatusCode: 404 },
  });

export const createFiles = (): FilesOfAHistory => {
  const files = new Map<string, Uint8Array[]>();
  const put = (key: string, bytes: Uint8Array): string => {
    const versions = files.get(key) ?? [];
    files.set(key, versions);
    versions.push(bytes);
    return `v${versions.length}`;
  };
  const get = (key: string, versionId = `v${files.get(key)?.length ?? 0}`) => {
    const bytes = files.get(key)?.[Number(versionId.slice(1)) - 1];
    if (!bytes) throw gone(key);
    return { bytes, versionId };
  };
  const copy = (key: string, source: string): string => {
    const [, from = '', versionId] = /^[^/]+\/(.+)\?versionId=(.+)$/.exec(source) ?? [];
    return put(key, get(from, versionId).bytes);
  };
  return {
    put,
    all: () => files,
    answer: (operation, body) => {
      const key = String(body.Key);
      if (operation === 'PutObject') return { VersionId: put(key, Buffer.from(String(body.Body))) };
      if (operation === 'CopyObject') return { VersionId: copy(key, String(body.CopySource)) };
      const { bytes, versionId } = get(key, body.VersionId as string | undefined);
      const Body = { transformToByteArray: async () => bytes, destroy: () => {} };
      return { Body, ContentLength: bytes.length, VersionId: versionId };
    },
  };
};
