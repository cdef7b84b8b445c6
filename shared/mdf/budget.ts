import * as z from 'zod';
import { Tracked } from '#shared/core/history.ts';
import type { Lifecycle } from '#shared/core/lifecycle.ts';
import { CurrencyCode } from '#shared/core/money.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { Instant } from '#shared/core/time.ts';

export const BudgetStatus = z.enum(['open', 'expired']);
export type BudgetStatus = z.infer<typeof BudgetStatus>;

/** What is left at the quarter's end expires. */
export const budgetLifecycle: Lifecycle<BudgetStatus> = { open: ['expired'], expired: [] };

/** `tier`: what the partner's tier gives for a quarter, once. `discretionary`: what finance gives beside it. */
export const AllocationKind = z.enum(['tier', 'discretionary']);
export type AllocationKind = z.infer<typeof AllocationKind>;

/** One amount that was given into a budget. */
export const Allocation = z.strictObject({
  kind: AllocationKind,
  /** Minor units of the budget's currency. */
  amountMinor: z.int().positive(),
  at: Instant,
  /** Which change of the budget it was, and the request that asked for it: as long as the budget lives, a repeat is recognised. */
  version: z.int().positive(),
  writeId: z.string(),
  bodyHash: z.string(),
});
export type Allocation = z.infer<typeof Allocation>;

/** What a partner may spend on marketing in one quarter, from all that was given for it. */
export const Budget = z.object({
  ...Tracked.shape,
  status: BudgetStatus,
  partnerId: z.string(),
  quarter: Quarter,
  currency: CurrencyCode,
  /** The end of the quarter in the program's time zone. */
  expiresAt: Instant,
  allocations: z.array(Allocation),
});
export type Budget = z.infer<typeof Budget>;

/**
 * Where the money of a budget is, in minor units; it always sums to what was allocated. Requests move it beside the budget's own
 * history, each under a condition, so that a hundred of them do not wait for one another's version.
 */
export const BudgetBalances = z.object({
  available: z.int().nonnegative(),
  /** Given to approved requests and not given back: reserved, in review or reimbursed. */
  committed: z.int().nonnegative(),
  expired: z.int().nonnegative(),
});
export type BudgetBalances = z.infer<typeof BudgetBalances>;

export const noBalances: BudgetBalances = { available: 0, committed: 0, expired: 0 };

export const allocatedTo = ({ allocations }: Pick<Budget, 'allocations'>): number =>
  allocations.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** Over by its time, whether or not the sweep has come by. */
export const isOver = (budget: Pick<Budget, 'expiresAt'>, now: string): boolean => budget.expiresAt <= now;
