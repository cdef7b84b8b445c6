import { createHash } from 'node:crypto';
import { DomainError } from '#shared/core/errors.ts';
import { systemIntent } from '#shared/core/history.ts';
import type { Document } from '#shared/documents/document.ts';
import { documentIdIn, keptKey } from '#shared/documents/document-place.ts';
import { findDocument, saveFinding } from '#shared/documents/document-store.ts';
import { type Found, faultOf, reject, verify } from '#shared/documents/document-upload.ts';
import { log } from '#shared/platform/logger.ts';
import { sniff } from './sniff.ts';
import { keepFile, type OpenFile, openFile, type UploadedFile } from './uploaded-file.ts';

/** What EventBridge says when a file has come in (S3, `Object Created`), as far as it is looked at. */
export interface ObjectCreated {
  /** In whole seconds. */
  readonly time: string;
  readonly detail: { readonly object: { readonly key: string; readonly 'version-id'?: string } };
}

/**
 * `unknown`: nobody announced it. `checked before`: it came twice, or later than another version, and what was found then stays.
 * `gone`: it was taken away before it was looked at, so the document stays expected.
 */
type Outcome = 'verified' | 'rejected' | 'unknown' | 'checked before' | 'gone';

/** Reads the bytes only when there are as many as were announced: no more than a document may have ever come into memory. */
const look = async (announced: Document, file: OpenFile): Promise<Found> => {
  const { sizeBytes } = file;
  if (sizeBytes !== announced.sizeBytes) {
    file.close();
    return { sizeBytes };
  }
  const bytes = await file.read();
  return { sizeBytes, sha256: createHash('sha256').update(bytes).digest('hex'), type: await sniff(bytes) };
};

const check = async (document: Document, upload: UploadedFile, now: string): Promise<Outcome> => {
  const file = await openFile(upload);
  if (!file) return 'gone';
  const fault = faultOf(document, await look(document, file));
  const after =
    fault === undefined
      ? verify(document, await keepFile(upload, keptKey(document.id)), now)
      : reject(document, fault, now);
  try {
    const about = `${document.id} ${upload.versionId}`;
    const { replayed } = await saveFinding(document, after, systemIntent('verify-document', about, now));
    return replayed ? 'checked before' : fault === undefined ? 'verified' : 'rejected';
  } catch (error) {
    // The same notification at the same time, or another version's, was faster.
    if (error instanceof DomainError && error.code === 'version.stale') return 'checked before';
    throw error;
  }
};

/**
 * Looks at what was uploaded: size, hash and what the bytes say they are must be as announced. A verified document is bound to the
 * version that was read, copied to where only this worker writes; an upload that comes later is another version and changes nothing.
 */
export const handler = async ({ time, detail }: ObjectCreated): Promise<Outcome> => {
  const { key, 'version-id': versionId } = detail.object;
  const documentId = documentIdIn(key);
  const document = documentId && versionId ? await findDocument(documentId) : undefined;
  const outcome =
    document && versionId
      ? document.status === 'expected'
        ? await check(document, { key, versionId }, new Date(time).toISOString())
        : 'checked before'
      : 'unknown';
  log.info('upload', { documentId, versionId, outcome });
  return outcome;
};
