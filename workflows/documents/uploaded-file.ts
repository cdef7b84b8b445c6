import { CopyObjectCommand, GetObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { setting } from '#shared/platform/config.ts';

const s3 = new S3Client({});

/** A file that came in. */
export interface UploadedFile {
  readonly key: string;
  /** Absent: whichever is there now. */
  readonly versionId?: string;
}

/** Its length, and its bytes when they are asked for. */
export interface OpenFile {
  readonly versionId: string;
  readonly sizeBytes: number;
  readonly read: () => Promise<Uint8Array>;
  /** Lets go of the bytes that nobody asked for. */
  readonly close: () => void;
}

/** Undefined when it is not there any more: what is in quarantine goes by itself after a day. */
export const openFile = async ({ key, versionId }: UploadedFile): Promise<OpenFile | undefined> => {
  const Bucket = setting('DOCUMENTS_BUCKET');
  try {
    const asked = new GetObjectCommand({ Bucket, Key: key, ...(versionId ? { VersionId: versionId } : {}) });
    const { Body, ContentLength = 0, VersionId: found = versionId } = await s3.send(asked);
    if (!Body || found === undefined) throw new Error(`S3 answered ${key} without a body or a version.`);
    return {
      versionId: found,
      sizeBytes: ContentLength,
      read: () => Body.transformToByteArray(),
      // In Node the body is a readable stream of Node's own.
      close: () => (Body as unknown as { destroy: () => void }).destroy(),
    };
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
    throw error;
  }
};

/** Copies this very version to where only we write, and answers the version it has there. */
export const keepFile = async ({ key, versionId }: Required<UploadedFile>, keptKey: string): Promise<string> => {
  const Bucket = setting('DOCUMENTS_BUCKET');
  const { VersionId } = await s3.send(
    new CopyObjectCommand({
      Bucket,
      Key: keptKey,
      CopySource: `${Bucket}/${key}?versionId=${versionId}`,
      ChecksumAlgorithm: 'SHA256',
    }),
  );
  if (VersionId === undefined) throw new Error('The bucket of documents keeps no versions.');
  return VersionId;
};
