import * as z from 'zod';
import { Awaited } from '#shared/core/awaited.ts';
import { hashOf } from '#shared/core/canonical.ts';
import { Tracked } from '#shared/core/history.ts';
import type { Lifecycle } from '#shared/core/lifecycle.ts';
import { addMoney, Money, PositiveMoney, subtractMoney } from '#shared/core/money.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { Day, Instant } from '#shared/core/time.ts';
import { ClaimedDocument } from '#shared/documents/document.ts';
import { Invoice } from '#shared/documents/invoice.ts';
import { ForFraud } from '#shared/earnings/for-fraud.ts';
import { proofKinds } from '#shared/program/named-kinds.ts';

export const claimStatuses = [
  'submitted',
  'returned',
  'approved',
  'partially_approved',
  'rejected',
  'expired',
  'paid',
] as const;
export const ClaimStatus = z.enum(claimStatuses);
export type ClaimStatus = z.infer<typeof ClaimStatus>;

/** API.md *Lifecycles*; what is returned and not answered expires. A dispute that is granted raises what was decided. */
export const claimLifecycle: Lifecycle<ClaimStatus> = {
  submitted: ['approved', 'partially_approved', 'rejected', 'returned'],
  returned: ['submitted', 'expired'],
  approved: ['paid'],
  partially_approved: ['approved', 'partially_approved', 'paid'],
  rejected: ['approved', 'partially_approved'],
  expired: [],
  paid: [],
};

const DocumentId = z.string().min(1).max(100);
const Count = z.int().min(0).max(10_000_000);

/** What a partner claims for an activity that has taken place, and how it shows it. */
export const ClaimContent = z
  .strictObject({
    claimedAmount: PositiveMoney,
    /** Amounts net of VAT. */
    invoices: z
      .array(z.strictObject({ ...Invoice.shape, issuedOn: Day, amount: PositiveMoney, documentId: DocumentId }))
      .min(1)
      .max(10),
    proofs: z.array(z.strictObject({ kind: z.enum(proofKinds), documentId: DocumentId })).max(20),
    /** What the activity brought. */
    outcome: z.strictObject({ leads: Count, pipeline: Money, attendees: Count.optional() }),
  })
  .meta({ id: 'ClaimContent' });
export type ClaimContent = z.infer<typeof ClaimContent>;

export const Claim = z.object({
  ...Tracked.shape,
  status: ClaimStatus,
  partnerId: z.string(),
  requestId: z.string(),
  /** Of the fund request. */
  quarter: Quarter,
  activityType: z.string(),
  programVersion: z.int().positive(),
  ...ClaimContent.shape,
  /** The documents as they were when it was submitted: what is decided on, and paid for. */
  documents: z.array(ClaimedDocument),
  /** Hash of the content and its documents, so that the history proves what was claimed. */
  contentHash: z.string(),
  submittedAt: Instant,
  decidedAt: Instant.optional(),
  /** Everybody who had a say in the decision; a dispute is answered by others. */
  decidedBy: z.array(z.string()).optional(),
  approvedAmount: Money.optional(),
  /** Until then the partner may dispute what was refused. */
  disputableUntil: Instant.optional(),
  /** When the partner disputed the decision, why, and when that was answered. */
  disputedAt: Instant.optional(),
  disputeReason: z.string().optional(),
  disputeAnsweredAt: Instant.optional(),
  /** When it was found false, and what was paid for it taken back. */
  clawedBackAt: Instant.optional(),
  /** The partner meant it to be false: all of it comes off its next payout. */
  clawedBackForFraud: ForFraud,
  returnedUntil: Instant.optional(),
  /** Why it was rejected, returned or not approved whole. */
  reason: z.string().optional(),
  approvals: z.int().nonnegative(),
  awaits: Awaited.optional(),
  needsAttention: z.string().optional(),
});
export type Claim = z.infer<typeof Claim>;

/** Suppliers may be persons, and reasons may speak of them; events name these only and hold their hash. */
export const personalClaimFields: readonly string[] = [
  'invoices',
  'proofs',
  'outcome',
  'documents',
  'reason',
  'disputeReason',
];

export const hashOfContent = (content: ClaimContent, documents: readonly ClaimedDocument[]): string =>
  hashOf([content, documents]);

/** What was claimed and not approved. */
export const refusedOf = ({ claimedAmount, approvedAmount }: Pick<Claim, 'claimedAmount' | 'approvedAmount'>): Money =>
  approvedAmount ? subtractMoney(claimedAmount, approvedAmount) : claimedAmount;

/** Whether a decision on it is disputed and not answered yet. */
export const isDisputed = (claim: Pick<Claim, 'disputedAt' | 'disputeAnsweredAt'>): boolean =>
  claim.disputedAt !== undefined && claim.disputeAnsweredAt === undefined;

/** Net of VAT. */
export const invoiced = ({ invoices, claimedAmount }: Pick<ClaimContent, 'invoices' | 'claimedAmount'>): Money =>
  invoices.reduce<Money>((sum, { amount }) => addMoney(sum, amount), { ...claimedAmount, amountMinor: 0 });

/** What is to be used once, whichever claim it stands in. */
export const holdingsOf = ({ documents, invoices }: Pick<Claim, 'documents' | 'invoices'>) => ({
  documents,
  invoices: invoices.map(({ supplier, number }) => ({ supplier, number })),
});
