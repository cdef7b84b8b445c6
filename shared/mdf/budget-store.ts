import { DomainError, notFound } from '#shared/core/errors.ts';
import { type Intent, record } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Journal } from '#shared/core/journal.ts';
import { formatMoney, type Money } from '#shared/core/money.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import { mustBeAdmitted } from '#shared/partners/partner-gate-store.ts';
import { all, is } from '#shared/platform/condition.ts';
import { commit, commitChange, type Saved, stale } from '#shared/platform/history-store.ts';
import { listByStatus } from '#shared/platform/lists.ts';
import { type Item, type Key, read, type Write } from '#shared/platform/table.ts';
import { allocatedTo, Budget, BudgetBalances, isOver, noBalances } from './budget.ts';
import { listOfPartner, listUnder } from './partner-list-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get a budget and its balances | table | pk = budget id, sk = `budget` |
 * | list budgets of all partners, latest quarter first | byStatus | `mdf-budgets#<shard>`, `<quarter>#<budget id>` |
 * | budgets whose quarter is over | byDue | `due#<shard>`, `<end of the quarter>#<budget id>` |
 *
 * Balances stand beside the budget's own fields and change without its version: whoever takes from `available` has in its condition
 * that there is enough.
 */
export const budgetKey = (budgetId: string): Key => ({ pk: budgetId, sk: 'budget' });

/** A budget as it is stored, with where its money is. */
export interface FundedBudget {
  readonly budget: Budget;
  readonly balances: BudgetBalances;
}

const parse = (item: Item): FundedBudget => ({ budget: Budget.parse(item), balances: BudgetBalances.parse(item) });

/** Its allocations remember who asked for them, for as long as it lives, so it needs no other memory of requests. */
const toItem = ({ doneKeys: _doneKeys, ...budget }: Budget): Item => ({
  ...budgetKey(budget.id),
  kind: 'mdf-budget',
  ...budget,
  statusKey: `mdf-budgets#${shardOf(budget.id)}`,
  statusSort: `${budget.quarter}#${budget.id}`,
  summary: { partnerId: budget.partnerId },
  ...(budget.status === 'open'
    ? { dueKey: `due#${shardOf(budget.id)}`, dueAt: `${budget.expiresAt}#${budget.id}` }
    : {}),
});

/** Budgets by id, in that order; what is not there is `undefined`. */
export const findBudgets = async (budgetIds: readonly string[]): Promise<readonly (FundedBudget | undefined)[]> =>
  (await read(budgetIds.map(budgetKey))).map((item) => item && parse(item));

export const findBudget = async (budgetId: string): Promise<FundedBudget | undefined> =>
  (await findBudgets([budgetId]))[0];

export interface BudgetPage {
  readonly budgets: readonly FundedBudget[];
  readonly after: string | undefined;
}

/** Budgets, of one partner or of all, latest quarter first. */
export const listBudgets = async (list: {
  readonly partnerId: string | undefined;
  readonly quarter: Quarter | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}): Promise<BudgetPage> => {
  const { partnerId, quarter, after, limit } = list;
  const page =
    partnerId === undefined
      ? await listByStatus({
          noun: 'mdf-budgets',
          prefix: quarter ? `${quarter}#` : '',
          after,
          descending: true,
          limit,
        })
      : await listOfPartner({
          listed: 'mdf-budget',
          partnerId,
          keyOf: budgetKey,
          keep: (item) => quarter === undefined || item.quarter === quarter,
          after,
          limit,
        });
  return { budgets: page.items.map(parse), after: page.after };
};

const happening = (budget: Budget, type: string, about: { readonly intent: Intent; readonly journal: Journal }) => ({
  type,
  intent: about.intent,
  personalFields: [],
  partnerId: budget.partnerId,
  journals: [about.journal],
});

/** Fields that changed with the budget's own history, and those of its keys; balances are moved, never set. */
const ownFields = (budget: Budget): Readonly<Record<string, unknown>> => {
  const { pk: _pk, sk: _sk, ...fields } = toItem(budget);
  return fields;
};

/** Gives more into a budget that is there, or makes it. Throws `version.stale` when somebody was faster, `not_found` when there is no such partner. */
export const saveAllocation = async (
  before: Budget | undefined,
  after: Budget,
  about: { readonly intent: Intent; readonly journal: Journal },
): Promise<Saved<Budget>> => {
  const { entity, event } = record(before, after, happening(after, 'mdf_budget.allocated', about));
  const given = allocatedTo(after) - (before ? allocatedTo(before) : 0);
  const writes: readonly Write[] = before
    ? [
        {
          write: 'change',
          key: budgetKey(entity.id),
          change: { set: ownFields(entity), add: { available: given } },
          when: all(is('version', '=', before.version), is('status', '=', 'open')),
          refuse: (image) => stale(Number(image?.version)),
        },
      ]
    : [
        mustBeAdmitted(entity.partnerId),
        {
          write: 'insert',
          item: { ...toItem(entity), ...noBalances, available: given },
          refuse: (image) => stale(Number(image?.version)),
        },
        listUnder(entity.partnerId, 'mdf-budget', { id: entity.id, order: entity.quarter }),
      ];
  return commitChange(before, { entity, event, writes });
};

/** Writes that nothing of the budget is available any more. Throws `version.stale` when its balance moved in between. */
export const saveExpiry = async (
  { budget, balances }: FundedBudget,
  after: Budget,
  about: { readonly intent: Intent; readonly journals: readonly Journal[] },
): Promise<void> => {
  const { entity, event } = record(budget, after, {
    type: 'mdf_budget.expired',
    intent: about.intent,
    personalFields: [],
    partnerId: budget.partnerId,
    journals: about.journals,
  });
  const { available } = balances;
  await commit(
    [event],
    [
      {
        write: 'change',
        key: budgetKey(entity.id),
        change: {
          set: ownFields(entity),
          add: { available: -available, expired: available },
          remove: ['dueKey', 'dueAt'],
        },
        when: all(is('version', '=', budget.version), is('available', '=', available)),
        refuse: (image) => stale(Number(image?.version)),
      },
    ],
  );
};

/** What an image of a budget says is available at an instant, in minor units: nothing of one that is over, or was never opened. */
const availableIn = (image: Item | undefined, now: string): number =>
  image && !isOver({ expiresAt: String(image.expiresAt) }, now) ? Number(image.available) : 0;

const exceeded =
  (amount: Money, quarter: Quarter, now: string) =>
  (image: Item | undefined): DomainError => {
    const available = { amountMinor: availableIn(image, now), currency: amount.currency };
    const message = `${formatMoney(amount)} is more than is available of the budget of ${quarter}, which is ${formatMoney(available)}.`;
    return new DomainError('conflict', 'mdf.budget_exceeded', message, { facts: { available } });
  };

/** An amount that is to come from a partner's budget of a quarter. */
export interface Taking {
  readonly budgetId: string;
  readonly quarter: Quarter;
  readonly amount: Money;
  readonly now: string;
}

const isEnough = ({ amount, now }: Taking) => all(is('available', '>=', amount.amountMinor), is('expiresAt', '>', now));

/** There is so much available now; nothing is taken. Refused with `mdf.budget_exceeded` and what is `available`. */
export const mustBeAvailable = (taking: Taking): Write => ({
  write: 'check',
  key: budgetKey(taking.budgetId),
  when: isEnough(taking),
  refuse: exceeded(taking.amount, taking.quarter, taking.now),
});

/** Takes an amount out of what is available, for an approved request. Refused with `mdf.budget_exceeded` and what is `available`. */
export const takeFromBudget = (taking: Taking): Write => ({
  write: 'change',
  key: budgetKey(taking.budgetId),
  change: { add: { available: -taking.amount.amountMinor, committed: taking.amount.amountMinor } },
  when: isEnough(taking),
  refuse: exceeded(taking.amount, taking.quarter, taking.now),
});

/** Gives back what a request does not need: it is available again, or expired when the quarter is over. */
export const giveBack = (budgetId: string, amountMinor: number, to: 'available' | 'expired'): Write => ({
  write: 'change',
  key: budgetKey(budgetId),
  change: { add: { committed: -amountMinor, [to]: amountMinor } },
  when:
    to === 'available'
      ? all(is('committed', '>=', amountMinor), is('status', '=', 'open'))
      : is('committed', '>=', amountMinor),
  refuse: (image) => stale(Number(image?.version)),
});

/** Throws `not_found`. */
export const getBudget = async (budgetId: string): Promise<FundedBudget> => {
  const found = await findBudget(budgetId);
  if (!found) throw notFound();
  return found;
};
