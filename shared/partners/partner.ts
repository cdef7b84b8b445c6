import * as z from 'zod';
import { Awaited } from '#shared/core/awaited.ts';
import { Address, Contact, written } from '#shared/core/contacts.ts';
import { registrableDomain, WebsiteUrl } from '#shared/core/domains.ts';
import { Tracked } from '#shared/core/history.ts';
import type { Lifecycle } from '#shared/core/lifecycle.ts';
import { Money } from '#shared/core/money.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { Instant } from '#shared/core/time.ts';
import { TierAppeal, TierAppealWords, TierHeld, TierLowered, TierNotice, TierOverride } from './tier-standing.ts';

export const partnerStatuses = [
  'applied',
  'returned',
  'approved',
  'active',
  'suspended',
  'terminated',
  'rejected',
  'lapsed',
] as const;
export const PartnerStatus = z.enum(partnerStatuses);
export type PartnerStatus = z.infer<typeof PartnerStatus>;

/** API.md *Lifecycles*. */
export const partnerLifecycle: Lifecycle<PartnerStatus> = {
  applied: ['approved', 'rejected', 'returned'],
  returned: ['applied', 'lapsed'],
  approved: ['active', 'lapsed'],
  active: ['suspended', 'terminated'],
  suspended: ['active', 'terminated'],
  terminated: [],
  rejected: [],
  lapsed: [],
};

/** Criteria are the program's own; this is only how one is written. */
const CriterionName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/, 'must be the id of a criterion of the program');
const mostCriteria = 20;
const fewEnough = (record: object): boolean => Object.keys(record).length <= mostCriteria;
const tooMany = `must have at most ${mostCriteria} entries`;

/** What a company tells about itself when it applies. */
export const Application = z
  .strictObject({
    company: z.strictObject({ name: written(200), websiteUrl: WebsiteUrl, address: Address }),
    /** The first is the main one. */
    types: z
      .array(z.string().max(64))
      .min(1)
      .max(12)
      .refine((types) => new Set(types).size === types.length, 'must name each type once'),
    region: z.string().max(64),
    /** The first is whom we write to, and who is invited when the application is approved. */
    contacts: z.array(Contact).min(1).max(10),
    /** By the criteria of the program's ideal partner profile. */
    answers: z.record(CriterionName, written(2000)).refine(fewEnough, tooMany),
    customersServed: written(2000).optional(),
    why: written(2000).optional(),
  })
  .meta({ id: 'Application' });
export type Application = z.infer<typeof Application>;

/** A reviewer's scores on the program's criteria, with a note each. */
export const Evaluation = z
  .record(CriterionName, z.strictObject({ score: z.int().min(1).max(5), note: written(1000) }))
  .refine(fewEnough, tooMany)
  .meta({ id: 'Evaluation' });
export type Evaluation = z.infer<typeof Evaluation>;

/** What a machine found about an application, for whoever reviews it. A `fail` needs a person; a `warn` is only told. */
export const ScreeningCheck = z.strictObject({
  check: z.string(),
  outcome: z.enum(['pass', 'warn', 'fail']),
  detail: z.string(),
});
export type ScreeningCheck = z.infer<typeof ScreeningCheck>;

/** The agreement as it was sent: its version in the program, until when it can be accepted, and who accepted it when. */
export const Agreement = z.strictObject({
  version: z.string(),
  sentAt: Instant,
  lapsesAt: Instant,
  acceptedAt: Instant.optional(),
  acceptedBy: z.string().optional(),
});

export const mostTargets = 40;

/** By fiscal quarter. */
export const Targets = z
  .record(Quarter, Money)
  .refine((targets) => Object.keys(targets).length <= mostTargets, `must have at most ${mostTargets} entries`)
  .meta({ id: 'Targets' });
export type Targets = z.infer<typeof Targets>;

export const Partner = z.object({
  ...Tracked.shape,
  status: PartnerStatus,
  company: z.object({ name: z.string(), websiteUrl: z.string(), domain: z.string(), address: Address }),
  types: z.array(z.string()),
  region: z.string(),
  contacts: z.array(Contact),
  answers: z.record(z.string(), z.string()),
  customersServed: z.string().optional(),
  why: z.string().optional(),
  tier: z.string(),
  /** The partner manager who looks after it. */
  ownerId: z.string().optional(),
  checks: z.array(ScreeningCheck),
  /** An earlier partnership of the company was terminated, and staff brought it back. */
  terminatedBefore: z.literal(true).optional(),
  evaluation: Evaluation.optional(),
  /** 1 to 5, two decimals, by the program's weights. */
  evaluationScore: z.number().optional(),
  /** Version of the program it applied under. */
  programVersion: z.int().positive(),
  /** When the application came in as it now is. */
  submittedAt: Instant,
  returnedUntil: Instant.optional(),
  approvedAt: Instant.optional(),
  agreement: Agreement.optional(),
  signer: z.object({ name: z.string(), title: z.string() }).optional(),
  activeAt: Instant.optional(),
  /** When its first deal was approved: the partner is productive from then on. */
  firstDealApprovedAt: Instant.optional(),
  suspendedAt: Instant.optional(),
  terminatedAt: Instant.optional(),
  /** Why it was rejected, returned, suspended, reinstated or terminated. */
  reason: z.string().optional(),
  /** What it has agreed to sell in a fiscal quarter: `{"2026-Q3": …}`. */
  targets: Targets.optional(),
  /** Rules of the program that were agreed with it instead of those they are alternatives to. */
  agreedIncentives: z.array(z.string()).optional(),
  /** It agrees that what is earned by its reps is paid to them. */
  repPayments: z.boolean().optional(),
  /** How often it has said where it is paid; the details stand by themselves. */
  payeeVersion: z.int().positive().optional(),
  /** Addresses that were taken off its contacts lately: they too are told when money is to go elsewhere. */
  formerContacts: z.array(z.object({ email: z.string(), until: Instant })).optional(),
  /** Why it is in its tier, when a person put it there. */
  tierReason: z.string().optional(),
  tierOverride: TierOverride.optional(),
  tierNotice: TierNotice.optional(),
  tierHeld: TierHeld.optional(),
  tierLowered: TierLowered.optional(),
  /** Hash of the judgement that a run let act on the tier last: the same one does so again only after another. */
  tierJudged: z.string().optional(),
  tierAppeal: TierAppeal.optional(),
  tierAppealWords: TierAppealWords.optional(),
  approvals: z.int().nonnegative(),
  awaits: Awaited.optional(),
  /**
   * What happens to it next by itself: an unaccepted agreement, or an unanswered question, lapses; of an active partner, it is told
   * again that its tier is in danger, loses it, or staff are reminded of its appeal.
   */
  due: z.object({ what: z.enum(['lapse', 'tier_notice', 'tier_loss', 'tier_appeal']), at: Instant }).optional(),
  needsAttention: z.string().optional(),
});
export type Partner = z.infer<typeof Partner>;

/** Words by or about persons, who may be the company itself, and what reviewers think, which is not for the partner: events name them only. */
export const personalPartnerFields: readonly string[] = [
  'company',
  'contacts',
  'formerContacts',
  'answers',
  'customersServed',
  'why',
  'checks',
  'evaluation',
  'evaluationScore',
  'signer',
  'reason',
  'tierReason',
  'tierAppealWords',
];

/** The company as it is known by its registrable domain. */
export const companyOf = (input: Application): Partner['company'] => {
  const domain = registrableDomain(input.company.websiteUrl);
  // WebsiteUrl lets in only what has a registrable domain.
  if (domain === undefined) throw new Error('A parsed website has no domain.');
  return { ...input.company, domain };
};

/** The status by time: what should have lapsed has, whether or not the sweep has come by. */
export const statusAt = (partner: Partner, now: string): PartnerStatus =>
  partner.due?.what === 'lapse' && partner.due.at <= now ? 'lapsed' : partner.status;
