import { DomainError, notFound } from '#shared/core/errors.ts';
import { fingerprint } from '#shared/core/ids.ts';
import { absent, all, any, type Condition, is, present } from '#shared/platform/condition.ts';
import type { Key, Write } from '#shared/platform/table.ts';
import type { ClaimedDocument, Document } from './document.ts';
import { type Invoice, invoiceIdentity } from './invoice.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | which claim holds a content, and which partners have shown it | table | pk = `content#<sha256>`, sk = `content` |
 * | which claim holds an invoice | table | pk = `invoice#<fingerprint of supplier and number>`, sk = `invoice` |
 *
 * One item for each content and each invoice, of whichever partner: it can be in one claim at a time. `claimId` names that claim;
 * an attribute `of:<partner id>` names a verified document of the partner with this content. They are written with the claim's own
 * transaction, whose event lists what it holds, and have no history of their own.
 */
const contentKey = (sha256: string): Key => ({ pk: `content#${sha256}`, sk: 'content' });
const invoiceKey = (invoice: Invoice): Key => ({
  pk: `invoice#${fingerprint(...invoiceIdentity(invoice))}`,
  sk: 'invoice',
});
const shownBy = (partnerId: string): string => `of:${partnerId}`;

/** A claim that is returned and sent again keeps what it holds. */
const free = (claimId: string): Condition => any(absent('claimId'), is('claimId', '=', claimId));

/** Makes a content claimable by the partner whose document was verified; part of that transaction. */
export const showContent = ({ sha256, partnerId, id }: Document): Write => ({
  write: 'change',
  key: contentKey(sha256),
  change: { set: { kind: 'content', [shownBy(partnerId)]: id } },
  when: any(absent('kind'), is('kind', '=', 'content')),
  refuse: () => new Error('Something else stands where a content should.'),
});

const documentClaimed = (): DomainError =>
  new DomainError('conflict', 'mdf.document_already_claimed', 'This document has been claimed already.');

/**
 * Takes a verified document for a claim, as part of the claim's transaction. Refused with `not_found` when the partner never showed
 * this content, else with `mdf.document_already_claimed`, whoever's claim holds it. The document is as `claimableFrom` answered it.
 */
export const claimDocument = ({ sha256 }: ClaimedDocument, claimId: string, partnerId: string): Write => ({
  write: 'change',
  key: contentKey(sha256),
  change: { set: { claimId } },
  when: all(present(shownBy(partnerId)), free(claimId)),
  refuse: (image) => (image?.[shownBy(partnerId)] === undefined ? notFound() : documentClaimed()),
});

/** Takes an invoice for a claim, as part of the claim's transaction. Refused with `mdf.invoice_already_claimed`, whoever's claim holds it. */
export const claimInvoice = (invoice: Invoice, claimId: string): Write => ({
  write: 'change',
  key: invoiceKey(invoice),
  change: { set: { kind: 'invoice', claimId } },
  when: free(claimId),
  refuse: () =>
    new DomainError('conflict', 'mdf.invoice_already_claimed', 'This invoice has been claimed already.', {
      facts: { number: invoice.number },
    }),
});

const release = (key: Key, claimId: string): Write => ({
  write: 'change',
  key,
  change: { remove: ['claimId'] },
  when: is('claimId', '=', claimId),
  refuse: () => new Error(`${key.pk} is not held by ${claimId}.`),
});

const once = (writes: readonly (readonly [Key, Write])[]): readonly Write[] => [
  ...new Map(writes.map(([key, write]) => [key.pk, write])).values(),
];

/** What a claim holds. */
export interface Holdings {
  readonly documents: readonly ClaimedDocument[];
  readonly invoices: readonly Invoice[];
}

/** Takes everything that a claim is to hold; what stands in it twice is one write, since a transaction may name an item only once. */
export const claimAll = ({ documents, invoices }: Holdings, claimId: string, partnerId: string): readonly Write[] =>
  once([
    ...documents.map((document) => [contentKey(document.sha256), claimDocument(document, claimId, partnerId)] as const),
    ...invoices.map((invoice) => [invoiceKey(invoice), claimInvoice(invoice, claimId)] as const),
  ]);

/**
 * Lets go of what a claim holds, as part of the transaction that rejects it or takes documents out of it: nothing was paid for them,
 * so they may stand in another claim. What was approved, even in part, and what is found false later, is never let go.
 */
export const releaseAll = ({ documents, invoices }: Holdings, claimId: string): readonly Write[] =>
  once([
    ...documents.map(({ sha256 }) => [contentKey(sha256), release(contentKey(sha256), claimId)] as const),
    ...invoices.map((invoice) => [invoiceKey(invoice), release(invoiceKey(invoice), claimId)] as const),
  ]);

/** The difference between what a claim held and what it is to hold, when it is sent again with other documents. */
export const replaceAll = (
  before: Holdings,
  after: Holdings,
  { claimId, partnerId }: { readonly claimId: string; readonly partnerId: string },
): readonly Write[] => {
  const taken = claimAll(after, claimId, partnerId);
  const kept = new Set(taken.map(keyOfWrite));
  return [...taken, ...releaseAll(before, claimId).filter((write) => !kept.has(keyOfWrite(write)))];
};

const keyOfWrite = (write: Write): string => ('key' in write ? write.key.pk : write.item.pk);
