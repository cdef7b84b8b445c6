import { type Answer, operation } from '#functions/http/door.ts';
import { partnerFor } from '#functions/http/partner-for.ts';
import { derivedId } from '#shared/core/ids.ts';
import * as contracts from '#shared/documents/document-contract.ts';
import { quarantineKey } from '#shared/documents/document-place.ts';
import { insertDocument } from '#shared/documents/document-store.ts';
import { expectDocument } from '#shared/documents/document-upload.ts';
import { uploadForm } from '#shared/platform/file-links.ts';

/**
 * POST /v1/documents. The id is made from caller and key, so a repeat meets its own first try; its form is signed anew, since the
 * first one may not hold any more.
 */
export const createDocument = operation(contracts.createDocument, async (request): Promise<Answer> => {
  const { partnerId: onBehalfOf, ...announcement } = request.body;
  const { caller, intent, now } = request;
  const partnerId = partnerFor(caller, onBehalfOf);
  const document = expectDocument(announcement, { id: derivedId('doc', intent.writeId), partnerId, now });
  const { entity, replayed } = await insertDocument(document, intent);
  const { id, contentType, sizeBytes, sha256 } = entity;
  const expiresInSeconds = contracts.uploadSeconds;
  const form = await uploadForm({ key: quarantineKey(id), contentType, sizeBytes, sha256 }, expiresInSeconds);
  return { status: 201, body: { documentId: id, upload: { ...form, expiresInSeconds } }, replayed };
});
