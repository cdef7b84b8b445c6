import * as z from 'zod';
import { Awaited } from '#shared/core/awaited.ts';
import { written } from '#shared/core/contacts.ts';
import { Tracked } from '#shared/core/history.ts';
import type { Lifecycle } from '#shared/core/lifecycle.ts';
import { Money, PositiveMoney } from '#shared/core/money.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { Day, Instant } from '#shared/core/time.ts';

export const fundRequestStatuses = [
  'submitted',
  'returned',
  'approved',
  'rejected',
  'withdrawn',
  'completed',
  'expired',
] as const;
export const FundRequestStatus = z.enum(fundRequestStatuses);
export type FundRequestStatus = z.infer<typeof FundRequestStatus>;

/** API.md *Lifecycles*. Approved, it ends `completed` when something of it was reimbursed, else `expired`. */
export const fundRequestLifecycle: Lifecycle<FundRequestStatus> = {
  submitted: ['approved', 'rejected', 'returned', 'withdrawn'],
  returned: ['submitted', 'withdrawn', 'expired'],
  approved: ['completed', 'expired'],
  rejected: [],
  withdrawn: [],
  completed: [],
  expired: [],
};

const Count = z.int().min(0).max(10_000_000);

/** A plan for one marketing activity, as a partner sends it. */
export const Plan = z
  .strictObject({
    /** That of the activity's start. */
    quarter: Quarter,
    /** One of the program's. */
    activityType: z.string().max(64),
    title: written(200),
    description: written(2000),
    startDate: Day,
    endDate: Day,
    expectedCost: PositiveMoney,
    /** Our share of the expected cost. */
    requestedAmount: PositiveMoney,
    expectedLeads: Count,
    expectedPipeline: Money,
    /** One of the program's. */
    region: z.string().max(64).optional(),
  })
  .meta({ id: 'FundRequestPlan' });
export type Plan = z.infer<typeof Plan>;

/** The rules of claiming as they were when it was submitted: they hold for it whatever is published later. */
export const ClaimTerms = z.strictObject({
  /** Our share of the invoices, at most. */
  sharePercent: z.number(),
  withinDays: z.int().positive(),
  /** Kinds of proofs that are needed beside invoices. */
  proofs: z.array(z.string()),
});
export type ClaimTerms = z.infer<typeof ClaimTerms>;

export const FundRequest = z.object({
  ...Tracked.shape,
  status: FundRequestStatus,
  partnerId: z.string(),
  ...Plan.shape,
  programVersion: z.int().positive(),
  /** What that version of the program says about claiming it. */
  terms: ClaimTerms,
  approvedAt: Instant.optional(),
  /** What was reserved; at most what was asked for. */
  approvedAmount: Money.optional(),
  /** Until then it can be claimed. */
  claimUntil: Instant.optional(),
  returnedUntil: Instant.optional(),
  /** Why it was rejected or returned, in the reviewer's words; why it was withdrawn, in the partner's. */
  reason: z.string().optional(),
  approvals: z.int().nonnegative(),
  awaits: Awaited.optional(),
  needsAttention: z.string().optional(),
});
export type FundRequest = z.infer<typeof FundRequest>;

/** These hold words by or about persons; events name them only. */
export const personalFundRequestFields: readonly string[] = ['title', 'description', 'reason'];

/**
 * Where the money of an approved request is, in minor units; with what was given back it sums to the approved amount. Claims move it
 * beside the request's own history, each under a condition.
 */
export const RequestBalances = z.object({
  reservedLeft: z.int().nonnegative(),
  inReview: z.int().nonnegative(),
  reimbursed: z.int().nonnegative(),
  /** Until then a decision on one of its claims can be disputed, so nothing is given back. */
  heldUntil: Instant.optional(),
});
export type RequestBalances = z.infer<typeof RequestBalances>;

export const nothingReserved: RequestBalances = { reservedLeft: 0, inReview: 0, reimbursed: 0 };

/** From when on what was not claimed is given back. */
export const releaseAt = (
  request: Pick<FundRequest, 'claimUntil'>,
  balances: Pick<RequestBalances, 'heldUntil'>,
): Instant | undefined => {
  const { claimUntil } = request;
  return claimUntil && balances.heldUntil && balances.heldUntil > claimUntil ? balances.heldUntil : claimUntil;
};
