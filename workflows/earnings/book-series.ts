import { isCode } from '#shared/core/errors.ts';
import type { Money } from '#shared/core/money.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { readEarnings } from '#shared/earnings/earning-store.ts';
import type { Series, Wanted } from '#shared/earnings/earnings-of-deal.ts';
import { type BudgetMove, findRuleBudget, giveBack, spend } from '#shared/earnings/rule-budget-store.ts';
import type { Program } from '#shared/program/program.ts';
import { programAt } from '#shared/program/program-store.ts';
import { bookOnce, bringEarning } from './bring-earning.ts';

const budgetNow = async ({ rule }: Series, at: string): Promise<Money | undefined> => {
  const { program } = await programAt(at);
  const now = program.incentives.rules.find(({ id }) => id === rule.id);
  return now ? now.budget : rule.budget;
};

/** All of it is taken from the rule's budget with the first earning, whichever part of it comes when. */
const firstSpending = async (series: Series, { earning, at }: Wanted): Promise<BudgetMove | undefined> => {
  if (!series.rule.budget) return undefined;
  const budget = await budgetNow(series, at);
  if (!budget) return undefined;
  const spending = { ruleId: series.rule.id, earningId: earning.id, amount: series.total, at };
  return spend(spending, budget, await findRuleBudget(series.rule.id));
};

const withoutBudget = ({ earning, at }: Wanted): Wanted => {
  const { holdUntil: _until, statement: _statement, ...rest } = earning;
  const inputs = { ...rest.explanation.inputs, budget: 'used up' };
  return { at, earning: { ...rest, status: 'reversed', explanation: { ...rest.explanation, inputs } } };
};

const isWithoutBudget = ({ status, explanation }: Earning): boolean =>
  status === 'reversed' && explanation.inputs.budget !== undefined;

/** What is not earned after all, or taken back, is there for others again. */
const backToBudget = (series: Series, stored: Earning, { earning, at }: Wanted): BudgetMove | undefined => {
  const freed =
    earning.status === 'reversed' ? stored.amount.amountMinor : stored.amount.amountMinor - earning.amount.amountMinor;
  const waits = stored.status === 'pending' && earning.status === 'pending';
  if (!series.rule.budget || freed <= 0 || !(waits || earning.status === 'reversed')) return undefined;
  const amount = { ...stored.amount, amountMinor: freed };
  return giveBack({ ruleId: series.rule.id, earningId: earning.id, amount, at }, String(stored.version));
};

const clawbackToBudget = (series: Series, { earning, at }: Wanted): BudgetMove | undefined =>
  series.rule.budget && earning.kind === 'clawback'
    ? giveBack(
        {
          ruleId: series.rule.id,
          earningId: earning.id,
          amount: { ...earning.amount, amountMinor: -earning.amount.amountMinor },
          at,
        },
        'clawback',
      )
    : undefined;

const bookFirst = async (series: Series, wanted: Wanted): Promise<Earning> => {
  try {
    return await bookOnce(wanted, await firstSpending(series, wanted));
  } catch (error) {
    if (!isCode(error, 'incentive.budget_used_up')) throw error;
    // Said once, so that a budget which is raised later does not turn an old answer around.
    return bookOnce(withoutBudget(wanted));
  }
};

/** Books the earnings of one partner by one rule of a deal, each once, in the states they have come to. */
export const bookSeries = async (
  series: Series,
  program: Pick<Program, 'payouts' | 'timeZone' | 'fiscalYearStart'>,
): Promise<void> => {
  const stored = await readEarnings(series.earnings.map(([first]) => first.earning));
  for (const [index, states] of series.earnings.entries()) {
    const [first] = states;
    const book = () => (index === 0 ? bookFirst(series, first) : bookOnce(first, clawbackToBudget(series, first)));
    const earning = stored[index] ?? (await book());
    if (isWithoutBudget(earning)) return;
    const last = states.at(-1) ?? first;
    const budget = backToBudget(series, earning, last);
    await bringEarning(earning, last, { program, ...(budget ? { budget } : {}) });
  }
};
