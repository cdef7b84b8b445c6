import * as z from 'zod';
import { Address, Contact, written } from '#shared/core/contacts.ts';
import { contract, pageOf, pageQuery, ThingId } from '#shared/core/contract.ts';
import { Day, Instant } from '#shared/core/time.ts';
import { Payee } from '#shared/payouts/payee.ts';
import { PayeeInput } from '#shared/payouts/payee-input.ts';
import { Agreement, Application, Evaluation, Partner, PartnerStatus, ScreeningCheck, Targets } from './partner.ts';
import { SuccessPlan } from './success-plan.ts';

const {
  head: _head,
  doneKeys: _doneKeys,
  due: _due,
  approvals: _approvals,
  signer: _signer,
  agreement: _agreement,
  checks: _checks,
  payeeVersion: _payeeVersion,
  formerContacts: _formerContacts,
  tierJudged: _tierJudged,
  ...shown
} = Partner.shape;

/** A partner as callers see it; what only staff sees is left out for its own people. */
export const PartnerView = z
  .object({
    ...shown,
    agreement: Agreement.extend({ signerName: z.string().optional(), signerTitle: z.string().optional() }).optional(),
    checks: z.array(ScreeningCheck).optional(),
    /** Whole days from becoming active to the first approved deal. */
    timeToProductivityDays: z.int().nonnegative().optional(),
    successPlan: SuccessPlan.optional(),
    /** Where it is paid, for its own administrators and for finance. */
    payee: Payee.optional(),
  })
  .meta({ id: 'Partner' });
export type PartnerView = z.infer<typeof PartnerView>;

/** Where an application stands, for whoever holds its status token. */
export const ApplicationView = z
  .object({
    id: z.string(),
    status: PartnerStatus,
    version: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
    company: z.object({ name: z.string(), domain: z.string() }),
    submittedAt: Instant,
    /** The reviewer's question, or why it was rejected. */
    reason: z.string().optional(),
    nextStep: z.string(),
    /** Until when the next step is taken, by the applicant or by us. */
    nextStepUntil: Instant.optional(),
  })
  .meta({ id: 'ApplicationStatus' });
export type ApplicationView = z.infer<typeof ApplicationView>;

const statusToken = z.string().max(200);
const params = z.strictObject({ partnerId: ThingId });
const one = { 200: PartnerView };
const reason = z.strictObject({ reason: written(1000) });
const changing = ['not_found', 'version.stale', 'state.transition_not_allowed'] as const;
const applying = [
  'partner.country_blocked',
  'partner.answer_missing',
  'program.unknown_partner_type',
  'program.unknown_region',
  'program.unknown_criterion',
] as const;

export const applyPartner = contract({
  operation: 'apply-partner',
  summary: 'Apply to become a partner; the answer holds the token with which the application is followed',
  body: Application,
  answers: { 201: z.object({ ...PartnerView.shape, statusToken: z.string() }).meta({ id: 'AppliedPartner' }) },
  errors: ['partner.duplicate', ...applying],
});

export const getApplication = contract({
  operation: 'get-application',
  summary: 'See where an application stands and what comes next',
  params,
  query: z.strictObject({ statusToken }),
  answers: { 200: ApplicationView },
  errors: ['not_found'],
});

export const resubmitApplication = contract({
  operation: 'resubmit-application',
  summary: 'Send a returned application again, whole; the status token goes into the query or the body',
  params,
  query: z.strictObject({ statusToken: statusToken.optional() }),
  body: Application.extend({ statusToken: statusToken.optional() }),
  answers: { 200: ApplicationView },
  errors: [...changing, ...applying, 'partner.domain_fixed'],
});

export const listPartners = contract({
  operation: 'list-partners',
  summary: 'List partners, newest first, or candidates by their evaluation; partners see themselves',
  query: z
    .strictObject({
      ...pageQuery,
      status: PartnerStatus.optional(),
      tier: z.string().max(64).optional(),
      type: z.string().max(64).optional(),
      region: z.string().max(64).optional(),
      sort: z.literal('-evaluation').optional(),
    })
    .refine(({ sort, status }) => sort === undefined || status !== undefined, {
      path: ['status'],
      message: 'must say of which status the partners are to be ranked',
    }),
  answers: { 200: pageOf(PartnerView) },
  errors: ['not_found'],
});

export const getPartner = contract({
  operation: 'get-partner',
  summary: 'Read a partner',
  params,
  answers: one,
  errors: ['not_found'],
});

export const updatePartner = contract({
  operation: 'update-partner',
  summary: 'Its administrator changes contacts, address and payment details; staff changes owner, region and tier',
  params,
  body: z
    .strictObject({
      contacts: z.array(Contact).min(1).max(10).optional(),
      address: Address.optional(),
      ownerId: ThingId.optional(),
      region: z.string().max(64).optional(),
      tier: z.string().max(64).optional(),
      /** The last day on which the tier is kept, whatever the figures of quarters say. */
      tierUntil: Day.optional(),
      /** Needed when the tier changes, or is kept until a day. */
      reason: written(1000).optional(),
      /** Sales agreed for fiscal quarters; those that are named replace what was agreed before. */
      targets: Targets.optional(),
      /** Incentives agreed instead of those they are alternatives to. */
      agreedIncentives: z.array(z.string().max(60)).max(50).optional(),
      /** Whether the partner agrees that its reps are paid themselves. */
      repPayments: z.boolean().optional(),
      payee: PayeeInput.optional(),
    })
    .refine((changes) => Object.keys(changes).some((name) => name !== 'reason'), 'must change something'),
  answers: one,
  errors: [
    ...changing,
    'version.required',
    'program.unknown_region',
    'program.unknown_tier',
    'partner.reason_missing',
    'partner.tier_until_past',
    'program.unknown_incentive',
    'partner.too_many_targets',
    'money.currency_mismatch',
  ],
  needsVersion: true,
});

export const evaluatePartner = contract({
  operation: 'evaluate-partner',
  summary: 'Score a candidate or a partner on every criterion of the program',
  params,
  body: Evaluation,
  answers: one,
  errors: [...changing, 'version.required', 'partner.score_missing', 'program.unknown_criterion'],
});

export const acceptAgreement = contract({
  operation: 'accept-agreement',
  summary: 'Accept the agreement that was sent; the partner is active from then on',
  params,
  body: z.strictObject({
    version: z.string().max(100),
    signerName: written(200),
    signerTitle: written(200),
    accepted: z.literal(true),
  }),
  answers: one,
  errors: [...changing, 'partner.agreement_version_differs'],
});

export const suspendPartner = contract({
  operation: 'suspend-partner',
  summary: 'Suspend a partner: no new deals or claims; what is owed stays owed',
  params,
  body: reason,
  answers: one,
  errors: changing,
});

export const reinstatePartner = contract({
  operation: 'reinstate-partner',
  summary: 'End a suspension',
  params,
  body: reason,
  answers: one,
  errors: changing,
});

export const terminatePartner = contract({
  operation: 'terminate-partner',
  summary: 'End a partnership; the company comes back only through a partner manager',
  params,
  body: reason,
  answers: one,
  errors: changing,
});

export const appealTier = contract({
  operation: 'appeal-tier',
  summary: 'Say why the tier should stay, or come back; until the answer nothing is lost',
  params,
  body: reason,
  answers: one,
  errors: ['not_found', 'version.stale', 'partner.nothing_to_appeal', 'partner.already_appealed'],
});

export const answerTierAppeal = contract({
  operation: 'answer-tier-appeal',
  summary: 'Answer an appeal; upheld, the partner keeps its tier, or has it back, until a day',
  params,
  body: z.strictObject({
    outcome: z.enum(['uphold', 'reject']),
    reason: written(1000),
    /** Of an appeal that is upheld: the last day on which the tier is kept whatever the figures say. */
    tierUntil: Day.optional(),
  }),
  answers: one,
  errors: [
    'not_found',
    'version.stale',
    'version.required',
    'partner.no_open_appeal',
    'partner.own_tier_decision',
    'partner.tier_until_missing',
    'partner.tier_until_past',
  ],
  needsVersion: true,
});
