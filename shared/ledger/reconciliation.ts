import * as z from 'zod';
import { Journal } from '#shared/core/journal.ts';
import { isEvent, openChainAudit, type StoredItem } from './chains.ts';
import { accountOf } from './chart.ts';
import { moneyLost } from './conservation.ts';
import type { Fault } from './fault.ts';
import { openFoldAudit } from './fold-audit.ts';
import type { FoldedJournal } from './folding.ts';
import { openKeptFacts } from './kept-facts.ts';
import { balancesOff, bookedTwice, floorsBroken, unbalanced } from './oracles.ts';
import { openStateAudit } from './state-audit.ts';

/** What was looked at, and everything that is wrong with it. */
export interface Verdict {
  readonly faults: readonly Fault[];
  readonly events: number;
  readonly journals: number;
  /** The instant of the last event; what depends on time, such as the end of a hold, is judged as of then. */
  readonly asOf: string;
}

export interface Reconciliation {
  /** Takes an item of the table as it is stored; in any order. */
  readonly take: (item: StoredItem) => void;
  /**
   * Judges all that was taken, which must be all that belongs together. Events from `unsettledFrom` (an instant) on may not have been
   * folded yet; leave it out when nothing is on its way any more.
   */
  readonly judge: (unsettledFrom?: string) => Verdict;
}

const Journals = z.array(Journal);

const isFoldable = ({ lines }: FoldedJournal): boolean => lines.every(({ account }) => accountOf(account));

/**
 * Holds the invariants I1 to I4 and I8 against what is stored: events are the record, and their chains are checked first; everything
 * else (what was folded, balances kept on things, earnings, statements) must be what the events say. Memory grows with the number
 * of events, by some five kilobytes each.
 */
export const openReconciliation = (): Reconciliation => {
  const chains = openChainAudit();
  const states = openStateAudit();
  const fold = openFoldAudit();
  const facts = openKeptFacts();
  const journals: { readonly journal: FoldedJournal; readonly toldAt: string }[] = [];
  const unreadable: Fault[] = [];
  let asOf = '';

  const takeEvent = (event: StoredItem): void => {
    const toldAt = String(event.at);
    if (toldAt > asOf) asOf = toldAt;
    if (event.journals === undefined) return;
    const parsed = Journals.safeParse(event.journals);
    if (!parsed.success) {
      const item = `event ${event.seq} of ${event.subject}`;
      unreadable.push({ breaks: 'I1', item, wrong: `has journals that are none: ${z.prettifyError(parsed.error)}` });
      return;
    }
    const about = { subject: String(event.subject), seq: Number(event.seq), type: String(event.type) };
    for (const journal of parsed.data) journals.push({ journal: { ...journal, ...about }, toldAt });
  };

  return {
    take: (item) => {
      chains.take(item);
      states.take(item);
      fold.take(item);
      facts.take(item);
      if (isEvent(item)) takeEvent(item);
    },
    judge: (unsettledFrom) => {
      const all = journals.map(({ journal }) => journal);
      const settled = journals
        .filter(({ journal, toldAt }) => unsettledFrom === undefined || toldAt < unsettledFrom || fold.has(journal))
        .map(({ journal }) => journal);
      const faults = [
        ...chains.faults(),
        ...states.faults(),
        ...unreadable,
        ...unbalanced(all),
        ...fold.faults(settled.filter(isFoldable)),
        ...balancesOff(all, facts.balances()),
        ...facts.faults(),
        ...floorsBroken(all),
        ...moneyLost(all, facts.owed(asOf), asOf),
        ...bookedTwice(all, facts.intents()),
      ];
      return { faults, events: chains.eventCount(), journals: all.length, asOf };
    },
  };
};
