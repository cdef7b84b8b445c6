import type { Money } from '#shared/core/money.ts';
import { allocatedTo, type Budget, type BudgetBalances, isOver } from './budget.ts';
import type { Claim } from './claim.ts';
import { isLapsed, lapseClaim } from './claim-life.ts';
import type { FundRequest, RequestBalances } from './fund-request.ts';
import type { BudgetView, ClaimView, FundRequestView } from './mdf-contract.ts';
import { endedBy, endRequest } from './request-life.ts';

const sumOf = (balances: readonly RequestBalances[], what: 'inReview' | 'reimbursed'): number =>
  balances.reduce((sum, each) => sum + each[what], 0);

/**
 * A budget with where its money is. What its requests hold is told apart by their own balances, `requests`; what is over by its time
 * shows it at once, whether or not the sweep has come by.
 */
export const viewBudget = (
  budget: Budget,
  balances: BudgetBalances,
  about: { readonly requests: readonly RequestBalances[]; readonly now: string },
): BudgetView => {
  const money = (amountMinor: number): Money => ({ amountMinor, currency: budget.currency });
  const over = isOver(budget, about.now);
  const [inReview, reimbursed] = [sumOf(about.requests, 'inReview'), sumOf(about.requests, 'reimbursed')];
  return {
    id: budget.id,
    status: over ? 'expired' : budget.status,
    version: budget.version,
    createdAt: budget.createdAt,
    updatedAt: budget.updatedAt,
    partnerId: budget.partnerId,
    quarter: budget.quarter,
    expiresAt: budget.expiresAt,
    allocated: money(allocatedTo(budget)),
    available: money(over ? 0 : balances.available),
    reserved: money(balances.committed - inReview - reimbursed),
    inReview: money(inReview),
    reimbursed: money(reimbursed),
    expired: money(balances.expired + (over ? balances.available : 0)),
    allocations: budget.allocations.map(({ kind, amountMinor, at }) => ({ kind, amount: money(amountMinor), at })),
  };
};

/** What has ended by its time shows it at once, whether or not the sweep has come by. */
export const viewRequest = (
  { request, balances }: { readonly request: FundRequest; readonly balances: RequestBalances },
  now: string,
): FundRequestView => {
  const ended = endedBy(request, balances, now);
  const { head: _head, doneKeys: _keys, approvals: _approvals, ...view } = ended ? endRequest(request, ended) : request;
  if (!request.approvedAmount) return view;
  const { currency } = request.approvedAmount;
  return {
    ...view,
    reserved: { amountMinor: ended ? 0 : balances.reservedLeft, currency },
    inReview: { amountMinor: balances.inReview, currency },
    reimbursed: { amountMinor: balances.reimbursed, currency },
  };
};

/** What has lapsed by its time shows it at once, whether or not the sweep has come by. */
export const viewClaim = (claim: Claim, now: string): ClaimView => {
  const {
    head: _head,
    doneKeys: _keys,
    approvals: _approvals,
    contentHash: _hash,
    documents: _documents,
    ...view
  } = isLapsed(claim, now) ? lapseClaim(claim) : claim;
  return view;
};
