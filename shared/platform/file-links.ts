import { SignatureV4 } from '@smithy/signature-v4';
import { setting } from './config.ts';
import { documents } from './table.ts';

/**
 * Forms and links by which callers send and fetch files themselves, signed with this function's own rights (AWS Signature Version 4).
 * The SDK's presigners bring the whole client of S3, which would make the door half as large again; the signer alone is in every
 * bundle already. Signatures live in machine time, which the signer takes: how long they hold is no rule of ours.
 */
export interface UploadForm {
  readonly url: string;
  /** What to send as multipart/form-data, before the field `file`. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Exactly one file: where it goes, and what its bytes must be. */
export interface ExpectedFile {
  readonly key: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** One version of a file, as it is handed out. */
export interface StoredFile {
  readonly key: string;
  readonly versionId: string;
  readonly fileName: string;
  readonly contentType: string;
}

const unsigned = 'UNSIGNED-PAYLOAD';

const signerFor = async () => {
  const { credentials, sha256 } = documents.config;
  const region = await documents.config.region();
  return new SignatureV4({ service: 's3', region, credentials, sha256, uriEscapePath: false, applyChecksum: false });
};

/** Where the bucket answers: at its own host, or below the endpoint that the SDK's own setting names. */
const bucketUrl = async (): Promise<URL> => {
  const bucket = setting('DOCUMENTS_BUCKET');
  const endpoint = process.env.AWS_ENDPOINT_URL_S3;
  if (endpoint) return new URL(`${endpoint}/${bucket}`);
  return new URL(`https://${bucket}.s3.${await documents.config.region()}.amazonaws.com`);
};

const presign = async (method: 'GET' | 'POST', url: URL, expiresInSeconds: number) => {
  const { query = {}, ...signed } = await (await signerFor()).presign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: { host: url.host, 'x-amz-content-sha256': unsigned },
      query: Object.fromEntries(url.searchParams),
    },
    { expiresIn: expiresInSeconds },
  );
  return { ...signed, query };
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const compactInstant = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/**
 * A form that S3 takes once or many times for so long, and for these bytes only: key, type, size and SHA-256 are conditions of its
 * policy. The signer's date, scope and session are taken from a request that it presigns.
 */
export const uploadForm = async (file: ExpectedFile, expiresInSeconds: number): Promise<UploadForm> => {
  const url = await bucketUrl();
  const { query } = await presign('POST', url, expiresInSeconds);
  const signedAt = String(query['X-Amz-Date']);
  const token = query['X-Amz-Security-Token'];
  const signingDate = new Date(signedAt.replace(compactInstant, '$1-$2-$3T$4:$5:$6Z'));
  const fields = {
    bucket: setting('DOCUMENTS_BUCKET'),
    key: file.key,
    'Content-Type': file.contentType,
    'x-amz-checksum-algorithm': 'SHA256',
    'x-amz-checksum-sha256': Buffer.from(file.sha256, 'hex').toString('base64'),
    'X-Amz-Algorithm': String(query['X-Amz-Algorithm']),
    'X-Amz-Credential': String(query['X-Amz-Credential']),
    'X-Amz-Date': signedAt,
    ...(token ? { 'X-Amz-Security-Token': String(token) } : {}),
  };
  const expiration = new Date(signingDate.getTime() + expiresInSeconds * 1000).toISOString();
  const exactSize = ['content-length-range', file.sizeBytes, file.sizeBytes];
  const conditions = [exactSize, ...Object.entries(fields).map(([name, value]) => ({ [name]: value }))];
  const Policy = base64(JSON.stringify({ expiration, conditions }));
  const signature = await (await signerFor()).sign(Policy, { signingDate });
  return { url: url.href, fields: { ...fields, Policy, 'X-Amz-Signature': signature } };
};

/** Names in a header are ASCII, or percent-encoded UTF-8 (RFC 6266, RFC 8187). */
const attachment = (fileName: string): string => {
  const encoded = encodeURIComponent(fileName).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_')}"; filename*=UTF-8''${encoded}`;
};

const encodePair = ([name, value]: readonly [string, unknown]): string =>
  `${encodeURIComponent(name)}=${encodeURIComponent(String(value)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )}`;

/** A link to one version of a file, which browsers save and never show. */
export const downloadLink = async (file: StoredFile, expiresInSeconds: number): Promise<string> => {
  const url = await bucketUrl();
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${file.key}`;
  url.searchParams.set('versionId', file.versionId);
  url.searchParams.set('response-content-disposition', attachment(file.fileName));
  url.searchParams.set('response-content-type', file.contentType);
  const { query } = await presign('GET', url, expiresInSeconds);
  return `${url.origin}${url.pathname}?${Object.entries(query).map(encodePair).join('&')}`;
};
