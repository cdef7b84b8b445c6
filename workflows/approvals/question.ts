import { ApprovalKind, type Check, type Question } from '#shared/approvals/approval.ts';
import { partnerIdOf, type Subject } from '#shared/approvals/subject-store.ts';
import type { Awaited } from '#shared/core/awaited.ts';
import { findKnownAccount } from '#shared/deals/customer-store.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { findTier } from '#shared/partners/partner-gate-store.ts';
import type { Program } from '#shared/program/program.ts';
import { checkNames } from './check-names.ts';

const checkKnown = async (deal: Deal): Promise<Check> => {
  const known = await findKnownAccount(deal.customer.domain);
  const check = 'known-to-direct-sales';
  if (!known) return { check, outcome: 'pass', detail: 'Direct sales does not know this account.' };
  const since = known.customerSince ? `, a customer since ${known.customerSince}` : '';
  const opportunity = known.openOpportunity ? ' with an open opportunity' : '';
  return { check, outcome: 'warn', detail: `Direct sales works on ${known.companyName}${opportunity}${since}.` };
};

const checksOf = async (subject: Subject, kind: ApprovalKind, program: Program): Promise<readonly Check[]> => {
  if (subject.type === 'partner') return subject.entity.checks;
  if (kind !== 'deal_registration') return [];
  return [await checkKnown(subject.entity), await checkNames(subject.entity, program)];
};

/** The benefit of a tier, which is the partner's as it is now. */
const comesFirst = async (subject: Subject, program: Program): Promise<boolean> => {
  const tier = subject.type === 'partner' ? subject.entity.tier : await findTier(subject.entity.partnerId);
  return program.tiers.find(({ id }) => id === tier)?.benefits.firstInReviewQueue ?? false;
};

/** What limits are measured on: of a close, the value that would be sold. */
const amountOf = (subject: Subject, kind: ApprovalKind): Question['amount'] => {
  if (subject.type === 'partner') return undefined;
  const { value, closing } = subject.entity;
  return kind === 'deal_close' ? (closing?.value ?? value) : value;
};

/** What the approval of a subject is about, with what machines can say about it beforehand. */
export const questionAbout = async (subject: Subject, awaits: Awaited, program: Program): Promise<Question> => {
  const kind = ApprovalKind.parse(awaits.kind);
  return {
    kind,
    subject: { type: subject.type, id: subject.entity.id },
    partnerId: partnerIdOf(subject),
    awaits,
    checks: await checksOf(subject, kind, program),
    first: await comesFirst(subject, program),
    amount: amountOf(subject, kind),
  };
};
