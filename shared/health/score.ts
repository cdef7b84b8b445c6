import type { Category } from '#shared/program/health-rules.ts';

/** From the lowest. */
export const bands = ['developing', 'stable', 'strong'] as const;
export type Band = (typeof bands)[number];

/** Value of a signal as numerator and denominator in the unit of its facts, and from how many facts it was made. */
export type Measured = readonly [numerator: number, denominator: number, facts: number];

/**
 * A partner's score of one quarter, as it is kept: the values that signals had, and what came of them. Everything else that is
 * said of a score follows from it and the program. Its fields and their keys are in the order of their names, so that its JSON is
 * canonical as it is.
 */
export interface Score {
  /** Decided on the exact points. */
  readonly band: Band;
  /** Points of the categories that have data, in tenths from 0 to 1000. */
  readonly categories: Partial<Readonly<Record<Category, number>>>;
  /** Weight of what is known, in tenths of a percent. At 0 nothing is known and the points of 0 say nothing. */
  readonly coverage: number;
  /** Ratings from 1 to 5 of assessed signals that have some, in the order of their raters. */
  readonly judged: Readonly<Record<string, readonly number[]>>;
  /** Values of measured signals that have one. */
  readonly measured: Readonly<Record<string, Measured>>;
  /** In tenths from 0 to 1000, rounded half-even. */
  readonly points: number;
  /** The track whose weights were taken; absent: the program's own. */
  readonly track?: string;
}
