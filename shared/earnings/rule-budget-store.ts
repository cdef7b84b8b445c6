import { DomainError } from '#shared/core/errors.ts';
import type { Journal } from '#shared/core/journal.ts';
import type { Money } from '#shared/core/money.ts';
import { incentiveAccount, incentivesAllocated, journalOf, move } from '#shared/ledger/chart.ts';
import { all, is, present } from '#shared/platform/condition.ts';
import { stale } from '#shared/platform/history-store.ts';
import { read, type Write } from '#shared/platform/table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | what is left of a rule's budget | table | pk = `incentive#<rule>`, sk = `budget` |
 *
 * The guarded balance of a rule that has a budget: what the program gave it, and what is left. Both move with journals.
 */
const keyOf = (ruleId: string) => ({ pk: `incentive#${ruleId}`, sk: 'budget' });

export interface RuleBudget {
  readonly allocated: number;
  readonly available: number;
}

/** Nothing before the first earning was taken from it. */
export const findRuleBudget = async (ruleId: string): Promise<RuleBudget | undefined> => {
  const [item] = await read([keyOf(ruleId)]);
  return item && { allocated: Number(item.allocated), available: Number(item.available) };
};

/** What moves with an earning: writes for its transaction, journals for its event. */
export interface BudgetMove {
  readonly writes: readonly Write[];
  readonly journals: readonly Journal[];
}

/** For which earning, out of which rule's budget, and when. */
export interface Spending {
  readonly ruleId: string;
  readonly earningId: string;
  readonly amount: Money;
  readonly at: string;
}

export const usedUp = (ruleId: string): DomainError =>
  new DomainError('conflict', 'incentive.budget_used_up', 'The budget of this incentive is used up.', {
    facts: { rule: ruleId },
  });

/**
 * Takes an amount, all or nothing. `budget` is what the program gives now; where it gave another amount before, the difference is
 * given or taken first. Refused with `incentive.budget_used_up`, or `version.stale` when the budget is otherwise than `found`.
 */
export const spend = (spending: Spending, budget: Money, found: RuleBudget | undefined): BudgetMove => {
  const { ruleId, earningId, amount, at } = spending;
  const granted = budget.amountMinor - (found?.allocated ?? 0);
  const key = keyOf(ruleId);
  if (!found && budget.amountMinor < amount.amountMinor) throw usedUp(ruleId);
  const { currency } = amount;
  const available = incentiveAccount(ruleId, 'available');
  const grant = move(granted, available, incentivesAllocated);
  const lines = move(amount.amountMinor, incentiveAccount(ruleId, 'spent'), available);
  const write: Write = found
    ? {
        write: 'change',
        key,
        change: { set: { allocated: budget.amountMinor }, add: { available: granted - amount.amountMinor } },
        when: all(is('allocated', '=', found.allocated), is('available', '>=', amount.amountMinor - granted)),
        refuse: (image) => (image?.allocated === found.allocated ? usedUp(ruleId) : stale(undefined)),
      }
    : {
        write: 'insert',
        item: {
          ...key,
          kind: 'rule-budget',
          currency,
          allocated: budget.amountMinor,
          available: budget.amountMinor - amount.amountMinor,
        },
        refuse: () => stale(undefined),
      };
  return {
    writes: [write],
    journals: [
      ...(grant.length > 0 ? [journalOf([earningId, 'budget-granted'], { at, currency, lines: grant })] : []),
      journalOf([earningId, 'budget-spent'], { at, currency, lines }),
    ],
  };
};

/** Gives back what an earning does not need any more; `what` tells one giving back from another. */
export const giveBack = ({ ruleId, earningId, amount, at }: Spending, what: string): BudgetMove => ({
  writes: [
    {
      write: 'change',
      key: keyOf(ruleId),
      change: { add: { available: amount.amountMinor } },
      when: present('available'),
      refuse: () => new Error(`The budget of ${ruleId} was lost.`),
    },
  ],
  journals: [
    journalOf([earningId, 'budget-back', what], {
      at,
      currency: amount.currency,
      lines: move(amount.amountMinor, incentiveAccount(ruleId, 'available'), incentiveAccount(ruleId, 'spent')),
    }),
  ],
});
