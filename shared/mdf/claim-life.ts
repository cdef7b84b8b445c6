import { awaiting } from '#shared/core/awaited.ts';
import { DomainError } from '#shared/core/errors.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { compareMoney, type Money } from '#shared/core/money.ts';
import { addDays, type Instant } from '#shared/core/time.ts';
import { refuseBroken } from '#shared/deals/registration-faults.ts';
import type { ClaimedDocument } from '#shared/documents/document.ts';
import type { Program } from '#shared/program/program.ts';
import { type Claim, type ClaimContent, claimLifecycle, hashOfContent } from './claim.ts';
import { claimFaults, repeatFaults } from './claim-faults.ts';
import type { FundRequest } from './fund-request.ts';
import { mustBeInTime, type Submission } from './request-life.ts';

/** A claim as it comes in: what it says, and the documents it names as they are now. */
export interface ClaimInput {
  readonly content: ClaimContent;
  readonly documents: readonly ClaimedDocument[];
}

const mustBeOpen = (request: FundRequest, now: Instant): void => {
  if (request.status !== 'approved') {
    const message = `Only an approved request can be claimed; this one is ${request.status}.`;
    throw new DomainError('conflict', 'state.transition_not_allowed', message, { facts: { status: request.status } });
  }
  if (now < (request.claimUntil ?? '')) return;
  const message = `It could be claimed until ${request.claimUntil}.`;
  throw new DomainError('rule', 'mdf.claim_window_closed', message, { facts: { claimUntil: request.claimUntil } });
};

/** Throws the first broken rule's code, with every broken rule among its errors. */
export const checkContent = (
  { content, documents }: ClaimInput,
  request: FundRequest,
  about: { readonly now: Instant; readonly timeZone: string },
): void => {
  const sha256 = documents.map((document) => document.sha256);
  refuseBroken([...claimFaults(content, { request, ...about }), ...repeatFaults(content, sha256)]);
};

/**
 * A new claim for an approved request, submitted and waiting for a decision. Throws `state.transition_not_allowed`,
 * `mdf.claim_window_closed`. What of the reservation is left is decided by the write.
 */
export const submitClaim = (
  { content, documents }: ClaimInput,
  request: FundRequest,
  about: Submission & { readonly id: string },
): Claim => {
  const { id, now } = about;
  mustBeOpen(request, now);
  return {
    id,
    status: 'submitted',
    version: 0,
    head: '',
    createdAt: now,
    updatedAt: now,
    partnerId: request.partnerId,
    requestId: request.id,
    quarter: request.quarter,
    activityType: request.activityType,
    programVersion: request.programVersion,
    ...content,
    documents: [...documents],
    contentHash: hashOfContent(content, documents),
    submittedAt: now,
    ...awaiting({ id, approvals: 0 }, 'mdf_claim', about),
  };
};

const decided = ({ awaits: _awaits, reason: _reason, ...rest }: Claim): Claim => rest;

/** When something is decided, by whom, and under which program. */
export interface Deciding {
  readonly now: Instant;
  readonly deciders: readonly string[];
  readonly program: Pick<Program, 'payouts'>;
}

/** What is refused can be disputed for as long as the program says when it is decided; a later version changes nothing about that. */
const disputableUntil = ({ now, program }: Deciding): Instant => addDays(now, program.payouts.disputeWithinDays);

/** Approved whole, or in part where the approved amount is less than the claimed one. */
export const approveClaim = (
  claim: Claim,
  approvedAmount: Money,
  about: Deciding & { readonly reason: string | undefined },
): Claim => {
  const isWhole = compareMoney(approvedAmount, claim.claimedAmount) === 0;
  return {
    ...decided(claim),
    status: moveTo(claimLifecycle, claim.status, isWhole ? 'approved' : 'partially_approved'),
    approvedAmount,
    decidedAt: about.now,
    decidedBy: [...about.deciders],
    ...(isWhole ? {} : { disputableUntil: disputableUntil(about) }),
    ...(about.reason ? { reason: about.reason } : {}),
  };
};

export const rejectClaim = (claim: Claim, reason: string, about: Deciding): Claim => ({
  ...decided(claim),
  status: moveTo(claimLifecycle, claim.status, 'rejected'),
  decidedAt: about.now,
  decidedBy: [...about.deciders],
  disputableUntil: disputableUntil(about),
  reason,
});

/** Sent back with a question; it keeps its reservation and its documents until it lapses. */
export const returnClaim = (
  claim: Claim,
  reason: string,
  about: { readonly now: Instant; readonly program: Pick<Program, 'mdf'> },
): Claim => ({
  ...decided(claim),
  status: moveTo(claimLifecycle, claim.status, 'returned'),
  reason,
  returnedUntil: addDays(about.now, about.program.mdf.returnedLapseDays),
});

/** The full body again after a return, in time even where the claim window has closed since. */
export const resubmitClaim = (claim: Claim, { content, documents }: ClaimInput, about: Submission): Claim => {
  const status = moveTo(claimLifecycle, claim.status, 'submitted');
  mustBeInTime(claim, about.now);
  const { returnedUntil: _until, ...rest } = decided(claim);
  return {
    ...rest,
    ...content,
    status,
    documents: [...documents],
    contentHash: hashOfContent(content, documents),
    submittedAt: about.now,
    ...awaiting(claim, 'mdf_claim', about),
  };
};

/** Nobody answered in time. */
export const lapseClaim = (claim: Claim): Claim => ({
  ...decided(claim),
  status: moveTo(claimLifecycle, claim.status, 'expired'),
});

/** Lapsed by its time, whether or not the sweep has come by. */
export const isLapsed = ({ status, returnedUntil }: Claim, now: Instant): boolean =>
  status === 'returned' && now >= (returnedUntil ?? now);
