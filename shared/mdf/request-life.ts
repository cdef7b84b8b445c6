import { awaiting } from '#shared/core/awaited.ts';
import { DomainError } from '#shared/core/errors.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import type { Money } from '#shared/core/money.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { addDays, type Instant } from '#shared/core/time.ts';
import { refuseBroken } from '#shared/deals/registration-faults.ts';
import type { Program } from '#shared/program/program.ts';
import {
  type ClaimTerms,
  type FundRequest,
  fundRequestLifecycle,
  type Plan,
  type RequestBalances,
  releaseAt,
} from './fund-request.ts';
import { planFaults } from './request-faults.ts';

/** The program in force, with its version. */
export interface Terms {
  readonly version: number;
  readonly program: Program;
}

/** When, and by whom, something is submitted for a decision. */
export interface Submission {
  readonly now: Instant;
  readonly by: string;
}

/** Throws the first broken rule's code, with every broken rule among its errors. */
export const checkPlan = (plan: Plan, { program }: Terms, now: Instant): void =>
  refuseBroken(planFaults(plan, program, now));

const termsOf = ({ activityType }: Plan, { mdf }: Program): ClaimTerms => ({
  sharePercent: mdf.sharePercent,
  withinDays: mdf.claimWithinDays,
  proofs: [...(mdf.activityTypes.find(({ id }) => id === activityType)?.proofs ?? [])],
});

/** A new request, submitted and waiting for a decision. Whether the program takes it is `checkPlan`'s to say. */
export const submitRequest = (
  plan: Plan,
  about: Submission & { readonly id: string; readonly partnerId: string },
  terms: Terms,
): FundRequest => ({
  id: about.id,
  status: 'submitted',
  version: 0,
  head: '',
  createdAt: about.now,
  updatedAt: about.now,
  partnerId: about.partnerId,
  ...plan,
  programVersion: terms.version,
  terms: termsOf(plan, terms.program),
  ...awaiting({ id: about.id, approvals: 0 }, 'mdf_request', about),
});

const decided = ({ awaits: _awaits, reason: _reason, ...rest }: FundRequest): FundRequest => rest;

/**
 * The plan is approved and so much reserved for it. It can be claimed from then on until so many days after its end as the program
 * says under which it was submitted.
 */
export const approveRequest = (
  request: FundRequest,
  approvedAmount: Money,
  about: { readonly now: Instant; readonly program: Program },
): FundRequest => {
  const dayAfter = addDays(request.endDate, request.terms.withinDays + 1);
  return {
    ...decided(request),
    status: moveTo(fundRequestLifecycle, request.status, 'approved'),
    approvedAt: about.now,
    approvedAmount,
    claimUntil: startOfDay(dayAfter, about.program.timeZone),
  };
};

export const rejectRequest = (request: FundRequest, reason: string): FundRequest => ({
  ...decided(request),
  status: moveTo(fundRequestLifecycle, request.status, 'rejected'),
  reason,
});

/** Sent back with a question; it lapses when nobody answers. */
export const returnRequest = (
  request: FundRequest,
  reason: string,
  about: { readonly now: Instant; readonly program: Pick<Program, 'mdf'> },
): FundRequest => ({
  ...decided(request),
  status: moveTo(fundRequestLifecycle, request.status, 'returned'),
  reason,
  returnedUntil: addDays(about.now, about.program.mdf.returnedLapseDays),
});

/** Throws when a returned thing is answered too late. */
export const mustBeInTime = (
  it: { readonly status: string; readonly returnedUntil?: Instant | undefined },
  now: Instant,
): void => {
  if (now < (it.returnedUntil ?? '')) return;
  throw new DomainError(
    'conflict',
    'state.transition_not_allowed',
    'The time for an answer has passed; send it anew.',
    { facts: { status: it.status, returnedUntil: it.returnedUntil } },
  );
};

/** The full plan again after a return, under the program of today. */
export const resubmitRequest = (request: FundRequest, plan: Plan, about: Terms & Submission): FundRequest => {
  const status = moveTo(fundRequestLifecycle, request.status, 'submitted');
  mustBeInTime(request, about.now);
  checkPlan(plan, about, about.now);
  // What the full body leaves out is gone; `region` is the only part of it that may be left out.
  const { returnedUntil: _until, region: _region, ...rest } = decided(request);
  return {
    ...rest,
    ...plan,
    status,
    programVersion: about.version,
    terms: termsOf(plan, about.program),
    ...awaiting(request, 'mdf_request', about),
  };
};

/** The partner may say why. */
export const withdrawRequest = (request: FundRequest, reason?: string): FundRequest => {
  const { returnedUntil: _until, ...rest } = decided(request);
  return {
    ...rest,
    status: moveTo(fundRequestLifecycle, request.status, 'withdrawn'),
    ...(reason ? { reason } : {}),
  };
};

/** What time makes of a request: a question nobody answered, or a claim window that is over with nothing under review. */
export const endedBy = (
  request: FundRequest,
  balances: RequestBalances,
  now: Instant,
): 'expired' | 'completed' | undefined => {
  if (request.status === 'returned') return now >= (request.returnedUntil ?? now) ? 'expired' : undefined;
  if (request.status !== 'approved' || balances.inReview > 0) return undefined;
  const isUsedUp = balances.reservedLeft === 0;
  if (!isUsedUp && now < (releaseAt(request, balances) ?? now)) return undefined;
  return balances.reimbursed > 0 ? 'completed' : 'expired';
};

/** Throws when its time has not come. */
export const endRequest = (request: FundRequest, to: 'expired' | 'completed'): FundRequest => ({
  ...decided(request),
  status: moveTo(fundRequestLifecycle, request.status, to),
});
