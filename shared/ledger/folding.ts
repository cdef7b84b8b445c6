import * as z from 'zod';
import type { StoredEvent } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import { Journal, type Line } from '#shared/core/journal.ts';
import { type Day, dayOf } from '#shared/core/time.ts';
import { controlOf, isControl } from './chart.ts';

/** A journal as the ledger keeps it beside the event that brought it: the event is the record, this is found by its day. */
export const FoldedJournal = Journal.extend({
  subject: z.string(),
  seq: z.int().positive(),
  /** Of the event. */
  type: z.string(),
});
export type FoldedJournal = z.infer<typeof FoldedJournal>;

/** Where a journal stands among all: by the instant from which it counts, then by its id. */
export const positionOf = ({ at, id }: Pick<Journal, 'at' | 'id'>): string => `${at}#${id}`;

/** Where something stands in the table: its partition, and its place in there. */
export interface Place {
  readonly partition: string;
  readonly position: string;
}

/** The day, in UTC, whose totals a journal belongs to. */
export const dayOfJournal = ({ at }: Pick<Journal, 'at'>): Day => dayOf(at, 'UTC');

export const journalsOf = (event: StoredEvent): readonly FoldedJournal[] =>
  (event.journals ?? []).map((journal) => ({
    ...journal,
    subject: event.subject,
    seq: event.seq,
    type: event.type,
  }));

/** Amounts by name, in minor units, debits positive; exact however many are added. */
export type Sums = Map<string, bigint>;

export const addTo = (sums: Sums, name: string, amountMinor: number | bigint): void => {
  sums.set(name, (sums.get(name) ?? 0n) + BigInt(amountMinor));
};

/** The other way from a sum to what JSON holds. Throws a RangeError beyond what a number keeps exactly. */
export const minorUnits = (sum: bigint): number => {
  const amountMinor = Number(sum);
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`${sum} is too large to be kept exactly.`);
  return amountMinor;
};

/** What the lines do to each name that `nameOf` gives them; names that end where they began are left out. */
export const netOf = (lines: readonly Line[], nameOf: (account: string) => string): Sums => {
  const sums: Sums = new Map();
  for (const { account, amountMinor } of lines) addTo(sums, nameOf(account), amountMinor);
  return new Map([...sums].filter(([, sum]) => sum !== 0n));
};

/** What of a journal is kept under accounts of single things: what it does to each of them. */
export const entriesOf = (journal: Journal): Sums =>
  new Map([...netOf(journal.lines, (account) => account)].filter(([account]) => !isControl(account)));

/** Totals are kept by currency and control account. */
export const totalName = (currency: string, control: string): string => `${currency} ${control}`;

/** What a journal does to the totals of its day. */
export const totalsOf = ({ currency, lines }: Journal): Sums =>
  netOf(lines, (account) => totalName(currency, controlOf(account)));

/** The shard is that of the event's subject, so that no day is one hot item. */
export const placeOfJournal = (journal: Pick<FoldedJournal, 'at' | 'id' | 'subject'>): Place => ({
  partition: `journals#${dayOfJournal(journal)}#${shardOf(journal.subject)}`,
  position: positionOf(journal),
});

export const placeOfEntry = (account: string, journal: Pick<Journal, 'at' | 'id'>): Place => ({
  partition: `account#${account}`,
  position: positionOf(journal),
});

export const placeOfTotals = (subject: string, day: Day): Place => ({
  partition: `totals#${shardOf(subject)}`,
  position: day,
});
