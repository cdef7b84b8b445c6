import { DomainError } from '#shared/core/errors.ts';
import { systemIntent } from '#shared/core/history.ts';
import { clawbackOf } from '#shared/earnings/clawbacks.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { bookEarning, changeEarning, readEarnings, saveEarning } from '#shared/earnings/earning-store.ts';
import type { Wanted } from '#shared/earnings/earnings-of-deal.ts';
import type { BudgetMove } from '#shared/earnings/rule-budget-store.ts';
import { nextMonth } from '#shared/earnings/statement-store.ts';

const isCode = (error: unknown, code: string): boolean => error instanceof DomainError && error.code === code;

const mostMonths = 12;

/** A statement that was closed in the meantime takes nothing any more; what is owed goes to the next one. */
export const onOpenStatement = async <Result>(
  earning: Earning,
  save: (earning: Earning) => Promise<Result>,
): Promise<Result> => {
  let late = earning;
  for (let left = mostMonths; ; left -= 1) {
    try {
      return await save(late);
    } catch (error) {
      if (!isCode(error, 'statement.closed') || left === 0 || late.statement === undefined) throw error;
      late = { ...late, statement: nextMonth(late.statement) };
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

const change = (stored: Earning, { earning, at }: Wanted, budget: BudgetMove) => {
  const step = `${earning.id}@${stored.version} ${earning.status} ${earning.amount.amountMinor}`;
  const { version, head, updatedAt, doneKeys } = stored;
  return onOpenStatement(earning, (open) => {
    const after = { ...stored, ...open, version, head, updatedAt, ...(doneKeys ? { doneKeys } : {}) };
    return saveEarning(changeEarning(stored, after, systemIntent('earn', step, at), budget.journals), budget.writes);
  });
};

/** What was paid before its reversal came is taken back by an earning of its own, and never changed. */
const takeBack = (stored: Earning, at: string, timeZone: string): Wanted =>
  clawbackOf(stored, { amount: stored.amount, at, refundedMinor: stored.amount.amountMinor, number: 0 }, timeZone);

/**
 * Brings a stored earning into a wanted state; where it is past it already, nothing happens. Throws `version.stale` when somebody
 * changed it at the same time.
 */
export const bringEarning = async (
  stored: Earning,
  wanted: Wanted,
  about: { readonly timeZone: string; readonly budget?: BudgetMove },
): Promise<void> => {
  const budget = about.budget ?? nothing;
  if (stored.status === 'paid' && wanted.earning.status === 'reversed') {
    await bookOnce(takeBack(stored, wanted.at, about.timeZone), budget);
    return;
  }
  if (isThere(stored, wanted)) return;
  await change(stored, wanted, budget);
};
