import { DomainError, notFound } from '#shared/core/errors.ts';
import { type Intent, record } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import { mustBeAdmitted } from '#shared/partners/partner-gate-store.ts';
import { commitChange, insertNew, replaceAsRead, type Saved } from '#shared/platform/history-store.ts';
import { type Item, type Key, read } from '#shared/platform/table.ts';
import { showContent } from './claim-store.ts';
import { type ClaimedDocument, Document } from './document.ts';
import { lookAgainAt } from './document-upload.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get a document | table | pk = document id, sk = `document` |
 * | documents whose bytes should have come by now | byDue | `due#<shard>`, `<instant>#<document id>` |
 * | all documents, to look at their histories | byStatus | `documents#<shard>`, `<status>#<createdAt>#<document id>` |
 */
export const documentKey = (documentId: string): Key => ({ pk: documentId, sk: 'document' });

const toItem = (document: Document): Item => ({
  ...documentKey(document.id),
  kind: 'document',
  ...document,
  statusKey: `documents#${shardOf(document.id)}`,
  statusSort: `${document.status}#${document.createdAt}#${document.id}`,
  ...(document.status === 'expected'
    ? { dueKey: `due#${shardOf(document.id)}`, dueAt: `${lookAgainAt(document)}#${document.id}` }
    : {}),
});

/** Undefined when there is none. */
export const findDocument = async (documentId: string): Promise<Document | undefined> => {
  const [item] = await read([documentKey(documentId)]);
  return item && Document.parse(item);
};

/**
 * The document that a claim of this partner names, read by its `documentKey` together with other things, as the claim binds it.
 * Throws `not_found` when it is another's or not there, `document.not_verified` when it has not come yet or was rejected.
 */
export const claimableFrom = (item: Item | undefined, partnerId: string): ClaimedDocument => {
  const document = item && Document.parse(item);
  if (document?.partnerId !== partnerId) throw notFound();
  const { id, status, versionId, sha256, reason } = document;
  if (status === 'verified' && versionId !== undefined) return { documentId: id, versionId, sha256 };
  const why = status === 'rejected' ? `was rejected: ${reason}` : 'has not been uploaded and checked yet';
  throw new DomainError('rule', 'document.not_verified', `The document ${id} ${why}.`, {
    facts: { documentId: id, documentStatus: status },
  });
};

const happening = (document: Document, type: string, intent: Intent) => ({
  type,
  intent,
  personalFields: personalDocumentFields,
  partnerId: document.partnerId,
});

/** The name that somebody gave a file may name a person; events do not repeat it. */
const personalDocumentFields: readonly string[] = ['fileName'];

/** Announces a document. Throws `not_found` when there is no such partner, `idempotency.*`. */
export const insertDocument = async (document: Document, intent: Intent): Promise<Saved<Document>> => {
  const { entity, event } = record(undefined, document, happening(document, 'document.expected', intent));
  const writes = [mustBeAdmitted(document.partnerId), insertNew(toItem(entity))];
  return commitChange(undefined, { entity, event, writes });
};

/** Writes what was found in the bytes; a verified content can be claimed from then on. Throws `version.stale` when somebody was faster. */
export const saveFinding = (before: Document, after: Document, intent: Intent): Promise<Saved<Document>> => {
  const { entity, event } = record(before, after, happening(before, `document.${after.status}`, intent));
  const writes = [
    replaceAsRead(before, toItem(entity)),
    ...(entity.status === 'verified' ? [showContent(entity)] : []),
  ];
  return commitChange(before, { entity, event, writes });
};
