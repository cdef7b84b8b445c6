import type { Deal, Payment, Refund } from '#shared/deals/deal.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { earningsOf } from '#shared/earnings/earnings-of-deal.ts';
import type { Participant } from '#shared/earnings/participant.ts';
import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import type { Program } from '#shared/program/program.ts';
import { aDeal } from '#test/deals/a-deal.ts';
import { aProgram } from '#test/support/a-program.ts';

export const wonAt = '2026-08-01T09:00:00.000Z';

/** 50,000.00 USD, won and not paid yet, with what a test wants different. */
export const aWonDeal = (overrides: Partial<Deal> = {}): Deal =>
  aDeal({ status: 'won', closedOn: '2026-08-01', wonAt, ...overrides });

export const aParticipant = (overrides: Partial<Participant> = {}): Participant => ({
  partnerId: 'ptr_1',
  role: 'sourced',
  sharePercent: 100,
  types: ['referral'],
  tier: 'authorized',
  agreed: [],
  paysReps: false,
  ...overrides,
});

export const paid = (amountMinor: number, paidOn = '2026-08-10'): Payment => ({
  amountMinor,
  paidOn,
  at: `${paidOn}T10:00:00.000Z`,
});
export const returned = (amountMinor: number, occurredOn: string, more: Partial<Refund> = {}): Refund => ({
  kind: 'refund',
  amountMinor,
  occurredOn,
  at: `${occurredOn}T11:00:00.000Z`,
  afterPayments: 1,
  ...more,
});

/** The example program with one rule only, or with these. */
export const withRules = (...rules: readonly Partial<IncentiveRule>[]): Program => {
  const program = aProgram();
  const whole = rules.map((rule, index) => ({
    id: `rule-${index + 1}`,
    name: `Rule ${index + 1}`,
    kind: 'commission' as const,
    per: 'deal' as const,
    ...rule,
  }));
  return { ...program, incentives: { ...program.incentives, rules: whole } };
};

/** The states that the earnings of a deal have come to. */
export const earned = (
  deal: Deal,
  program: Program = aProgram(),
  participants: readonly Participant[] = [aParticipant()],
): readonly Earning[] =>
  earningsOf(deal, { program, participants }).flatMap(({ earnings }) =>
    earnings.flatMap((states) => states.at(-1)?.earning ?? []),
  );

/** `commission 5,000.00 pending`, as a reader would check it. */
export const inWords = (earnings: readonly Earning[]): readonly string[] =>
  earnings.map(
    ({ kind, amount, status }) =>
      `${kind} ${(amount.amountMinor / 100).toLocaleString('en', { minimumFractionDigits: 2 })} ${status}`,
  );
