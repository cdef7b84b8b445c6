import { systemIntent } from '#shared/core/history.ts';
import { quarantineKey } from '#shared/documents/document-place.ts';
import { findDocument, saveFinding } from '#shared/documents/document-store.ts';
import { lookAgainAt, reject } from '#shared/documents/document-upload.ts';
import { log } from '#shared/platform/logger.ts';
import { checkUpload } from './check-upload.ts';

const neverCame = 'Nothing was uploaded in time; announce it again.';

/**
 * A document that is still expected an hour after it was announced: what lies in quarantine is checked as if its notice had come; where
 * nothing lies, the document lapses, so that nobody waits for it. A notice that comes later finds it checked.
 */
export const dueDocument = async (documentId: string, now: string): Promise<void> => {
  const document = await findDocument(documentId);
  if (document?.status !== 'expected' || now < lookAgainAt(document)) return;
  const outcome = await checkUpload(document, { key: quarantineKey(documentId) }, now);
  log.info('upload without a notice', { documentId, outcome });
  if (outcome !== 'gone') return;
  await saveFinding(document, reject(document, neverCame, now), systemIntent('lapse-document', documentId, now));
};
