import { awaiting } from '#shared/core/awaited.ts';
import { DomainError } from '#shared/core/errors.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { addMoney, compareMoney, type Money } from '#shared/core/money.ts';
import type { Instant } from '#shared/core/time.ts';
import { type Claim, claimLifecycle } from './claim.ts';
import type { Submission } from './request-life.ts';

const notNow = (claim: Claim, message: string): DomainError =>
  new DomainError('conflict', 'state.transition_not_allowed', message, { facts: { status: claim.status } });

/**
 * The partner says that a decision was wrong: it is decided anew, by somebody else, about what was refused. Once for each claim, as long as
 * the program says. The status stays what it is until that is answered.
 */
export const disputeClaim = (claim: Claim, reason: string, about: Submission): Claim => {
  const isRefused = claim.status === 'rejected' || claim.status === 'partially_approved';
  if (!isRefused || !claim.decidedAt)
    throw notNow(claim, 'Only what was rejected, or approved in part, can be disputed.');
  if (claim.disputedAt) throw notNow(claim, `It was disputed once, at ${claim.disputedAt}.`);
  if (claim.clawedBackAt) throw notNow(claim, 'What was paid for it was taken back.');
  const { disputableUntil = claim.decidedAt } = claim;
  if (about.now >= disputableUntil) throw notNow(claim, `It could be disputed until ${disputableUntil}.`);
  return { ...claim, disputedAt: about.now, disputeReason: reason, ...awaiting(claim, 'mdf_claim', about) };
};

/** The dispute is granted, whole or in part: so much more is approved. */
export const grantDispute = (
  claim: Claim,
  more: Money,
  about: { readonly now: Instant; readonly reason: string | undefined },
): Claim => {
  const { awaits: _awaits, ...rest } = claim;
  const approvedAmount = claim.approvedAmount ? addMoney(claim.approvedAmount, more) : more;
  const isWhole = compareMoney(approvedAmount, claim.claimedAmount) === 0;
  return {
    ...rest,
    status: moveTo(claimLifecycle, claim.status, isWhole ? 'approved' : 'partially_approved'),
    approvedAmount,
    disputeAnsweredAt: about.now,
    ...(about.reason ? { reason: about.reason } : {}),
  };
};

/** The decision stays. */
export const refuseDispute = (claim: Claim, reason: string, now: Instant): Claim => {
  const { awaits: _awaits, ...rest } = claim;
  return { ...rest, reason, disputeAnsweredAt: now };
};

/** It was found false: what was paid for it is taken back, whatever was decided. */
export const clawBack = (
  claim: Claim,
  { reason, forFraud }: { readonly reason: string; readonly forFraud?: true | undefined },
  now: Instant,
): Claim => {
  if (!claim.approvedAmount) throw notNow(claim, 'Nothing was approved of it, so nothing can be taken back.');
  if (claim.clawedBackAt) throw notNow(claim, `It was taken back at ${claim.clawedBackAt}.`);
  if (claim.awaits) throw notNow(claim, 'A dispute of it waits for its answer.');
  return { ...claim, reason, clawedBackAt: now, ...(forFraud ? { clawedBackForFraud: forFraud } : {}) };
};
