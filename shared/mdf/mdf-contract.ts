import * as z from 'zod';
import { written } from '#shared/core/contacts.ts';
import { contract, pageOf, pageQuery, ThingId } from '#shared/core/contract.ts';
import { Money, PositiveMoney } from '#shared/core/money.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { Instant } from '#shared/core/time.ts';
import { ForFraud } from '#shared/earnings/for-fraud.ts';
import { AllocationKind, BudgetStatus } from './budget.ts';
import { Claim, ClaimContent, ClaimStatus } from './claim.ts';
import { FundRequest, FundRequestStatus, Plan } from './fund-request.ts';

/** A budget as callers see it: what was given is either still available, or reserved, in review, reimbursed or expired. */
export const BudgetView = z
  .object({
    id: z.string(),
    status: BudgetStatus,
    version: z.int().positive(),
    createdAt: Instant,
    updatedAt: Instant,
    partnerId: z.string(),
    quarter: Quarter,
    expiresAt: Instant,
    allocated: Money,
    available: Money,
    reserved: Money,
    inReview: Money,
    reimbursed: Money,
    expired: Money,
    allocations: z.array(z.strictObject({ kind: AllocationKind, amount: Money, at: Instant })),
  })
  .meta({ id: 'MdfBudget' });
export type BudgetView = z.infer<typeof BudgetView>;

const { head: _head, doneKeys: _doneKeys, approvals: _approvals, ...shown } = FundRequest.shape;

const {
  head: _claimHead,
  doneKeys: _claimKeys,
  approvals: _claimApprovals,
  contentHash: _hash,
  documents: _documents,
  ...shownOfClaim
} = Claim.shape;

/** A claim as callers see it. */
export const ClaimView = z.object(shownOfClaim).meta({ id: 'MdfClaim' });
export type ClaimView = z.infer<typeof ClaimView>;

const Figures = z.strictObject({
  leads: z.int().nonnegative(),
  pipeline: Money,
  /** In all, net of VAT. */
  cost: Money,
  costPerLead: Money.optional(),
});

/** What an activity brought, against what it promised. */
export const MdfReturn = z
  .strictObject({
    promised: Figures,
    /** As its claims say. */
    actual: Figures,
    /** Registered from the activity; what of them is open or won, and what was sold. */
    deals: z.int().nonnegative(),
    registeredPipeline: Money,
    revenue: Money,
  })
  .meta({ id: 'MdfReturn' });
export type MdfReturn = z.infer<typeof MdfReturn>;

/** A fund request as callers see it. */
export const FundRequestView = z
  .object({
    ...shown,
    /** Of the approved amount: not claimed yet, claimed and not decided on, and reimbursed. */
    reserved: Money.optional(),
    inReview: Money.optional(),
    reimbursed: Money.optional(),
    /** Of an approved one, where it is read by itself. */
    return: MdfReturn.optional(),
  })
  .meta({ id: 'FundRequest' });
export type FundRequestView = z.infer<typeof FundRequestView>;

const changing = ['not_found', 'version.stale', 'state.transition_not_allowed'] as const;
const asking = [
  'partner.not_active',
  'mdf.budget_exceeded',
  'mdf.activity_not_eligible',
  'mdf.dates_out_of_range',
  'mdf.share_too_high',
  'money.currency_mismatch',
  'program.unknown_region',
] as const;

export const listMdfBudgets = contract({
  operation: 'list-mdf-budgets',
  summary: 'List MDF budgets with their balances, latest quarter first; partners see their own',
  query: z.strictObject({ ...pageQuery, partnerId: ThingId.optional(), quarter: Quarter.optional() }),
  answers: { 200: pageOf(BudgetView) },
  errors: ['not_found'],
});

export const allocateMdfBudget = contract({
  operation: 'allocate-mdf-budget',
  summary: 'Give a partner more budget for a quarter, or open it before the schedule does',
  body: z.strictObject({ partnerId: ThingId, quarter: Quarter, kind: AllocationKind, amount: PositiveMoney }),
  answers: { 201: BudgetView },
  errors: [
    'not_found',
    'mdf.quarter_over',
    'mdf.tier_budget_given',
    'money.currency_mismatch',
    'money.out_of_range',
    'version.stale',
  ],
});

export const submitMdfRequest = contract({
  operation: 'submit-mdf-request',
  summary: 'Ask for funds for an activity, before the money is spent',
  body: z.strictObject({ ...Plan.shape, partnerId: ThingId.optional() }),
  answers: { 201: FundRequestView },
  errors: ['not_found', ...asking],
});

export const listMdfRequests = contract({
  operation: 'list-mdf-requests',
  summary: 'List fund requests, newest first; partners see their own',
  query: z.strictObject({
    ...pageQuery,
    status: FundRequestStatus.optional(),
    quarter: Quarter.optional(),
    partnerId: ThingId.optional(),
  }),
  answers: { 200: pageOf(FundRequestView) },
  errors: ['not_found'],
});

const params = z.strictObject({ requestId: ThingId });

export const getMdfRequest = contract({
  operation: 'get-mdf-request',
  summary: 'Read a fund request',
  params,
  answers: { 200: FundRequestView },
  errors: ['not_found'],
});

export const resubmitMdfRequest = contract({
  operation: 'resubmit-mdf-request',
  summary: 'Send a returned fund request again',
  params,
  body: Plan,
  answers: { 200: FundRequestView },
  errors: [...changing, ...asking],
});

export const withdrawMdfRequest = contract({
  operation: 'withdraw-mdf-request',
  summary: 'Withdraw a fund request that is not decided yet',
  params,
  body: z.strictObject({ reason: written(500).optional() }),
  answers: { 200: FundRequestView },
  errors: changing,
});

const claiming = [
  'partner.not_active',
  'document.not_verified',
  'mdf.budget_exceeded',
  'mdf.claim_window_closed',
  'mdf.dates_out_of_range',
  'mdf.document_already_claimed',
  'mdf.invoice_already_claimed',
  'mdf.listed_twice',
  'mdf.proof_missing',
  'mdf.share_too_high',
  'money.currency_mismatch',
  'money.out_of_range',
  'state.transition_not_allowed',
] as const;

export const submitMdfClaim = contract({
  operation: 'submit-mdf-claim',
  summary: 'Claim what an approved activity has cost, with invoices and proof',
  params,
  body: ClaimContent,
  answers: { 201: ClaimView },
  errors: ['not_found', ...claiming],
});

export const listMdfClaims = contract({
  operation: 'list-mdf-claims',
  summary: 'List claims, newest first; partners see their own',
  query: z.strictObject({
    ...pageQuery,
    status: ClaimStatus.optional(),
    requestId: ThingId.optional(),
    partnerId: ThingId.optional(),
  }),
  answers: { 200: pageOf(ClaimView) },
  errors: ['not_found'],
});

const claimParams = z.strictObject({ claimId: ThingId });

export const getMdfClaim = contract({
  operation: 'get-mdf-claim',
  summary: 'Read a claim',
  params: claimParams,
  answers: { 200: ClaimView },
  errors: ['not_found'],
});

export const resubmitMdfClaim = contract({
  operation: 'resubmit-mdf-claim',
  summary: 'Send a returned claim again',
  params: claimParams,
  body: ClaimContent,
  answers: { 200: ClaimView },
  errors: [...changing, ...claiming],
});

export const disputeMdfClaim = contract({
  operation: 'dispute-mdf-claim',
  summary: 'Dispute a rejection, or what was not approved, in time; somebody else answers',
  params: claimParams,
  body: z.strictObject({ reason: written(2000) }),
  answers: { 202: ClaimView },
  errors: [
    ...changing,
    'mdf.budget_exceeded',
    'mdf.claim_window_closed',
    'mdf.document_already_claimed',
    'mdf.invoice_already_claimed',
  ],
});

export const clawBackMdfClaim = contract({
  operation: 'claw-back-mdf-claim',
  summary: 'Take back what was paid for a claim that was found false',
  params: claimParams,
  body: z.strictObject({ reason: written(2000), forFraud: ForFraud }),
  answers: { 200: ClaimView },
  errors: changing,
});
