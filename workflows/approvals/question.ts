import { ApprovalKind, type Check, type Question, type SubjectType } from '#shared/approvals/approval.ts';
import { type Entities, partnerIdOf, type Subject, type SubjectOf } from '#shared/approvals/subject-store.ts';
import type { Awaited } from '#shared/core/awaited.ts';
import { formatMoney } from '#shared/core/money.ts';
import { findKnownAccount } from '#shared/deals/customer-store.ts';
import type { Deal } from '#shared/deals/deal.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { answerWithinBusinessDays, isDisputed as isLineDisputed, missingOf } from '#shared/earnings/line-dispute.ts';
import { manualRule } from '#shared/earnings/manual-bonus.ts';
import { isDisputed, refusedOf } from '#shared/mdf/claim.ts';
import { findTier } from '#shared/partners/partner-gate-store.ts';
import type { Run } from '#shared/payouts/run.ts';
import { readRunChanges } from '#shared/payouts/run-changes-store.ts';
import { firstEvents } from '#shared/platform/history-store.ts';
import type { Program } from '#shared/program/program.ts';
import { checkClaim } from '#workflows/mdf/check-claim.ts';
import { type Asking, checkFundRequest } from '#workflows/mdf/check-fund-request.ts';
import { checkBonuses } from './check-bonuses.ts';
import { checkNames } from './check-names.ts';

const checkKnown = async (deal: Deal): Promise<Check> => {
  const known = await findKnownAccount(deal.customer.domain);
  const check = 'known-to-direct-sales';
  if (!known) return { check, outcome: 'pass', detail: 'Direct sales does not know this account.' };
  const since = known.customerSince ? `, a customer since ${known.customerSince}` : '';
  const opportunity = known.openOpportunity ? ' with an open opportunity' : '';
  return { check, outcome: 'warn', detail: `Direct sales works on ${known.companyName}${opportunity}${since}.` };
};

/** What would be paid, and what not. */
const checkTotals = ({ payouts, total, carried, period }: Run): Check => {
  const left = Object.entries(carried).map(([reason, count]) => `${reason} ${count}`);
  const detail = `${payouts} payouts of ${period} come to ${formatMoney(total)}.${left.length > 0 ? ` Carried over: ${left.join(', ')}.` : ''}`;
  return { check: 'totals', outcome: 'pass', detail };
};

/** Partners, as the largest part of a check. */
const partners = (count: number): string => (count === 1 ? '1 partner' : `${count} partners`);

/** What somebody who has to approve looks at first: it is not as it was the last time. */
const checkChanges = async (run: Run): Promise<readonly Check[]> => {
  const { against, totals, counts } = await readRunChanges(run);
  const [last] = against;
  if (!last) return [{ check: 'since-last-run', outcome: 'pass', detail: 'It is the first run of its kind.' }];
  const amounts = totals.map(({ currency, amountMinor, beforeMinor }) => {
    const [now, before] = [amountMinor, beforeMinor].map((each) => formatMoney({ amountMinor: each, currency }));
    return `${now} instead of ${before}`;
  });
  const detail = `Since ${last.period}: ${amounts.join(', ')}; ${partners(counts.new)} new, ${partners(counts.gone)} gone.`;
  return [
    { check: 'since-last-run', outcome: 'pass', detail },
    {
      check: 'payees-since-last-run',
      outcome: counts.payee_changed > 0 ? 'warn' : 'pass',
      detail: `Payment details changed since ${last.period}: ${partners(counts.payee_changed)}.`,
    },
    {
      check: 'amounts-since-last-run',
      outcome: counts.amount_differs > 0 ? 'warn' : 'pass',
      detail: `More than half more or less than in ${last.period}: ${partners(counts.amount_differs)}.`,
    },
  ];
};

/** What the partner doubts; its words stand on the earning. */
const checkDispute = ({ amount, disputed, explanation }: Earning): Check => {
  const expected = disputed?.expected ? ` The partner expects ${formatMoney(disputed.expected)}.` : '';
  const held = disputed?.heldUntil ? 'It is held until this is answered.' : 'Its statement is closed.';
  const detail = `A line of ${formatMoney(amount)} by the rule ${explanation.rule} is disputed. ${held}${expected}`;
  return { check: 'disputed-line', outcome: 'warn', detail };
};

/** Who approved a disputed line, and of a bonus whoever asked for it: its first event says so. */
const whoStandsBehind = async (earning: Earning): Promise<Question['barred']> => {
  if (!isLineDisputed(earning)) return undefined;
  const { id, decidedBy = [], explanation } = earning;
  const asked = explanation.rule === manualRule ? await firstEvents([id]) : [];
  const behind = [...decidedBy, ...asked.map(({ by }) => by)];
  return behind.length > 0 ? behind : undefined;
};

/** What is asked about each type of subjects: what machines find beforehand, and the amount that limits are measured on. */
interface Row<Entity> {
  readonly checks: (entity: Entity, kind: ApprovalKind, about: Asking) => Promise<readonly Check[]>;
  readonly amount: (entity: Entity, kind: ApprovalKind) => Question['amount'];
  /** Who may not decide, beside whoever submitted it. */
  readonly barred?: (entity: Entity) => Question['barred'] | Promise<Question['barred']>;
  /** Where that is not what the program says of its kind. */
  readonly dueAfterBusinessDays?: (entity: Entity) => Question['dueAfterBusinessDays'];
}

const rows: { readonly [T in SubjectType]: Row<Entities[T]> } = {
  partner: { checks: async ({ checks }) => checks, amount: () => undefined },
  deal: {
    checks: async (deal, kind, { program }) =>
      kind === 'deal_registration' ? [await checkKnown(deal), await checkNames(deal, program)] : [],
    // Of a close, the value that would be sold.
    amount: ({ value, closing }, kind) => (kind === 'deal_close' ? (closing?.value ?? value) : value),
  },
  mdf_request: {
    checks: (request, _kind, about) => checkFundRequest(request, about),
    amount: ({ requestedAmount }) => requestedAmount,
  },
  mdf_claim: {
    checks: (claim, _kind, about) => checkClaim(claim, about),
    // Of a dispute, what was refused.
    amount: refusedOf,
    barred: (claim) => (isDisputed(claim) ? claim.decidedBy : undefined),
  },
  earning: {
    checks: async (earning, _kind, { since }) => [
      isLineDisputed(earning) ? checkDispute(earning) : await checkBonuses(earning, since),
    ],
    // Of a dispute, how much more the partner holds right.
    amount: (earning) => (isLineDisputed(earning) ? missingOf(earning) : earning.amount),
    barred: whoStandsBehind,
    dueAfterBusinessDays: (earning) => (isLineDisputed(earning) ? answerWithinBusinessDays : undefined),
  },
  payout_run: { checks: async (run) => [checkTotals(run), ...(await checkChanges(run))], amount: ({ total }) => total },
};

const askAbout = async <T extends SubjectType>({ type, entity }: SubjectOf<T>, kind: ApprovalKind, about: Asking) => ({
  checks: await rows[type].checks(entity, kind, about),
  amount: rows[type].amount(entity, kind),
  barred: await rows[type].barred?.(entity),
  dueAfterBusinessDays: rows[type].dueAfterBusinessDays?.(entity),
});

/** The benefit of a tier, which is the partner's as it is now. */
const comesFirst = async (subject: Subject, program: Program): Promise<boolean> => {
  const partnerId = partnerIdOf(subject);
  if (partnerId === undefined) return false;
  const tier = subject.type === 'partner' ? subject.entity.tier : await findTier(partnerId);
  return program.tiers.find(({ id }) => id === tier)?.benefits.firstInReviewQueue ?? false;
};

/** What the approval of a subject is about, with what machines can say about it beforehand. */
export const questionAbout = async (subject: Subject, awaits: Awaited, program: Program): Promise<Question> => {
  const kind = ApprovalKind.parse(awaits.kind);
  return {
    kind,
    subject: { type: subject.type, id: subject.entity.id },
    partnerId: partnerIdOf(subject),
    awaits,
    first: await comesFirst(subject, program),
    ...(await askAbout(subject, kind, { program, since: awaits.since })),
  };
};
