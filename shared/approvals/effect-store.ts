import { DomainError } from '#shared/core/errors.ts';
import type { StoredEvent } from '#shared/core/history.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { closeDeal, refuseClose } from '#shared/deals/deal-life.ts';
import { approveDeal, rejectDeal, returnDeal } from '#shared/deals/deal-registration.ts';
import { changeDeal } from '#shared/deals/deal-store.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { bookEarning, changeEarning } from '#shared/earnings/earning-store.ts';
import { correctionOf, endDispute, isDisputed as isLineDisputed } from '#shared/earnings/line-dispute.ts';
import { approveBonus, rejectBonus } from '#shared/earnings/manual-bonus.ts';
import { type Claim, isDisputed, refusedOf } from '#shared/mdf/claim.ts';
import { letGo, reimburse } from '#shared/mdf/claim-decision-store.ts';
import { grantDispute, refuseDispute } from '#shared/mdf/claim-dispute.ts';
import { approveClaim, rejectClaim, returnClaim } from '#shared/mdf/claim-life.ts';
import { changeClaim } from '#shared/mdf/claim-store.ts';
import type { FundRequest } from '#shared/mdf/fund-request.ts';
import { approveRequest, rejectRequest, returnRequest } from '#shared/mdf/request-life.ts';
import { changeRequest, reserveForRequest } from '#shared/mdf/request-store.ts';
import type { Evaluation, Partner } from '#shared/partners/partner.ts';
import { approveApplication, rejectApplication, returnApplication } from '#shared/partners/partner-application.ts';
import { mustBeActive } from '#shared/partners/partner-gate-store.ts';
import { changePartner } from '#shared/partners/partner-store.ts';
import { approveRun, type Run, rejectRun } from '#shared/payouts/run.ts';
import { changeRun } from '#shared/payouts/run-store.ts';
import { joinStatementWrites } from '#shared/payouts/statement-store.ts';
import type { Write } from '#shared/platform/table.ts';
import type { Approval, Decision, SubjectType } from './approval.ts';
import { decisionsOf } from './decide-approval.ts';
import {
  type About,
  awaitedBy,
  type Entities,
  type Subject,
  type SubjectChange,
  type SubjectOf,
} from './subject-store.ts';

/** A final decision, and what the reviewer said beside it. */
export interface Verdict extends About {
  readonly decision: Decision;
  readonly evaluation?: Evaluation | undefined;
}

/** What is written together with the decision: events of the subject and of what else changes with it, and their writes. */
export interface Effect {
  readonly events: readonly StoredEvent[];
  readonly writes: readonly Write[];
}

const alone = ({ event, writes }: SubjectChange): Effect => ({ events: [event], writes });

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

/** A request reserves its budget with the decision, or the decision is not made. */
const decideFundRequest = (request: FundRequest, verdict: Verdict): Effect => {
  const { decision, intent } = verdict;
  const reason = decision.reason ?? '';
  switch (decision.outcome) {
    case 'approve': {
      const about = { now: intent.at, program: verdict.terms.program };
      const approved = approveRequest(request, decision.approvedAmount ?? request.requestedAmount, about);
      return alone(reserveForRequest(request, approved, intent));
    }
    case 'reject':
      return alone(changeRequest(request, rejectRequest(request, reason), { type: 'mdf_request.rejected', intent }));
    case 'return': {
      const returned = returnRequest(request, reason, { now: intent.at, program: verdict.terms.program });
      return alone(changeRequest(request, returned, { type: 'mdf_request.returned', intent }));
    }
  }
};

const decidersOf = (approval: Approval, decision: Decision): readonly string[] => [
  ...new Set([...decisionsOf(approval).map(({ by }) => by), decision.by]),
];

/** A dispute is granted, whole or in part, or the decision stays. */
const decideDispute = (claim: Claim, { decision, intent, terms }: Verdict): Effect => {
  const about = { now: intent.at, reason: decision.reason };
  switch (decision.outcome) {
    case 'approve': {
      const approved = decision.approvedAmount ?? refusedOf(claim);
      const granted = grantDispute(claim, approved, about);
      return reimburse(claim, granted, { intent, program: terms.program, approved });
    }
    case 'reject': {
      const refused = refuseDispute(claim, decision.reason ?? '', intent.at);
      return alone(letGo(claim, refused, { type: 'mdf_claim.dispute_refused', intent }));
    }
    case 'return': {
      const message = 'A dispute is granted or refused; ask the partner outside of it.';
      throw new DomainError('conflict', 'state.transition_not_allowed', message, { facts: { status: claim.status } });
    }
  }
};

/** What is approved of a claim is earned with the decision; what is not is reserved again. */
const decideClaim = (claim: Claim, verdict: Verdict, approval: Approval): Effect => {
  if (isDisputed(claim)) return decideDispute(claim, verdict);
  const { decision, intent, terms } = verdict;
  const deciders = decidersOf(approval, decision);
  const about = { now: intent.at, deciders, program: terms.program };
  switch (decision.outcome) {
    case 'approve': {
      const approved = decision.approvedAmount ?? claim.claimedAmount;
      const after = approveClaim(claim, approved, { ...about, reason: decision.reason });
      return reimburse(claim, after, { intent, program: terms.program, approved });
    }
    case 'reject': {
      const rejected = rejectClaim(claim, decision.reason ?? '', about);
      return alone(letGo(claim, rejected, { type: 'mdf_claim.rejected', intent }));
    }
    case 'return': {
      const returned = returnClaim(claim, decision.reason ?? '', about);
      return alone(changeClaim(claim, returned, { type: 'mdf_claim.returned', intent }));
    }
  }
};

/** The line stands as it is; what was found missing of it is earned anew. */
const decideLineDispute = (earning: Earning, { decision, intent, terms }: Verdict, approval: Approval): Effect => {
  if (decision.outcome === 'return') {
    const message = 'A dispute is granted or refused; ask the partner outside of it.';
    throw new DomainError('conflict', 'state.transition_not_allowed', message, { facts: { status: earning.status } });
  }
  const about = {
    now: intent.at,
    program: terms.program,
    answer: decision.reason,
    deciders: decidersOf(approval, decision),
  };
  const ended = alone(changeEarning(earning, endDispute(earning, about), intent));
  const missing = decision.outcome === 'approve' ? decision.approvedAmount : undefined;
  if (!missing) return ended;
  const more = alone(bookEarning(correctionOf(earning, missing, about), intent));
  return {
    events: [...ended.events, ...more.events],
    writes: joinStatementWrites([...ended.writes, ...more.writes]),
  };
};

/** A bonus is owed from its approval on; a partner that is not active by then gets none until it is active again. */
const decideBonus = (bonus: Earning, verdict: Verdict, approval: Approval): Effect => {
  if (isLineDisputed(bonus)) return decideLineDispute(bonus, verdict, approval);
  const { decision, intent, terms } = verdict;
  switch (decision.outcome) {
    case 'approve': {
      const deciders = decidersOf(approval, decision);
      const about = { at: intent.at, program: terms.program, deciders };
      const approved = approveBonus(bonus, decision.approvedAmount ?? bonus.amount, about);
      const { events, writes } = alone(changeEarning(bonus, approved, intent));
      return { events, writes: [...writes, mustBeActive(bonus.partnerId)] };
    }
    case 'reject':
      return alone(changeEarning(bonus, rejectBonus(bonus, decision.reason ?? ''), intent));
    case 'return': {
      const message = 'A bonus is approved or rejected; ask whoever submitted it outside of it.';
      throw new DomainError('conflict', 'state.transition_not_allowed', message, { facts: { status: bonus.status } });
    }
  }
};

/** A run is paid as it was collected, or everything in it is released. */
const decideRun = (run: Run, { decision, intent }: Verdict): Effect => {
  switch (decision.outcome) {
    case 'approve':
      return alone(changeRun(run, approveRun(run, intent.at), { type: 'payout_run.approved', intent }));
    case 'reject': {
      const rejected = rejectRun(run, decision.reason ?? '');
      return alone(changeRun(run, rejected, { type: 'payout_run.rejected', intent }));
    }
    case 'return': {
      const message = 'A run is approved or rejected: what is in it cannot be changed.';
      throw new DomainError('conflict', 'state.transition_not_allowed', message, { facts: { status: run.status } });
    }
  }
};

/** What a decision about each type of subjects does. */
const effects: { readonly [T in SubjectType]: (entity: Entities[T], verdict: Verdict, approval: Approval) => Effect } =
  {
    partner: (partner, verdict) => {
      const [after, type] = decideApplication(partner, verdict);
      return alone(changePartner(partner, after, { type, intent: verdict.intent }));
    },
    deal: (deal, verdict, { kind }) => {
      const [after, type] = (kind === 'deal_close' ? decideClose : decideRegistration)(deal, verdict);
      const { events, writes } = alone(changeDeal(deal, after, { type, ...verdict }));
      // A suspension stops new deals, whoever approves them.
      return { events, writes: type === 'deal.approved' ? [...writes, mustBeActive(deal.partnerId)] : writes };
    },
    mdf_request: decideFundRequest,
    mdf_claim: decideClaim,
    payout_run: decideRun,
    earning: decideBonus,
  };

const decide = <T extends SubjectType>({ type, entity }: SubjectOf<T>, verdict: Verdict, approval: Approval): Effect =>
  effects[type](entity, verdict, approval);

/**
 * What the last required decision does to its subject, ready to be written with the decision. Throws `state.transition_not_allowed`
 * when the subject does not wait for this decision any more, because it was withdrawn, closed or has expired; the writes may be
 * refused with `partner.not_active`.
 */
export const effectOf = (approval: Approval, subject: Subject, verdict: Verdict): Effect => {
  if (awaitedBy(subject)?.approvalId !== approval.id) {
    const { status } = subject.entity;
    const message = `It is ${status} and does not wait for this decision any more.`;
    throw new DomainError('conflict', 'state.transition_not_allowed', message, { facts: { status } });
  }
  return decide(subject, verdict, approval);
};
