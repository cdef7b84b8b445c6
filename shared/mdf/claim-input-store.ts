import { DomainError, type FieldError } from '#shared/core/errors.ts';
import type { ClaimedDocument } from '#shared/documents/document.ts';
import { claimableFrom, documentKey } from '#shared/documents/document-store.ts';
import { gateKey } from '#shared/partners/partner-gate-store.ts';
import { type Item, type Key, read } from '#shared/platform/table.ts';
import type { ClaimContent } from './claim.ts';
import { documentPointers } from './claim-faults.ts';
import { claimFrom, claimKey } from './claim-store.ts';
import { requestKey } from './request-deal-store.ts';
import { requestFrom } from './request-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | a fund request, or a claim, with the documents that a claim names and its partner's gate | table | the keys of all, in one request |
 */
const refusalOf = (item: Item | undefined, partnerId: string): DomainError | undefined => {
  try {
    claimableFrom(item, partnerId);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
};

/** The documents as the claim binds them. Throws the first one's `not_found` or `document.not_verified`, naming every faulty one. */
const claimable = (
  content: ClaimContent,
  items: readonly (Item | undefined)[],
  partnerId: string,
): readonly ClaimedDocument[] => {
  const pointers = documentPointers(content);
  const refusals = items.map((item) => refusalOf(item, partnerId));
  const first = refusals.find((refusal) => refusal !== undefined);
  if (!first) return items.map((item) => claimableFrom(item, partnerId));
  const errors = refusals.flatMap((refusal, index): readonly FieldError[] => {
    const [pointer = ''] = pointers[index] ?? [];
    const words = refusal?.code === 'not_found' ? 'must be a document of this partner' : refusal?.message;
    return refusal ? [{ pointer, code: refusal.code, detail: words ?? '' }] : [];
  });
  throw new DomainError(first.kind, first.code, first.message, { facts: first.details.facts ?? {}, errors });
};

const mustBeActive = (gate: Item | undefined): void => {
  if (gate?.status === 'active') return;
  throw new DomainError('conflict', 'partner.not_active', 'Only an active partner may claim.', {
    facts: gate ? { status: gate.status } : {},
  });
};

/** What a claim is made from, read in one request; `gateOf` is whose gate is read with it, when it is known beforehand. */
const readWith = async (key: Key, content: ClaimContent, gateOf: string | undefined) => {
  // What stands in it twice is told as that; a read may name each thing once.
  const documentIds = [...new Set(documentPointers(content).map(([, id]) => id))];
  const [thing, gate, ...items] = await read([key, gateKey(gateOf ?? 'nobody'), ...documentIds.map(documentKey)]);
  const documents = documentPointers(content).map(([, id]) => items[documentIds.indexOf(id)]);
  return {
    thing,
    /** Once it is known whose claim it is. Throws `partner.not_active`, `not_found`, `document.not_verified`. */
    documentsOf: async (partnerId: string): Promise<readonly ClaimedDocument[]> => {
      mustBeActive(gateOf === partnerId ? gate : (await read([gateKey(partnerId)]))[0]);
      return claimable(content, documents, partnerId);
    },
  };
};

export const readForClaim = async (requestId: string, content: ClaimContent, gateOf: string | undefined) => {
  const { thing, documentsOf } = await readWith(requestKey(requestId), content, gateOf);
  return { funded: requestFrom(thing), documentsOf };
};

export const readForResubmission = async (claimId: string, content: ClaimContent, gateOf: string | undefined) => {
  const { thing, documentsOf } = await readWith(claimKey(claimId), content, gateOf);
  return { claim: claimFrom(thing), documentsOf };
};
