import { DomainError } from '#shared/core/errors.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { closeDeal, refuseClose } from '#shared/deals/deal-life.ts';
import { approveDeal, rejectDeal, returnDeal } from '#shared/deals/deal-registration.ts';
import { changeDeal } from '#shared/deals/deal-store.ts';
import type { Evaluation, Partner } from '#shared/partners/partner.ts';
import { approveApplication, rejectApplication, returnApplication } from '#shared/partners/partner-application.ts';
import { changePartner } from '#shared/partners/partner-store.ts';
import type { Approval, Decision } from './approval.ts';
import { type About, awaitedBy, type Subject, type SubjectChange } from './subject-store.ts';

/** A final decision, and what the reviewer said beside it. */
export interface Verdict extends About {
  readonly decision: Decision;
  readonly evaluation?: Evaluation | undefined;
}

const decideRegistration = (deal: Deal, { decision, intent, terms }: Verdict): [Deal, string] => {
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

const decideClose = (deal: Deal, { decision, intent, terms }: Verdict): [Deal, string] => {
  if (decision.outcome !== 'approve' || !deal.closing) {
    return [refuseClose(deal, decision.reason ?? '', terms.program), 'deal.close_refused'];
  }
  return [closeDeal(deal, deal.closing, { now: intent.at, program: terms.program }), `deal.${deal.closing.outcome}`];
};

const decideApplication = (partner: Partner, verdict: Verdict): [Partner, string] => {
  const { decision, evaluation } = verdict;
  const about = { program: verdict.terms.program, now: verdict.intent.at };
  const reason = decision.reason ?? '';
  switch (decision.outcome) {
    case 'approve':
      return [approveApplication(partner, { reviewerId: decision.by, evaluation }, about), 'partner.approved'];
    case 'reject':
      return [rejectApplication(partner, reason), 'partner.rejected'];
    case 'return':
      return [returnApplication(partner, reason, about), 'partner.returned'];
  }
};

/**
 * What the last required decision does to its subject, ready to be written with the decision. Throws `state.transition_not_allowed`
 * when the subject does not wait for this decision any more, because it was withdrawn, closed or has expired.
 */
export const effectOf = (approval: Approval, subject: Subject, verdict: Verdict): SubjectChange => {
  const { intent, terms } = verdict;
  if (awaitedBy(subject)?.approvalId !== approval.id) {
    const { status } = subject.entity;
    const message = `It is ${status} and does not wait for this decision any more.`;
    throw new DomainError('conflict', 'state.transition_not_allowed', message, { facts: { status } });
  }
  if (subject.type === 'partner') {
    const [after, type] = decideApplication(subject.entity, verdict);
    return changePartner(subject.entity, after, { type, intent });
  }
  const decide = approval.kind === 'deal_close' ? decideClose : decideRegistration;
  const [after, type] = decide(subject.entity, verdict);
  return changeDeal(subject.entity, after, { type, intent, terms });
};
