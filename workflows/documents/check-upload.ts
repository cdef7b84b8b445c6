import { createHash } from 'node:crypto';
import { isCode } from '#shared/core/errors.ts';
import { systemIntent } from '#shared/core/history.ts';
import type { Document } from '#shared/documents/document.ts';
import { keptKey } from '#shared/documents/document-place.ts';
import { saveFinding } from '#shared/documents/document-store.ts';
import { type Found, faultOf, reject, verify } from '#shared/documents/document-upload.ts';
import { sniff } from './sniff.ts';
import { keepFile, type OpenFile, openFile, type UploadedFile } from './uploaded-file.ts';

/**
 * `checked before`: somebody else was faster, and what was found then stays. `gone`: nothing is there, so the document stays as it
 * is.
 */
export type Checked = 'verified' | 'rejected' | 'checked before' | 'gone';

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

/** Holds what came in against what was announced, once: whoever looks first decides. */
export const checkUpload = async (document: Document, upload: UploadedFile, now: string): Promise<Checked> => {
  const file = await openFile(upload);
  if (!file) return 'gone';
  const { key } = upload;
  const { versionId } = file;
  const fault = faultOf(document, await look(document, file));
  const after =
    fault === undefined
      ? verify(document, await keepFile({ key, versionId }, keptKey(document.id)), now)
      : reject(document, fault, now);
  try {
    const about = `${document.id} ${versionId}`;
    const { replayed } = await saveFinding(document, after, systemIntent('verify-document', about, now));
    return replayed ? 'checked before' : fault === undefined ? 'verified' : 'rejected';
  } catch (error) {
    // The same notification at the same time, or another version's, was faster.
    if (isCode(error, 'version.stale')) return 'checked before';
    throw error;
  }
};
