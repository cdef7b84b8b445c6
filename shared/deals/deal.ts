import * as z from 'zod';
import { Awaited } from '#shared/core/awaited.ts';
import { Address, Contact, CountryCode, written } from '#shared/core/contacts.ts';
import { WebsiteUrl } from '#shared/core/domains.ts';
import { Tracked } from '#shared/core/history.ts';
import type { Lifecycle } from '#shared/core/lifecycle.ts';
import { Money } from '#shared/core/money.ts';
import { Day, Instant } from '#shared/core/time.ts';
import { ForFraud } from '#shared/earnings/for-fraud.ts';

export const dealStatuses = [
  'submitted',
  'returned',
  'approved',
  'rejected',
  'won',
  'lost',
  'expired',
  'withdrawn',
  'superseded',
] as const;
export const DealStatus = z.enum(dealStatuses);
export type DealStatus = z.infer<typeof DealStatus>;

/** API.md *Lifecycles*. Contests (`contested`, `superseded`) are opened by a later issue. */
export const dealLifecycle: Lifecycle<DealStatus> = {
  submitted: ['approved', 'rejected', 'returned', 'withdrawn'],
  returned: ['submitted', 'withdrawn', 'expired'],
  approved: ['won', 'lost', 'expired', 'withdrawn', 'superseded'],
  rejected: [],
  won: [],
  lost: [],
  expired: [],
  withdrawn: [],
  superseded: [],
};

/** Stages of an approved deal; won and lost are statuses, reached only by closing. */
export const DealStage = z.enum(['qualified', 'proposal', 'negotiation']);
export type DealStage = z.infer<typeof DealStage>;

export const DealType = z.enum(['new', 'expansion', 'renewal']);

export const Customer = z
  .strictObject({
    companyName: written(200),
    websiteUrl: WebsiteUrl,
    countryCode: CountryCode,
    /** A segment of the program's territories, such as `public-sector`. */
    segment: z.string().max(64).optional(),
    address: Address.optional(),
  })
  .meta({ id: 'Customer' });

/** A partner's part in a deal. */
export const Attribution = z.strictObject({
  partnerId: z.string(),
  role: z.enum(['sourced', 'influenced']),
  sharePercent: z.int().min(0).max(100),
  evidence: written(1000).optional(),
});

/** The person of the partner who works on the deal; SPIFFs go to this person. */
export const Rep = z.strictObject({ name: written(200), email: z.email().max(254).toLowerCase() });

/** What a partner proposes when it says that its deal is closed. */
export const Closing = z.strictObject({
  outcome: z.enum(['won', 'lost']),
  value: Money.optional(),
  closedOn: Day,
  lossReason: written(500).optional(),
  invoicePaidOn: Day.optional(),
});
export type Closing = z.infer<typeof Closing>;

/** What a registration needs from the partner. */
export const Registration = z
  .strictObject({
    customer: Customer,
    productLine: z.string().max(64),
    dealType: DealType,
    value: Money,
    expectedCloseDate: Day,
    contacts: z.array(Contact).min(1).max(10),
    sourceNotes: written(2000),
    rep: Rep.optional(),
  })
  .meta({ id: 'Registration' });
export type Registration = z.infer<typeof Registration>;

/** What the customer paid, in minor units of the deal's currency: when, and when we heard of it. */
export const Payment = z.strictObject({ amountMinor: z.int().positive(), paidOn: Day, at: Instant });
export type Payment = z.infer<typeof Payment>;

/** What went back to the customer, or that it left; `afterPayments` counts those that had been made by then. */
export const Refund = z.strictObject({
  kind: z.enum(['refund', 'churn']),
  amountMinor: z.int().nonnegative(),
  occurredOn: Day,
  at: Instant,
  afterPayments: z.int().nonnegative(),
  /** The partner had a hand in it: all that is taken back comes off its next payout. */
  forFraud: ForFraud,
});
export type Refund = z.infer<typeof Refund>;

/** What the customer reached in using what it bought: on which day, and when we heard of it. */
export const Milestone = z.strictObject({ milestone: z.string(), reachedOn: Day, at: Instant });

/** A calendar month, `2026-09`. */
export const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month written YYYY-MM, for example "2026-09"');

/** What the customer used in a month, in minor units of the deal's currency, and when we heard of it; the last word on a month counts. */
export const Usage = z.strictObject({ period: Month, amountMinor: z.int().nonnegative(), at: Instant });

/**
 * What the sweep does to a deal, and when: warn before the end of protection, end it, end the wait for an answer; book what a won
 * deal earns, where the stream has not.
 */
export const DealDue = z.object({
  what: z.enum(['warn', 'expire', 'lapse', 'earn']),
  at: Instant,
  daysBefore: z.int().optional(),
});
export type DealDue = z.infer<typeof DealDue>;

export const Deal = z.object({
  ...Tracked.shape,
  status: DealStatus,
  partnerId: z.string(),
  customer: z.object({ ...Customer.shape, domain: z.string() }),
  productLine: z.string(),
  dealType: DealType,
  value: Money,
  expectedCloseDate: Day,
  contacts: z.array(Contact),
  sourceNotes: z.string(),
  rep: Rep.optional(),
  /** The approved fund request whose activity it came from. */
  mdfRequestId: z.string().optional(),
  notes: z.string().optional(),
  stage: DealStage.optional(),
  attributions: z.array(Attribution),
  /** Version of the program it was registered under; it is paid under that one. */
  programVersion: z.int().positive(),
  approvedAt: Instant.optional(),
  protectedUntil: Instant.optional(),
  /** When the one extension was granted. */
  extendedAt: Instant.optional(),
  progressNotes: z.string().optional(),
  /** Days before the end of protection for which the partner has been warned. */
  warnedDays: z.array(z.int()).optional(),
  returnedUntil: Instant.optional(),
  /** Why it was rejected or returned, or its close refused, in the reviewer's words; why it was withdrawn, in the partner's. */
  reason: z.string().optional(),
  approvals: z.int().nonnegative(),
  /** It was approved at once, because it was small. */
  unreviewed: z.literal(true).optional(),
  awaits: Awaited.optional(),
  closing: Closing.optional(),
  closedOn: Day.optional(),
  lossReason: z.string().optional(),
  invoicePaidOn: Day.optional(),
  wonAt: Instant.optional(),
  payments: z.array(Payment).optional(),
  refunds: z.array(Refund).optional(),
  /** Each is reached once. */
  milestones: z.array(Milestone).optional(),
  /** In the order in which it was told; a month that is there again was corrected. */
  usage: z.array(Usage).optional(),
  /** What happens to it next by itself. */
  due: DealDue.optional(),
  needsAttention: z.string().optional(),
});
export type Deal = z.infer<typeof Deal>;

/** These hold words about persons; events name them only. */
export const personalDealFields: readonly string[] = [
  'contacts',
  'rep',
  'sourceNotes',
  'notes',
  'progressNotes',
  'reason',
  'lossReason',
];

/**
 * Live by time, never by status alone: what is approved holds nothing once its protection has ended, what is returned once it lapsed.
 * A close that was proposed in time keeps the deal until it is decided, however long that takes.
 */
export const isLive = (
  deal: Pick<Deal, 'status' | 'protectedUntil' | 'returnedUntil' | 'closing'>,
  now: string,
): boolean =>
  deal.status === 'submitted' ||
  (deal.status === 'returned' && (deal.returnedUntil ?? '') > now) ||
  (deal.status === 'approved' && (deal.closing !== undefined || (deal.protectedUntil ?? '') > now));
