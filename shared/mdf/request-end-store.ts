import type { Intent } from '#shared/core/history.ts';
import type { Journal } from '#shared/core/journal.ts';
import { budgetAccount, journalOf, move } from '#shared/ledger/chart.ts';
import { all, is } from '#shared/platform/condition.ts';
import { commitChange, stale } from '#shared/platform/history-store.ts';
import { transact, type Write } from '#shared/platform/table.ts';
import { type Budget, isOver } from './budget.ts';
import { giveBack } from './budget-store.ts';
import type { RequestBalances } from './fund-request.ts';
import { requestKey } from './request-deal-store.ts';
import { endRequest } from './request-life.ts';
import { changeRequest, dueFields, type FundedRequest } from './request-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | end a fund request and give back what was not claimed | table | pk = request id, sk = `request`; pk = budget id, sk = `budget` |
 * | look at a fund request again later | table | pk = request id, sk = `request` |
 */
const unmoved = ({ reservedLeft, inReview }: RequestBalances) => [
  is('reservedLeft', '=', reservedLeft),
  is('inReview', '=', inReview),
];

const giveBackAll = (
  { request, balances }: FundedRequest,
  budget: Budget,
  at: string,
): { readonly journals: readonly Journal[]; readonly writes: readonly Write[] } => {
  const { reservedLeft } = balances;
  if (reservedLeft === 0) return { journals: [], writes: [] };
  const to = isOver(budget, at) ? 'expired' : 'available';
  const account = (state: 'available' | 'expired' | 'reserved') =>
    budgetAccount(request.partnerId, request.quarter, state);
  const lines = move(reservedLeft, account(to), account('reserved'));
  return {
    journals: [journalOf(['mdf-release', request.id], { at, currency: budget.currency, lines })],
    writes: [giveBack(budget.id, reservedLeft, to)],
  };
};

/**
 * Ends a request whose time is over, and gives back what was not claimed: to what is available, or, after the quarter's end, to what has
 * expired. Throws `version.stale` when a claim was faster.
 */
export const saveEnd = async (
  funded: FundedRequest,
  end: { readonly to: 'completed' | 'expired'; readonly budget: Budget; readonly intent: Intent },
): Promise<void> => {
  const { request, balances } = funded;
  const { to, budget, intent } = end;
  const given = giveBackAll(funded, budget, intent.at);
  const change = changeRequest(request, endRequest(request, to), {
    type: `mdf_request.${to}`,
    intent,
    journals: given.journals,
    ...(request.status === 'approved'
      ? { balances: { add: { reservedLeft: -balances.reservedLeft }, when: unmoved(balances) } }
      : {}),
  });
  await commitChange(request, { ...change, writes: [...change.writes, ...given.writes] });
};

/** Sets when the sweep looks at an approved request again; undefined: when one of its claims is decided. Nothing else changes. */
export const lookAgain = async ({ request, balances }: FundedRequest, at: string | undefined): Promise<void> => {
  const failure = await transact([
    {
      write: 'change',
      key: requestKey(request.id),
      change: at ? { set: dueFields(request.id, at) } : { remove: ['dueKey', 'dueAt'] },
      when: all(is('version', '=', request.version), ...unmoved(balances)),
      refuse: () => stale(undefined),
    },
  ]);
  if (failure) throw stale(undefined);
};
