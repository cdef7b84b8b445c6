import * as z from 'zod';
import { written } from '#shared/core/contacts.ts';
import { contract, ThingId } from '#shared/core/contract.ts';
import { languages } from '#shared/core/languages.ts';
import { SignedMoney } from '#shared/core/money.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { AnyInstant, Instant } from '#shared/core/time.ts';
import { metricIds } from './metric-ids.ts';
import { rags, trends } from './scorecard.ts';
import { ActionItem, Meeting, ScorecardReview } from './scorecard-review.ts';

const { head: _head, doneKeys: _doneKeys, ...shownOfReview } = ScorecardReview.shape;

export const ScorecardReviewView = z.object(shownOfReview).meta({ id: 'ScorecardReview' });
export type ScorecardReviewView = z.infer<typeof ScorecardReviewView>;

export const viewReview = ({ head: _h, doneKeys: _k, ...review }: ScorecardReview): ScorecardReviewView => review;

/** A count, a percentage, points or a grade; or an amount. */
const Value = z.union([z.number(), SignedMoney]);

export const FigureView = z
  .strictObject({
    metric: z.enum(metricIds),
    name: z.string(),
    group: z.enum(['sales', 'engagement', 'enablement', 'satisfaction']),
    unit: z.enum(['count', 'money', 'percent', 'points', 'grade']),
    formula: z.string().meta({ description: 'From which facts it is told' }),
    actual: Value.optional().meta({ description: 'Absent: nothing tells it' }),
    target: Value.optional(),
    previous: Value.optional().meta({ description: 'Of the quarter before' }),
    trend: z.enum(trends).optional(),
    rag: z.enum(rags),
    ragText: z.string(),
    history: z.array(Value.nullable()).meta({ description: 'Of the last four quarters, oldest first' }),
  })
  .meta({ id: 'ScorecardFigure' });
export type FigureView = z.infer<typeof FigureView>;

const CriterionView = z.strictObject({
  tier: z.string(),
  criterion: z.string(),
  actual: Value.optional(),
  needed: Value,
  outcome: z.enum(['met', 'missed', 'unknown']),
});

export const ScorecardView = z
  .strictObject({
    partnerId: z.string(),
    partnerName: z.string(),
    quarter: Quarter,
    language: z.enum(languages),
    status: z.enum(['draft', 'published']),
    revision: z.int().positive(),
    scoredAt: Instant,
    programVersion: z.int().positive(),
    tier: z.string().meta({ description: 'As it is now' }),
    health: z.strictObject({ score: z.number(), band: z.string(), coverage: z.number() }),
    figures: z.array(FigureView),
    tierCriteria: z.array(CriterionView).meta({ description: 'Of every tier, over four quarters' }),
    warnings: z
      .array(z.strictObject({ kind: z.string(), text: z.string(), action: z.string(), until: z.string() }))
      .optional()
      .meta({ description: 'For staff' }),
    review: ScorecardReviewView.optional(),
  })
  .meta({ id: 'Scorecard' });
export type ScorecardView = z.infer<typeof ScorecardView>;

const params = z.strictObject({ partnerId: ThingId, quarter: Quarter });

export const scorecardMedia = ['application/json', 'application/pdf'] as const;

export const getScorecard = contract({
  operation: 'get-scorecard',
  summary:
    'A partner’s quarter in figures against targets, with the quarters before, its tier and what was said about it; as JSON or as a page for the review (PDF) by Accept, in English or German by Accept-Language',
  params,
  answers: { 200: ScorecardView },
  media: scorecardMedia,
  errors: ['not_found'],
});

export const reviewScorecard = contract({
  operation: 'review-scorecard',
  summary: 'Say what there is to say about a scorecard: a comment, who does what until when, and when to meet',
  params,
  body: z.strictObject({
    comment: written(2000).optional(),
    actions: z.array(ActionItem).max(20),
    meeting: Meeting.extend({ startsAt: AnyInstant }).optional(),
  }),
  answers: { 200: ScorecardReviewView },
  errors: ['not_found', 'version.stale', 'version.required'],
});

export const acknowledgeScorecard = contract({
  operation: 'acknowledge-scorecard',
  summary: 'Say that the scorecard was seen, by the partner, and what it says to it',
  params,
  body: z.strictObject({ answer: written(2000).optional() }),
  answers: { 200: ScorecardReviewView },
  errors: ['not_found', 'version.stale', 'scorecard.already_acknowledged'],
});

export const getInvitation = contract({
  operation: 'get-scorecard-invitation',
  summary: 'The quarterly business review as an entry for a calendar',
  params,
  answers: { 200: z.string() },
  media: ['text/calendar'],
  errors: ['not_found'],
});
