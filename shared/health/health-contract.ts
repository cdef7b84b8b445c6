import * as z from 'zod';
import { written } from '#shared/core/contacts.ts';
import { contract, pageOf, pageQuery, ThingId } from '#shared/core/contract.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { Assessment, disagreements, Judgement } from './assessment.ts';
import { HealthBand } from './health.ts';
import { HealthSummary, HealthView } from './health-view.ts';
import { QuarterReview } from './quarter-review.ts';
import { addTallies, noTally, ScoringRun, ScoringRunStatus, Tally } from './scoring-run.ts';

const {
  head: _head,
  doneKeys: _doneKeys,
  attempt: _attempt,
  tally: _tally,
  segments: _segments,
  ...shownOfRun
} = ScoringRun.shape;

/** A partner that could not be scored, and why. */
const Parked = z.strictObject({ partnerId: z.string(), reason: z.string() });

export const ScoringRunView = z
  .object({
    ...shownOfRun,
    /** How far it is, or what it came to. */
    progress: z.strictObject({
      ...Tally.shape,
      segments: z.int().nonnegative(),
      segmentsDone: z.int().nonnegative(),
    }),
    /** Partners that could not be scored, at most 50 of each segment. */
    parkedPartners: z.array(Parked),
  })
  .meta({ id: 'ScoringRun' });
export type ScoringRunView = z.infer<typeof ScoringRunView>;

/** As lists tell of it. */
export const ScoringRunSummary = z
  .object({ ...shownOfRun, tally: Tally.optional().meta({ description: 'From completion on' }) })
  .meta({ id: 'ScoringRunSummary' });

export const summarizeScoringRun = (run: ScoringRun): z.infer<typeof ScoringRunSummary> => {
  const { head: _h, doneKeys: _k, attempt: _a, segments: _s, ...shown } = run;
  return shown;
};

interface SegmentProgress {
  readonly isDone: boolean;
  readonly tally: Tally;
  readonly parked: readonly z.infer<typeof Parked>[];
}

export const viewScoringRun = (run: ScoringRun, progress: readonly SegmentProgress[]): ScoringRunView => {
  const { head: _h, doneKeys: _k, attempt: _a, tally, segments = 0, ...shown } = run;
  const soFar = progress.map((each) => each.tally).reduce(addTallies, noTally);
  const segmentsDone = progress.filter(({ isDone }) => isDone).length;
  return {
    ...shown,
    progress: { ...(tally ?? soFar), segments, segmentsDone },
    parkedPartners: progress.flatMap(({ parked }) => parked),
  };
};

export const startScoringRun = contract({
  operation: 'start-scoring-run',
  summary: 'Compute the scores of a quarter for all partners; what has not changed is not written again',
  body: z.strictObject({
    quarter: Quarter,
    /** Needed once the quarter is published. */
    reason: written(1000).optional(),
  }),
  answers: { 201: ScoringRunView },
  errors: ['scoring_run.already_running', 'scoring_run.reason_required', 'health.quarter_not_begun'],
});

export const listScoringRuns = contract({
  operation: 'list-scoring-runs',
  summary: 'List scoring runs, newest first: of a quarter, or those that are under way',
  query: z.strictObject({ ...pageQuery, quarter: Quarter.optional(), status: ScoringRunStatus.optional() }),
  answers: { 200: pageOf(ScoringRunSummary) },
  errors: [],
});

export const getScoringRun = contract({
  operation: 'get-scoring-run',
  summary: 'See how far a scoring run is, what it changed, and whom it could not score and why',
  params: z.strictObject({ runId: ThingId }),
  answers: { 200: ScoringRunView },
  errors: ['not_found'],
});

const {
  head: _assessmentHead,
  doneKeys: _assessmentKeys,
  ratings: _ratings,
  notes: _notes,
  ...shownOfAssessment
} = Assessment.shape;

export const AssessmentView = z
  .object({
    ...shownOfAssessment,
    ratings: z.array(z.strictObject({ by: z.string(), at: z.string(), judgements: z.record(z.string(), Judgement) })),
    /** Signals on which the two raters are more than 2 apart. */
    disagreements: z.array(z.string()),
  })
  .meta({ id: 'Assessment' });
export type AssessmentView = z.infer<typeof AssessmentView>;

export const viewAssessment = ({ head: _h, doneKeys: _k, ratings, notes, ...shown }: Assessment): AssessmentView => ({
  ...shown,
  ratings: ratings.map(({ by, at, scores }, place) => ({
    by,
    at,
    judgements: Object.fromEntries(
      Object.entries(scores).map(([id, score]) => [id, { score, note: notes[place]?.[id] ?? '' }]),
    ),
  })),
  disagreements: [...disagreements({ ratings })],
});

const ofPartner = z.strictObject({ partnerId: ThingId, quarter: Quarter });

export const assessPartner = contract({
  operation: 'assess-partner',
  summary:
    'Judge a partner’s quarter from 1 to 5, by category or signal; what is left out stays as you judged it before',
  params: ofPartner,
  body: z
    .record(z.string().max(60), Judgement)
    .refine((input) => Object.keys(input).length > 0 && Object.keys(input).length <= 100, {
      error: 'must judge something, and at most 100 signals',
    }),
  answers: { 200: AssessmentView },
  errors: [
    'not_found',
    'version.stale',
    'version.required',
    'assessment.unknown_signal',
    'assessment.already_rated',
    'health.quarter_not_begun',
  ],
});

export const getAssessment = contract({
  operation: 'get-assessment',
  summary: 'Read what managers judged of a partner’s quarter, and where two of them disagree',
  params: ofPartner,
  answers: { 200: AssessmentView },
  errors: ['not_found'],
});

const { head: _reviewHead, doneKeys: _reviewKeys, ...shownOfReview } = QuarterReview.shape;

export const QuarterReviewView = z.object(shownOfReview).meta({ id: 'QuarterReview' });
export type QuarterReviewView = z.infer<typeof QuarterReviewView>;

export const viewReview = ({ head: _h, doneKeys: _k, ...review }: QuarterReview): QuarterReviewView => review;

export const getHealth = contract({
  operation: 'get-health',
  summary: 'Read a partner’s health score of a quarter, how it came about, and what would raise it',
  params: ofPartner,
  query: z.strictObject({ revision: z.coerce.number().int().min(1).max(9999).optional() }),
  answers: { 200: HealthView },
  errors: ['not_found'],
});

export const listHealth = contract({
  operation: 'list-health',
  summary: 'List the health of a quarter, weakest first; partners see their own once it is published',
  query: z.strictObject({ ...pageQuery, quarter: Quarter, band: HealthBand.optional() }),
  answers: { 200: pageOf(HealthSummary) },
  errors: [],
});

export const publishQuarter = contract({
  operation: 'publish-quarter',
  summary: 'Show partners the scores of a quarter; from then on every change of them is a new revision with a reason',
  params: z.strictObject({ quarter: Quarter }),
  body: z.strictObject({ note: written(1000).optional() }),
  answers: { 201: QuarterReviewView },
  errors: ['health.not_scored', 'health.already_published', 'health.quarter_not_ended', 'scoring_run.already_running'],
});
