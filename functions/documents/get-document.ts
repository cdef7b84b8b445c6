import { operation } from '#functions/http/door.ts';
import { reaches } from '#shared/core/access.ts';
import { notFound } from '#shared/core/errors.ts';
import type { Document } from '#shared/documents/document.ts';
import * as contracts from '#shared/documents/document-contract.ts';
import { viewDocument } from '#shared/documents/document-contract.ts';
import { keptKey } from '#shared/documents/document-place.ts';
import { findDocument } from '#shared/documents/document-store.ts';
import { downloadLink } from '#shared/platform/file-links.ts';

/** A link leads to the one version that was verified, whatever was uploaded since. */
const linkTo = async ({ id, status, versionId, ...file }: Document): Promise<string | undefined> =>
  status === 'verified' && versionId !== undefined
    ? downloadLink({ ...file, key: keptKey(id), versionId }, contracts.downloadSeconds)
    : undefined;

/** GET /v1/documents/{documentId} */
export const getDocument = operation(contracts.getDocument, async ({ caller, params }) => {
  const document = await findDocument(params.documentId);
  if (!document || !reaches('get-document', caller, document.partnerId)) throw notFound();
  return { status: 200, body: viewDocument(document, await linkTo(document)), version: document.version };
});
