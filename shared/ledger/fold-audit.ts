import { hashOf } from '#shared/core/canonical.ts';
import type { StoredItem } from './chains.ts';
import type { Fault } from './fault.ts';
import {
  addTo,
  dayOfJournal,
  entriesOf,
  type FoldedJournal,
  type Place,
  placeOfEntry,
  placeOfJournal,
  placeOfTotals,
  type Sums,
  totalsOf,
} from './folding.ts';

/** What the ledger keeps beside the events: journals under their days, entries under accounts of things, totals of days. */
const keptKinds = new Set(['journal', 'entry', 'ledger-totals']);

const nameOf = ({ partition, position }: Place): string => `${partition} ${position}`;

/** A journal or an entry, as one text to be compared by. */
const contentOf = ({ pk: _pk, sk: _sk, kind: _kind, ...content }: StoredItem): string =>
  JSON.stringify(sorted(content));

const sorted = (content: StoredItem): StoredItem =>
  Object.fromEntries(
    Object.keys(content)
      .sort()
      .map((name) => [name, name === 'lines' ? (content.lines as StoredItem[]).map(sorted) : content[name]]),
  );

const totalsText = (sums: Sums): string =>
  [...sums]
    .filter(([, sum]) => sum !== 0n)
    .sort()
    .map(([name, sum]) => `${name} ${sum}`)
    .join(', ');

const totalsIn = ({ pk: _pk, sk: _sk, kind: _kind, ...sums }: StoredItem): Sums =>
  new Map(Object.entries(sums).map(([name, sum]) => [name, BigInt(Number(sum))]));

/** Everything that folding journals puts into the table, by place. */
const foldOf = (journals: readonly FoldedJournal[]) => {
  const items = new Map<string, string>();
  const totals = new Map<string, Sums>();
  for (const journal of journals) {
    const { id, at, currency, subject } = journal;
    items.set(nameOf(placeOfJournal(journal)), contentOf({ ...journal }));
    for (const [account, sum] of entriesOf(journal)) {
      const entry = { journalId: id, at, currency, amountMinor: Number(sum), subject };
      items.set(nameOf(placeOfEntry(account, journal)), contentOf(entry));
    }
    const place = nameOf(placeOfTotals(subject, dayOfJournal(journal)));
    const sums = totals.get(place) ?? new Map();
    addTo(sums, 'journals', 1);
    for (const [name, sum] of totalsOf(journal)) addTo(sums, name, sum);
    totals.set(place, sums);
  }
  return { items, totals };
};

/**
 * Compares what the stream has folded with the journals of the events, which are the record. Items may come in any order; each is kept
 * as a hash of 64 characters.
 */
export interface FoldAudit {
  readonly take: (item: StoredItem) => void;
  /** Journals of events that must be folded by now. What is folded and not among them is a fault too. */
  readonly faults: (journals: readonly FoldedJournal[]) => readonly Fault[];
  /** Whether this journal was folded. */
  readonly has: (journal: FoldedJournal) => boolean;
}

export const openFoldAudit = (): FoldAudit => {
  const kept = new Map<string, string>();
  const keptTotals = new Map<string, Sums>();
  const fault = (item: string, wrong: string, right: string): Fault => ({ breaks: 'I1', item, wrong, right });

  return {
    take: (item) => {
      if (!keptKinds.has(String(item.kind))) return;
      const place = `${item.pk} ${item.sk}`;
      if (item.kind === 'ledger-totals') keptTotals.set(place, totalsIn(item));
      else kept.set(place, hashOf(contentOf(item)));
    },
    has: (journal) => kept.has(nameOf(placeOfJournal(journal))),
    faults: (journals) => {
      const { items, totals } = foldOf(journals);
      const faults: Fault[] = [];
      for (const [place, content] of items) {
        const is = kept.get(place);
        if (is === undefined) faults.push(fault(place, 'is missing', content));
        else if (is !== hashOf(content)) faults.push(fault(place, 'is not what its event says', content));
      }
      for (const place of kept.keys())
        if (!items.has(place)) faults.push(fault(place, 'is of no event', 'nothing there'));
      for (const place of new Set([...totals.keys(), ...keptTotals.keys()])) {
        const [is, right] = [keptTotals, totals].map((each) => totalsText(each.get(place) ?? new Map()));
        if (is !== right) faults.push(fault(place, is ? `totals are ${is}` : 'is missing', right || 'nothing there'));
      }
      return faults;
    },
  };
};
