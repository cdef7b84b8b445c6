import { documentIdIn } from '#shared/documents/document-place.ts';
import { findDocument } from '#shared/documents/document-store.ts';
import { log } from '#shared/platform/logger.ts';
import { type Checked, checkUpload } from './check-upload.ts';

/** What EventBridge says when a file has come in (S3, `Object Created`), as far as it is looked at. */
export interface ObjectCreated {
  /** In whole seconds. */
  readonly time: string;
  readonly detail: { readonly object: { readonly key: string; readonly 'version-id'?: string } };
}

/** `unknown`: nobody announced it. */
type Outcome = Checked | 'unknown';

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
        ? await checkUpload(document, { key, versionId }, new Date(time).toISOString())
        : 'checked before'
      : 'unknown';
  log.info('upload', { documentId, versionId, outcome });
  return outcome;
};
