import { isCode } from '#shared/core/errors.ts';
import { systemIntent } from '#shared/core/history.ts';
import { clawbackOf } from '#shared/earnings/clawbacks.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import {
  bookEarning,
  changeEarning,
  mustBeAsRead,
  mustNotBeThere,
  readEarnings,
  saveEarning,
} from '#shared/earnings/earning-store.ts';
import type { Wanted } from '#shared/earnings/earnings-of-deal.ts';
import type { BudgetMove } from '#shared/earnings/rule-budget-store.ts';
import { nextPeriod } from '#shared/payouts/statement-store.ts';
import type { Program } from '#shared/program/program.ts';

const mostTries = 120;

/** A statement that was closed in the meantime takes nothing any more; what is owed goes to the next one. */
export const onOpenStatement = async <Result>(
  earning: Earning,
  save: (earning: Earning) => Promise<Result>,
): Promise<Result> => {
  let late = earning;
  for (let left = mostTries; ; left -= 1) {
    try {
      return await save(late);
    } catch (error) {
      if (!isCode(error, 'statement.closed') || left === 0 || late.statement === undefined) throw error;
      late = { ...late, statement: nextPeriod(late.statement) };
    }
  }
};

const nothing: BudgetMove = { writes: [], journals: [] };

/** Books an earning once; whoever does it again meets the first try. Throws what the budget refuses with. */
export const bookOnce = async ({ earning, at }: Wanted, budget: BudgetMove = nothing): Promise<Earning> => {
  await onOpenStatement(earning, (open) =>
    saveEarning(bookEarning(open, systemIntent('earn', earning.id, at), budget.journals), budget.writes),
  );
  const [booked] = await readEarnings([earning]);
  if (!booked) throw new Error(`${earning.id} was booked and is not there.`);
  return booked;
};

/** How far an earning has come; nothing goes back. */
const rank: Readonly<Record<Earning['status'], number>> = {
  submitted: 0,
  pending: 0,
  on_hold: 1,
  reversed: 2,
  paid: 2,
  rejected: 2,
};

/** What waits for the customer only becomes less, so whoever read the deal before somebody else does not raise it again. */
const isThere = (stored: Earning, { earning }: Wanted): boolean =>
  rank[stored.status] > rank[earning.status] ||
  (stored.status === earning.status && stored.amount.amountMinor <= earning.amount.amountMinor);

const changed = (stored: Earning, to: Earning, about: Wanted & { readonly budget: BudgetMove }) => {
  const { earning, at, budget } = about;
  const step = `${earning.id}@${stored.version} ${earning.status} ${earning.amount.amountMinor}`;
  const { version, head, updatedAt, doneKeys } = stored;
  const after = { ...stored, ...to, version, head, updatedAt, ...(doneKeys ? { doneKeys } : {}) };
  return changeEarning(stored, after, systemIntent('earn', step, at), budget.journals);
};

type Terms = Pick<Program, 'payouts' | 'timeZone' | 'fiscalYearStart'>;

/** What was paid before its reversal came is taken back by an earning of its own, and never changed. */
const takeBack = (stored: Earning, { at, earning: { forFraud } }: Wanted, program: Terms): Wanted => {
  const { amount } = stored;
  return clawbackOf(stored, { amount, at, refundedMinor: amount.amountMinor, number: 0, forFraud }, program);
};

/** Of what becomes of an earning that was refunded whole one thing is done, and only once: it is reversed, or taken back. */
const reverse = async (
  stored: Earning,
  wanted: Wanted,
  { program, budget }: { readonly program: Terms; readonly budget: BudgetMove },
): Promise<void> => {
  const back = takeBack(stored, wanted, program);
  const takeItBack = () => bookOnce(back, { ...budget, writes: [...budget.writes, mustBeAsRead(stored)] });
  if (stored.status === 'paid') {
    await takeItBack();
    return;
  }
  // A run that was rejected since has opened the statement again.
  const [takenBack] = await readEarnings([back.earning]);
  if (takenBack) return;
  try {
    const after = changed(stored, { ...wanted.earning, statement: stored.statement }, { ...wanted, budget });
    await saveEarning(after, [...budget.writes, mustNotBeThere(back.earning)]);
  } catch (error) {
    if (!isCode(error, 'statement.closed')) throw error;
    await takeItBack();
  }
};

/**
 * Brings a stored earning into a wanted state; where it is past it already, nothing happens. What stands on a statement that was frozen
 * is not reversed any more, but taken back. Throws `version.stale` when somebody changed it at the same time.
 */
export const bringEarning = async (
  stored: Earning,
  wanted: Wanted,
  about: { readonly program: Terms; readonly budget?: BudgetMove },
): Promise<void> => {
  const budget = about.budget ?? nothing;
  const reverses = wanted.earning.status === 'reversed';
  if (reverses && (stored.status === 'paid' || stored.status === 'on_hold')) {
    await reverse(stored, wanted, { program: about.program, budget });
    return;
  }
  if (isThere(stored, wanted)) return;
  await onOpenStatement(wanted.earning, (open) =>
    saveEarning(changed(stored, open, { ...wanted, budget }), budget.writes),
  );
};
