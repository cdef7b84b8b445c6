import * as z from 'zod';
import { contract, pageQuery, ThingId } from '#shared/core/contract.ts';
import { Money, SignedMoney } from '#shared/core/money.ts';
import { CarryReason } from './payout.ts';
import { RunPeriod } from './run.ts';
import { type RunChange, runChanges } from './run-changes.ts';

const ChangeView = z
  .strictObject({
    change: z.enum(runChanges).meta({
      description:
        'Paid by other details than the last time · more than half more or less than the last time · not paid the last time · paid the last time, and not now · carried over',
    }),
    partnerId: z.string(),
    payoutId: z.string().optional(),
    amount: SignedMoney.optional().meta({ description: 'By this run, or carried over' }),
    before: Money.optional().meta({ description: 'By the runs that it is held against' }),
    reasons: z.array(CarryReason).optional(),
  })
  .meta({ id: 'PayoutRunChange' });

const Totals = z.strictObject({
  payouts: z.int(),
  amount: Money,
  payoutsBefore: z.int(),
  before: Money,
  difference: SignedMoney,
});

const Count = z.int().nonnegative();

export const RunChangesView = z
  .strictObject({
    runId: z.string(),
    period: RunPeriod,
    against: z.array(z.strictObject({ runId: z.string(), period: RunPeriod })).meta({
      description:
        'The approved runs of the last earlier month, or for a run of a day of the last earlier day; empty for the first',
    }),
    totals: z.array(Totals).meta({ description: 'One for each currency' }),
    counts: z.strictObject({
      payee_changed: Count,
      amount_differs: Count,
      new: Count,
      gone: Count,
      carried: Count,
    }),
    data: z
      .array(ChangeView)
      .meta({ description: 'What to look at first comes first, the largest of each kind first' }),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'PayoutRunChanges' });
export type RunChangesView = z.infer<typeof RunChangesView>;

export const listPayoutRunChanges = contract({
  operation: 'list-payout-run-changes',
  summary:
    'What is different about a run from the last one: totals, partners who are new or gone, whose payment details changed, whose amount differs by more than half, and all that is carried over',
  params: z.strictObject({ runId: ThingId }),
  query: z.strictObject({ ...pageQuery, change: z.enum(runChanges).optional() }),
  answers: { 200: RunChangesView },
  errors: ['not_found', 'payout_run.not_collected'],
});

export const viewChange = (it: RunChange): z.infer<typeof ChangeView> => {
  const { change, partnerId, payoutId, currency, amountMinor, beforeMinor, reasons } = it;
  return {
    change,
    partnerId,
    ...(payoutId ? { payoutId } : {}),
    ...(amountMinor === undefined ? {} : { amount: { amountMinor, currency } }),
    ...(beforeMinor === undefined ? {} : { before: { amountMinor: beforeMinor, currency } }),
    ...(reasons ? { reasons: [...reasons] } : {}),
  };
};
