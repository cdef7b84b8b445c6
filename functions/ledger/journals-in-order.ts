import { addDays, type Day } from '#shared/core/time.ts';
import { controlOf, isControl } from '#shared/ledger/chart.ts';
import { type FoldedJournal, positionOf } from '#shared/ledger/folding.ts';
import {
  type DayTotals,
  firstDay,
  listJournalsOfDay,
  listJournalsOfThing,
  listTotals,
} from '#shared/ledger/ledger-store.ts';

/** Journals of one account or of all, after a position and up to another. */
export interface JournalsAsked {
  readonly accountId?: string | undefined;
  /** First day; a position of the page before goes on from there. */
  readonly from?: Day | undefined;
  readonly after?: string | undefined;
  /** A position; what stands at it is included. */
  readonly to: string;
  readonly limit: number;
}

/** Journals in their order, and where the next page goes on; `after` is undefined at the end. */
export interface JournalPage {
  readonly journals: readonly FoldedJournal[];
  readonly after: string | undefined;
}

export const pageOf = (journals: readonly FoldedJournal[], limit: number): JournalPage => {
  const page = journals.slice(0, limit);
  const last = page.at(-1);
  return { journals: page, after: journals.length > limit && last ? positionOf(last) : undefined };
};

const touches = (journal: FoldedJournal, control: string | undefined): boolean =>
  control === undefined || journal.lines.some(({ account }) => controlOf(account) === control);

const hasAny = ({ sums }: DayTotals, control: string | undefined): boolean =>
  control === undefined || [...sums.keys()].some((name) => name.endsWith(` ${control}`));

const dayLength = 'YYYY-MM-DD'.length;
const byPosition = (a: FoldedJournal, b: FoldedJournal): number => (positionOf(a) < positionOf(b) ? -1 : 1);

/** The journals of one day, of all its shards, that touch the control account; a shard gives at most `limit` of them. */
const ofDay = async (rows: readonly DayTotals[], asked: JournalsAsked, after: string) => {
  const { accountId: control, to, limit } = asked;
  const ofShard = async (row: DayTotals): Promise<readonly FoldedJournal[]> => {
    const found: FoldedJournal[] = [];
    let from = after;
    for (;;) {
      const page = await listJournalsOfDay(row, { after: from, to }, limit);
      found.push(...page.filter((journal) => touches(journal, control)));
      const last = page.at(-1);
      if (!last || page.length < limit || found.length >= limit) return found;
      from = positionOf(last);
    }
  };
  return (await Promise.all(rows.map(ofShard))).flat().sort(byPosition);
};

/** Journals by their days: of everything, or of an account that everybody posts to. */
const byDays = async (asked: JournalsAsked, after: string): Promise<readonly FoldedJournal[]> => {
  const found: FoldedJournal[] = [];
  const lastDay = asked.to.slice(0, dayLength);
  const start = after === '' ? firstDay : after.slice(0, dayLength);
  for await (const rows of listTotals(start, lastDay)) {
    const wanted = rows.filter((row) => hasAny(row, asked.accountId));
    for (const [, day] of Map.groupBy(wanted, (row) => row.day)) {
      found.push(...(await ofDay(day, asked, after)));
      if (found.length >= asked.limit) return found;
    }
  }
  return found;
};

/** One page of journals in their order. */
export const journalsInOrder = async (asked: JournalsAsked): Promise<JournalPage> => {
  // A position begins with its instant, so the text of a day stands before everything of that day.
  const after = asked.after ?? asked.from ?? '';
  const more = { ...asked, limit: asked.limit + 1 };
  const { accountId, to } = asked;
  const journals =
    accountId === undefined || isControl(accountId)
      ? await byDays(more, after)
      : await listJournalsOfThing(accountId, { after, to }, more.limit);
  return pageOf(journals, asked.limit);
};

/** The position that ends a day. */
export const endOf = (day: Day): string => addDays(day, 1);
