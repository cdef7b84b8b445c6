import type { StoredEvent } from '#shared/core/history.ts';
import { addDays, type Day, dayOf } from '#shared/core/time.ts';
import { absent, all, any, is } from '#shared/platform/condition.ts';
import { type Item, type Key, query, read, transact, type Write } from '#shared/platform/table.ts';
import {
  addTo,
  dayOfJournal,
  entriesOf,
  FoldedJournal,
  journalsOf,
  minorUnits,
  type Place,
  placeOfEntry,
  placeOfJournal,
  placeOfTotals,
  type Sums,
  totalsOf,
} from './folding.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | fold the journals of an event, once | table | the items below, in one transaction |
 * | journals of a day, in their order | table | pk = `journals#<day>#<shard 0–7>`, sk = `<instant>#<journal>` |
 * | what was posted to an account of one thing, in its order | table | pk = `account#<account>`, sk = `<instant>#<journal>` |
 * | totals of days by control account, which also say which days have journals | table | pk = `totals#<shard 0–7>`, sk = `<day>` |
 *
 * Accounts that everybody posts to have no items of their own: they are found by the totals, and their journals by the days.
 */
const shards = Array.from({ length: 8 }, (_, shard) => shard);
export const totalsPartitions: readonly string[] = shards.map((shard) => `totals#${shard}`);
const keyAt = ({ partition, position }: Place): Key => ({ pk: partition, sk: position });
const totalsKind = 'ledger-totals';

const told = (journal: FoldedJournal): Error =>
  new Error(`Journal ${journal.id} of ${journal.subject} was booked before, by something else.`);

const insertJournal = (journal: FoldedJournal): Write => ({
  write: 'insert',
  item: { ...keyAt(placeOfJournal(journal)), kind: 'journal', ...journal },
  refuse: () => told(journal),
});

const insertEntries = (journal: FoldedJournal): readonly Write[] => {
  const { id, at, currency, subject } = journal;
  return [...entriesOf(journal)].map(([account, sum]) => ({
    write: 'insert',
    item: {
      ...keyAt(placeOfEntry(account, journal)),
      kind: 'entry',
      journalId: id,
      at,
      currency,
      amountMinor: minorUnits(sum),
      subject,
    },
    refuse: () => told(journal),
  }));
};

const addToTotals = (day: Day, journals: readonly FoldedJournal[]): Write => {
  const sums: Sums = new Map();
  for (const journal of journals) for (const [name, sum] of totalsOf(journal)) addTo(sums, name, sum);
  const add = Object.fromEntries([...sums].map(([name, sum]) => [name, minorUnits(sum)]));
  return {
    write: 'change',
    key: keyAt(placeOfTotals(journals[0]?.subject ?? '', day)),
    change: { set: { kind: totalsKind }, add: { journals: journals.length, ...add } },
    when: any(absent('pk'), is('kind', '=', totalsKind)),
    refuse: () => new Error(`What stands in the place of the totals of ${day} is something else.`),
  };
};

/** All that folding an event writes, the journals first. */
export const foldWrites = (event: StoredEvent): readonly Write[] => {
  const journals = journalsOf(event);
  const days = Map.groupBy(journals, dayOfJournal);
  return [
    ...journals.map(insertJournal),
    ...journals.flatMap(insertEntries),
    ...[...days].map(([day, ofDay]) => addToTotals(day, ofDay)),
  ];
};

/**
 * Brings the journals of an event into the ledger: all of them or none, and once, whenever and however often the stream tells of the
 * event. Throws when one of them was booked by another event, or is on an account that the chart does not know.
 */
export const foldEvent = async (event: StoredEvent): Promise<void> => {
  if (event.journals === undefined) return;
  const writes = foldWrites(event);
  const failure = await transact(writes);
  if (!failure) return;
  const { image, index } = failure;
  if (image?.subject !== event.subject || image?.seq !== event.seq) throw writes[index]?.refuse(image);
};

/** The totals of one day in one shard: how many journals, and their sums by `totalName`. */
export interface DayTotals {
  readonly day: Day;
  readonly shard: number;
  readonly journals: number;
  readonly sums: Sums;
}

const parseTotals = (shard: number, { pk: _pk, sk: day, kind: _kind, journals, ...sums }: Item): DayTotals => ({
  day,
  shard,
  journals: Number(journals),
  sums: new Map(Object.entries(sums).map(([name, sum]) => [name, BigInt(Number(sum))])),
});

const daysPerQuery = 200;

/** The totals of all days from one to another (both included) that have any, in the order of days, some days at a time. */
export async function* listTotals(from: Day, to: Day): AsyncGenerator<readonly DayTotals[]> {
  let start = from;
  while (start <= to) {
    const key = { test: 'between', name: 'sk', from: start, to } as const;
    const pages = await Promise.all(
      shards.map((shard) => query({ key: all(is('pk', '=', `totals#${shard}`), key), limit: daysPerQuery })),
    );
    const full = pages.filter((page) => page.length === daysPerQuery).map((page) => page.at(-1)?.sk ?? to);
    // Beyond the day where the first full page ends, some shards have not been asked yet.
    const end = full.sort()[0] ?? to;
    const rows = pages.flatMap((page, shard) => page.map((item) => parseTotals(shard, item)));
    yield rows.filter(({ day }) => day <= end).sort((a, b) => (a.day < b.day ? -1 : 1));
    start = addDays(end, 1);
  }
}

/** A stretch of positions: after one, up to and including another. */
export interface Stretch {
  readonly after: string;
  readonly to: string;
}

export const everything: Stretch = { after: '', to: '\u{10FFFF}' };

export const startingWith = (prefix: string): Stretch => ({ after: prefix, to: `${prefix}\u{10FFFF}` });

/** Nothing comes between a text and the same with a space added, so `after` itself is left out. */
const within = (pk: string, { after, to }: Stretch) =>
  all(is('pk', '=', pk), { test: 'between', name: 'sk', from: `${after} `, to });

const journalsPerQuery = 500;
const parseJournal = ({ pk: _pk, sk: _sk, kind: _kind, ...journal }: Item): FoldedJournal =>
  FoldedJournal.parse(journal);

/** Items of a partition in a stretch, in their order, until there are `limit` of them; a page may be cut short by its size. */
export async function* itemsOf(pk: string, stretch: Stretch, limit: number): AsyncGenerator<Item> {
  let { after } = stretch;
  let left = limit;
  while (left > 0 && after < stretch.to) {
    const page = await query({
      key: within(pk, { after, to: stretch.to }),
      limit: Math.min(left, journalsPerQuery),
    });
    if (page.length === 0) return;
    yield* page;
    left -= page.length;
    after = page.at(-1)?.sk ?? after;
  }
}

/** Journals of one shard of a day in a stretch, in their order, at most `limit`. */
export const listJournalsOfDay = async (
  { day, shard }: Pick<DayTotals, 'day' | 'shard'>,
  stretch: Stretch,
  limit: number,
): Promise<readonly FoldedJournal[]> => {
  const journals: FoldedJournal[] = [];
  for await (const item of itemsOf(`journals#${day}#${shard}`, stretch, limit)) journals.push(parseJournal(item));
  return journals;
};

/** Journals that posted to an account of one thing, in their order, at most `limit`. */
export const listJournalsOfThing = async (
  account: string,
  stretch: Stretch,
  limit: number,
): Promise<readonly FoldedJournal[]> => {
  const keys: Key[] = [];
  for await (const { journalId, at, subject } of itemsOf(`account#${account}`, stretch, limit)) {
    keys.push(keyAt(placeOfJournal({ id: String(journalId), at: String(at), subject: String(subject) })));
  }
  return (await read(keys)).flatMap((item) => (item ? [parseJournal(item)] : []));
};

/** What an account of one thing amounts to as of an instant, by currency, debits positive. */
export const sumEntries = async (account: string, asOf: string): Promise<Sums> => {
  const sums: Sums = new Map();
  for await (const item of itemsOf(`account#${account}`, upTo(asOf), Number.POSITIVE_INFINITY)) {
    addTo(sums, String(item.currency), Number(item.amountMinor));
  }
  return sums;
};

/** `$` comes right after the `#` that ends the instant of a position, so what counts from this very instant is included. */
export const upTo = (asOf: string): Stretch => ({ after: '', to: `${asOf}$` });

/** Before anything was ever booked. */
export const firstDay: Day = '0000-01-01';

/**
 * What each control account amounts to as of an instant, by `totalName`, debits positive: the totals of the days before, and the
 * journals of the instant's own day up to it.
 */
export const sumTotals = async (asOf: string): Promise<Sums> => {
  const sums: Sums = new Map();
  const lastDay = dayOf(asOf, 'UTC');
  for await (const rows of listTotals(firstDay, lastDay)) {
    for (const row of rows) {
      const journals =
        row.day === lastDay ? await listJournalsOfDay(row, upTo(asOf), Number.POSITIVE_INFINITY) : undefined;
      const parts = journals ? journals.map(totalsOf) : [row.sums];
      for (const part of parts) for (const [name, sum] of part) addTo(sums, name, sum);
    }
  }
  return sums;
};
