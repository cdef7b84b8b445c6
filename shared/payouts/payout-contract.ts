import * as z from 'zod';
import { written } from '#shared/core/contacts.ts';
import { contract, pageOf, pageQuery, ThingId } from '#shared/core/contract.ts';
import { SignedMoney } from '#shared/core/money.ts';
import { CarryReason, netOf, type Parts, type Payout, Payout as PayoutSchema, PayoutStatus } from './payout.ts';
import { Run, RunPeriod, RunStatus } from './run.ts';

const { head: _head, doneKeys: _doneKeys, due: _due, attempt: _attempt, ...shownOfRun } = Run.shape;

export const RunView = z.object(shownOfRun).meta({ id: 'PayoutRun' });
export type RunView = z.infer<typeof RunView>;

export const viewRun = ({ head: _h, doneKeys: _k, due: _d, attempt: _a, ...run }: Run): RunView => run;

const {
  head: _payoutHead,
  doneKeys: _payoutKeys,
  figures: _figures,
  rest: _rest,
  carriedOut: _carried,
  ...shownOfPayout
} = PayoutSchema.shape;

/** What of a statement went to another one, and why. */
const CarryView = z.strictObject({ amount: SignedMoney, to: z.string().optional(), reasons: z.array(CarryReason) });

export const PayoutView = z.object({ ...shownOfPayout, carriedOut: z.array(CarryView) }).meta({ id: 'Payout' });
export type PayoutView = z.infer<typeof PayoutView>;

/** What our own people say of it, and have to look at, is for our own people. */
export const viewPayout = (payout: Payout, isForStaff: boolean): PayoutView => {
  const { head: _h, doneKeys: _k, figures: _f, rest: _r, carriedOut = [], proposal, needsAttention, ...view } = payout;
  const amountOf = (parts: Parts) => ({ amountMinor: netOf(parts), currency: payout.currency });
  return {
    ...view,
    ...(proposal && isForStaff ? { proposal } : {}),
    ...(needsAttention && isForStaff ? { needsAttention } : {}),
    carriedOut: carriedOut.map(({ to, reasons, ...parts }) => ({
      amount: amountOf(parts),
      ...(to ? { to } : {}),
      reasons,
    })),
  };
};

export const startPayoutRun = contract({
  operation: 'start-payout-run',
  summary: 'Collect what was payable at a month’s or a day’s end, for somebody else to approve',
  body: z.strictObject({ period: RunPeriod }),
  answers: { 201: RunView },
  errors: ['payout_run.already_running', 'payout.period_not_ended'],
});

export const listPayoutRuns = contract({
  operation: 'list-payout-runs',
  summary: 'List payout runs, newest first',
  query: z.strictObject({ ...pageQuery, status: RunStatus.optional(), period: RunPeriod.optional() }),
  answers: { 200: pageOf(RunView) },
  errors: [],
});

export const getPayoutRun = contract({
  operation: 'get-payout-run',
  summary: 'Read a payout run: its totals, its manifest’s hash, and what it carried over and why',
  params: z.strictObject({ runId: ThingId }),
  answers: { 200: RunView },
  errors: ['not_found'],
});

export const listPayouts = contract({
  operation: 'list-payouts',
  summary: 'List payouts: a partner’s own, newest first; or those of a run, which is the newest unless it is named',
  query: z.strictObject({
    ...pageQuery,
    partnerId: ThingId.optional(),
    runId: ThingId.optional(),
    status: PayoutStatus.optional(),
    needsAttention: z.literal('true').optional().meta({ description: 'Only what somebody has to look at; for staff' }),
  }),
  answers: { 200: pageOf(PayoutView) },
  errors: ['not_found'],
});

export const resolvePayout = contract({
  operation: 'resolve-payout',
  summary: 'Say what became of a payout that nobody knows of, or that was paid by hand; a second person confirms it',
  params: z.strictObject({ payoutId: ThingId }),
  body: z.strictObject({
    outcome: z.enum(['paid', 'failed']),
    /** The bank’s or the provider’s. */
    reference: z.string().min(1).max(140).optional(),
    reason: written(1000),
  }),
  answers: { 200: PayoutView, 202: PayoutView },
  errors: ['not_found', 'approval.already_decided_by_you', 'state.transition_not_allowed', 'version.stale'],
});
