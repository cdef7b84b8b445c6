import type { Awaited } from '#shared/core/awaited.ts';
import type { Intent, StoredEvent } from '#shared/core/history.ts';
import type { Deal } from '#shared/deals/deal.ts';
import type { Terms } from '#shared/deals/deal-registration.ts';
import { changeDeal, dealFrom, dealKey, listDeals } from '#shared/deals/deal-store.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { changePartner, listPartners, partnerFrom, partnerKey } from '#shared/partners/partner-store.ts';
import { type Item, type Key, read, type Write } from '#shared/platform/table.ts';
import type { Approval } from './approval.ts';
import { approvalFrom, approvalKey } from './approval-store.ts';

/**
 * What decisions are about. The last required decision and its effect are one transaction, so this is where the approvals noun
 * meets the stores of others.
 *
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | an approval and its subject | table | the keys of both, in one request |
 * | subjects that wait for a decision | byStatus | `deals#…`, `submitted#` and, where the summary says so, `approved#`; `partners#…`, `applied#` |
 */
export type Subject =
  | { readonly type: 'deal'; readonly entity: Deal }
  | { readonly type: 'partner'; readonly entity: Partner };

const isPartner = (subjectId: string): boolean => subjectId.startsWith('ptr_');
const keyOf = (subjectId: string): Key => (isPartner(subjectId) ? partnerKey(subjectId) : dealKey(subjectId));

const subjectFrom = (subjectId: string, item: Item | undefined): Subject | undefined => {
  if (isPartner(subjectId)) {
    const partner = partnerFrom(item);
    return partner && { type: 'partner', entity: partner };
  }
  const deal = dealFrom(item);
  return deal && { type: 'deal', entity: deal };
};

export const awaitedBy = (subject: Subject): Awaited | undefined => subject.entity.awaits;

export const partnerIdOf = (subject: Subject): string =>
  subject.type === 'partner' ? subject.entity.id : subject.entity.partnerId;

export const readSubject = async (subjectId: string): Promise<Subject | undefined> => {
  const [item] = await read([keyOf(subjectId)]);
  return subjectFrom(subjectId, item);
};

interface Both {
  readonly approval: Approval | undefined;
  readonly subject: Subject | undefined;
}

const readOnce = async (approvalId: string, subjectId: string): Promise<Both> => {
  const [approval, subject] = await read([approvalKey(approvalId), keyOf(subjectId)]);
  return { approval: approvalFrom(approval), subject: subjectFrom(subjectId, subject) };
};

/**
 * Reads an approval together with its subject; either may be missing. They come in one answer, but each as of its own moment: a
 * decision in between shows on the subject alone, so what does not fit together is read once more.
 */
export const readBoth = async (approvalId: string, subjectId: string): Promise<Both> => {
  const both = await readOnce(approvalId, subjectId);
  const { approval, subject } = both;
  const fits = approval?.status !== 'open' || !subject || awaitedBy(subject)?.approvalId === approvalId;
  return fits ? both : readOnce(approvalId, subjectId);
};

const waitingAtMost = 500;

/** Subjects that wait for a decision, an approved deal for that of its close; at most 500 of each kind, and what a sweep leaves, the next one finds. */
export const listWaiting = async (): Promise<readonly Subject[]> => {
  const page = { after: undefined, limit: waitingAtMost };
  const [submitted, closing, { partners }] = await Promise.all([
    listDeals({ status: 'submitted', ...page }),
    listDeals({ status: 'approved', awaiting: true, ...page }),
    listPartners({ filter: { status: 'applied' }, ...page }),
  ]);
  return [
    ...[...submitted.deals, ...closing.deals].map((entity): Subject => ({ type: 'deal', entity })),
    ...partners.map((entity): Subject => ({ type: 'partner', entity })),
  ];
};

/** A subject's next state, ready to be written with the decision that led to it. */
export interface SubjectChange {
  readonly event: StoredEvent;
  readonly writes: readonly Write[];
}

export interface About {
  readonly intent: Intent;
  readonly terms: Terms;
}

/** A change that both kinds of subjects know, by its event's last word. */
const changeSubject = (
  subject: Subject,
  fields: { readonly needsAttention: string } | { readonly awaits: Awaited },
  about: About & { readonly happened: string },
): SubjectChange => {
  const { happened, ...how } = about;
  return subject.type === 'deal'
    ? changeDeal(subject.entity, { ...subject.entity, ...fields }, { type: `deal.${happened}`, ...how })
    : changePartner(subject.entity, { ...subject.entity, ...fields }, { type: `partner.${happened}`, ...how });
};

/** The subject marked for a person, with the reason; nothing else about it changes. */
export const markSubject = (subject: Subject, needsAttention: string, about: About): SubjectChange =>
  changeSubject(subject, { needsAttention }, { ...about, happened: 'marked' });

/** Another execution will be started for what the subject waits for. */
export const askAgain = (subject: Subject, awaits: Awaited, about: About): SubjectChange =>
  changeSubject(subject, { awaits: { ...awaits, attempt: awaits.attempt + 1 } }, { ...about, happened: 'asked_again' });
