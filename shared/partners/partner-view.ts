import { addBusinessDays } from '#shared/core/business-days.ts';
import { daysBetween } from '#shared/core/time.ts';
import type { Payee } from '#shared/payouts/payee.ts';
import type { Program } from '#shared/program/program.ts';
import { type Partner, statusAt } from './partner.ts';
import type { ApplicationView, PartnerView } from './partner-contract.ts';
import type { SuccessPlan } from './success-plan.ts';

const productivity = ({ activeAt, firstDealApprovedAt }: Partner): Pick<PartnerView, 'timeToProductivityDays'> =>
  activeAt && firstDealApprovedAt
    ? { timeToProductivityDays: Math.max(0, daysBetween(activeAt.slice(0, 10), firstDealApprovedAt.slice(0, 10))) }
    : {};

/** What it looks like to whom, and when. */
export interface Looking {
  readonly now: string;
  readonly byStaff: boolean;
  readonly plan?: SuccessPlan | undefined;
  /** Where it is paid, when that is for the reader. */
  readonly payee?: Payee | undefined;
}

/** What has lapsed by its time shows it at once. What reviewers think of a partner is not for the partner, nor what waits for an answer. */
export const viewPartner = (partner: Partner, { now, byStaff, plan, payee }: Looking): PartnerView => {
  const { head: _h, doneKeys: _k, due: _d, approvals: _a, agreement, signer, ...known } = partner;
  const { payeeVersion: _v, formerContacts: _f, tierJudged: _j, ...rest } = known;
  const { checks, evaluation, evaluationScore, awaits, needsAttention, tierHeld, ...own } = rest;
  return {
    ...(byStaff ? rest : own),
    status: statusAt(partner, now),
    ...(agreement
      ? { agreement: { ...agreement, ...(signer ? { signerName: signer.name, signerTitle: signer.title } : {}) } }
      : {}),
    ...productivity(partner),
    ...(plan ? { successPlan: plan } : {}),
    ...(payee ? { payee } : {}),
  };
};

type NextStep = Pick<ApplicationView, 'nextStep' | 'nextStepUntil'>;

const nextStepOf = (partner: Partner, about: { readonly program: Program; readonly now: string }): NextStep => {
  switch (statusAt(partner, about.now)) {
    case 'applied': {
      const { dueAfterBusinessDays } = about.program.approvals.partner_application;
      const nextStepUntil = addBusinessDays(partner.submittedAt, dueAfterBusinessDays, about.program);
      return { nextStep: 'We review your application.', nextStepUntil };
    }
    case 'returned':
      return {
        nextStep: 'Answer what we asked and send the whole application again.',
        ...(partner.returnedUntil ? { nextStepUntil: partner.returnedUntil } : {}),
      };
    case 'approved':
      return {
        nextStep: `Your first contact is invited to the portal and accepts the agreement ${partner.agreement?.version}.`,
        ...(partner.agreement ? { nextStepUntil: partner.agreement.lapsesAt } : {}),
      };
    case 'active':
      return { nextStep: 'You are a partner: sign in to the portal.' };
    case 'rejected':
      return { nextStep: 'None. You may apply again when what we wrote has changed.' };
    case 'lapsed':
      return { nextStep: 'None. The time for an answer is over; you may apply again.' };
    default:
      return { nextStep: 'Talk to your partner manager.' };
  }
};

/** What the holder of a status token sees of an application. */
export const viewApplication = (
  partner: Partner,
  about: { readonly program: Program; readonly now: string },
): ApplicationView => ({
  id: partner.id,
  status: statusAt(partner, about.now),
  version: partner.version,
  createdAt: partner.createdAt,
  updatedAt: partner.updatedAt,
  company: { name: partner.company.name, domain: partner.company.domain },
  submittedAt: partner.submittedAt,
  ...(partner.reason ? { reason: partner.reason } : {}),
  ...nextStepOf(partner, about),
});
