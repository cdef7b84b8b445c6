import * as z from 'zod';
import { written } from '#shared/core/contacts.ts';
import { DomainError, type FieldError } from '#shared/core/errors.ts';
import { Tracked } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { Instant } from '#shared/core/time.ts';

export const Judgement = z.strictObject({ score: z.int().min(1).max(5), note: written(1000) });
export type Judgement = z.infer<typeof Judgement>;

/** What one person judged, by signal. */
const Rating = z.strictObject({ by: z.string(), at: Instant, scores: z.record(z.string(), z.int().min(1).max(5)) });
export type Rating = z.infer<typeof Rating>;

/** What managers judged of a partner's quarter, each for himself. */
export const Assessment = z.object({
  ...Tracked.shape,
  status: z.literal('assessed'),
  partnerId: z.string(),
  quarter: Quarter,
  /** The first rater's, then the second's. */
  ratings: z.array(Rating).min(1).max(2),
  /** Why, by rater and signal. */
  notes: z.array(z.record(z.string(), z.string())),
});
export type Assessment = z.infer<typeof Assessment>;

/** What is written about people stays where it can be erased. */
export const personalAssessmentFields: readonly string[] = ['notes'];

export const assessmentIdOf = (partnerId: string, quarter: Quarter): string => derivedId('asm', partnerId, quarter);

/** Signals that people judge, by category; a program decides which they are. */
export type AssessedSignals = readonly { readonly id: string; readonly category: string }[];

/** A category's key judges all of its signals that have none of their own. */
const bySignal = (
  input: Readonly<Record<string, Judgement>>,
  signals: AssessedSignals,
): readonly (readonly [string, Judgement])[] =>
  signals.flatMap(({ id, category }): readonly (readonly [string, Judgement])[] => {
    const judgement = input[id] ?? input[category];
    return judgement ? [[id, judgement]] : [];
  });

const refuseUnknown = (input: Readonly<Record<string, Judgement>>, signals: AssessedSignals): void => {
  const known = new Set(signals.flatMap(({ id, category }) => [id, category]));
  const errors = Object.keys(input)
    .filter((key) => !known.has(key))
    .map((key): FieldError => {
      const detail = `must be a category or a signal that the program lets people judge: ${[...known].join(', ')}`;
      return { pointer: `#/${key}`, code: 'assessment.unknown_signal', detail };
    });
  if (errors.length > 0)
    throw new DomainError('rule', 'assessment.unknown_signal', 'The program lets nobody judge this.', { errors });
};

/** Raters differ by more than this: somebody should ask why. */
const mostApart = 2;

/** Signals on which the two raters are further apart than they should be. */
export const disagreements = ({ ratings: [first, second] }: Pick<Assessment, 'ratings'>): readonly string[] =>
  Object.keys(second?.scores ?? {}).filter(
    (id) => Math.abs((first?.scores[id] ?? Number.NaN) - (second?.scores[id] ?? Number.NaN)) > mostApart,
  );

/** Where one judges, whoever comes later takes the place of who came before. */
const placeOf = (ratings: readonly Rating[], by: string, raters: number): number => {
  if (raters === 1) return 0;
  const own = ratings.findIndex((rating) => rating.by === by);
  if (own >= 0) return own;
  if (ratings.length < raters) return ratings.length;
  throw new DomainError('conflict', 'assessment.already_rated', 'Two people have judged this quarter already.', {
    facts: { by: ratings.map((rating) => rating.by) },
  });
};

/**
 * A person's judgement of a partner's quarter; what it leaves out stays as that person judged it before. Throws
 * `assessment.unknown_signal`, and `assessment.already_rated` for a third person.
 */
export const assess = (
  before: Assessment | undefined,
  input: Readonly<Record<string, Judgement>>,
  about: {
    readonly partnerId: string;
    readonly quarter: Quarter;
    readonly by: string;
    readonly now: Instant;
    readonly signals: AssessedSignals;
    readonly raters: 1 | 2;
  },
): Assessment => {
  const { partnerId, quarter, by, now, signals, raters } = about;
  refuseUnknown(input, signals);
  const [ratings, notes] = [[...(before?.ratings ?? [])], [...(before?.notes ?? [])]];
  const place = placeOf(ratings, by, raters);
  const judged = bySignal(input, signals);
  const scores = Object.fromEntries(judged.map(([id, { score }]) => [id, score]));
  ratings[place] = { by, at: now, scores: { ...ratings[place]?.scores, ...scores } };
  notes[place] = { ...notes[place], ...Object.fromEntries(judged.map(([id, { note }]) => [id, note])) };
  const id = assessmentIdOf(partnerId, quarter);
  const fresh = { id, version: 0, head: '', createdAt: now, updatedAt: now, partnerId, quarter };
  return { ...fresh, ...before, status: 'assessed', ratings, notes };
};
