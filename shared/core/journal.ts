import * as z from 'zod';
import { CurrencyCode } from './money.ts';
import { Instant } from './time.ts';

/** One side of a posting, in minor units: debits are positive, credits negative, zero is no line. */
export const Line = z.strictObject({
  account: z.string().min(1),
  amountMinor: z.int().refine((amount) => amount !== 0, 'must not be zero'),
});
export type Line = z.infer<typeof Line>;

/**
 * A double entry. It travels inside the event that caused it, so it is written with it, chained with it and never changed.
 * `at` is the instant from which it counts: that of the event, or a later one that is known already, such as the end of a hold.
 */
export const Journal = z.strictObject({
  id: z.string(),
  at: Instant,
  currency: CurrencyCode,
  lines: z.array(Line).min(2),
});
export type Journal = z.infer<typeof Journal>;

/** Why this is no double entry, in words; undefined when its lines sum to zero. */
export const imbalance = (journal: Journal): string | undefined => {
  const sum = journal.lines.reduce((total, line) => total + BigInt(line.amountMinor), 0n);
  return sum === 0n ? undefined : `the lines of ${journal.id} sum to ${sum} ${journal.currency} instead of 0`;
};
