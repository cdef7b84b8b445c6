import type { Awaited } from '#shared/core/awaited.ts';
import type { Intent, StoredEvent } from '#shared/core/history.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { closeDeal, refuseClose } from '#shared/deals/deal-life.ts';
import { approveDeal, rejectDeal, returnDeal, type Terms } from '#shared/deals/deal-registration.ts';
import { changeDeal, dealFrom, dealKey, listDeals } from '#shared/deals/deal-store.ts';
import { type Item, type Key, read, type Write } from '#shared/platform/table.ts';
import type { Approval, Decision } from './approval.ts';
import { approvalFrom, approvalKey } from './approval-store.ts';

/**
 * What decisions are about. The last required decision and its effect are one transaction, so this is the one place where the
 * approvals noun meets the stores of others.
 *
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | an approval and its subject | table | the keys of both, in one request |
 */
export type Subject = { readonly type: 'deal'; readonly deal: Deal };

export const subjectKey = (subjectId: string): Key => dealKey(subjectId);

export const subjectFrom = (item: Item | undefined): Subject | undefined => {
  const deal = dealFrom(item);
  return deal && { type: 'deal', deal };
};

export const awaitedBy = (subject: Subject): Awaited | undefined => subject.deal.awaits;
export const entityOf = (subject: Subject): Deal => subject.deal;

export const readSubject = async (subjectId: string): Promise<Subject | undefined> => {
  const [item] = await read([subjectKey(subjectId)]);
  return subjectFrom(item);
};

/** Subjects that are submitted for a decision, at most as many as one sweep can look after; the next one goes on. */
export const listWaiting = async (): Promise<readonly Subject[]> => {
  const { deals } = await listDeals({ status: 'submitted', after: undefined, limit: 500 });
  return deals.map((deal) => ({ type: 'deal', deal }));
};

/** Reads an approval together with its subject; either may be missing. */
export const readBoth = async (
  approvalId: string,
  subjectId: string,
): Promise<{ readonly approval: Approval | undefined; readonly subject: Subject | undefined }> => {
  const [approval, subject] = await read([approvalKey(approvalId), subjectKey(subjectId)]);
  return { approval: approvalFrom(approval), subject: subjectFrom(subject) };
};

export interface SubjectChange {
  readonly entity: Deal;
  readonly event: StoredEvent;
  readonly writes: readonly Write[];
}

interface About {
  readonly intent: Intent;
  readonly terms: Terms;
}

const decideRegistration = (deal: Deal, decision: Decision, { intent, terms }: About): [Deal, string] => {
  const reason = decision.reason ?? '';
  switch (decision.outcome) {
    case 'approve':
      return [approveDeal(deal, terms, intent.at), 'deal.approved'];
    case 'reject':
      return [rejectDeal(deal, reason), 'deal.rejected'];
    case 'return':
      return [returnDeal(deal, reason, { ...terms, now: intent.at }), 'deal.returned'];
  }
};

const decideClose = (deal: Deal, decision: Decision, { intent, terms }: About): [Deal, string] => {
  if (decision.outcome !== 'approve' || !deal.closing) return [refuseClose(deal), 'deal.close_refused'];
  return [closeDeal(deal, deal.closing, { now: intent.at, program: terms.program }), `deal.${deal.closing.outcome}`];
};

/** What the last required decision does to its subject, ready to be written with the decision. */
export const effectOf = (
  approval: Approval,
  subject: Subject,
  about: About & { readonly decision: Decision },
): SubjectChange => {
  const { decision, intent, terms } = about;
  const { deal } = subject;
  const [after, type] =
    approval.kind === 'deal_close' ? decideClose(deal, decision, about) : decideRegistration(deal, decision, about);
  return changeDeal(deal, after, { type, intent, terms });
};

/** The subject marked for a person, with the reason; nothing else about it changes. */
export const markSubject = (subject: Subject, needsAttention: string, about: About): SubjectChange =>
  changeDeal(subject.deal, { ...subject.deal, needsAttention }, { type: 'deal.needs_attention', ...about });

/** Another execution will be started for what the subject waits for. */
export const askAgain = (subject: Subject, about: About): SubjectChange | undefined => {
  const { deal } = subject;
  if (!deal.awaits) return undefined;
  const awaits = { ...deal.awaits, attempt: deal.awaits.attempt + 1 };
  return changeDeal(deal, { ...deal, awaits }, { type: 'deal.asked_again', ...about });
};
