import { imbalance, type Journal } from '#shared/core/journal.ts';
import { accountOf } from './chart.ts';
import type { Fault } from './fault.ts';
import { addTo, type FoldedJournal, type Sums } from './folding.ts';

/**
 * The invariants of money (QUALITY.md, I1 to I4), each as a pure function from what is there to what is wrong. The nightly reconciler
 * and the tests call the same ones. Journals are those of the events, `events.flatMap(journalsOf)`, in any order unless said:
 *
 *     expect([...unbalanced(journals), ...balancesOff(journals, kept), ...floorsBroken(journals)].map(tellFault)).toEqual([]);
 */
const signOf = (account: string): bigint => (accountOf(account)?.normalSide === 'credit' ? -1n : 1n);

const nameIn = (currency: string, account: string): string => `${currency} ${account}`;

/** What every account amounts to, by currency and account, debits positive. */
export const foldAll = (journals: readonly Journal[]): Sums => {
  const sums: Sums = new Map();
  for (const { currency, lines } of journals)
    for (const { account, amountMinor } of lines) addTo(sums, nameIn(currency, account), amountMinor);
  return sums;
};

/** I1: the lines of every journal sum to zero, on accounts that the chart knows. */
export const unbalanced = (journals: readonly Journal[]): readonly Fault[] =>
  journals.flatMap((journal) => {
    const wrong = imbalance(journal);
    return [
      ...(wrong ? [{ breaks: 'I1', item: journal.id, wrong, right: 'a sum of 0' } as const] : []),
      ...journal.lines
        .filter(({ account }) => !accountOf(account))
        .map(
          ({ account }) => ({ breaks: 'I1', item: journal.id, wrong: `nobody knows the account ${account}` }) as const,
        ),
    ];
  });

/** A balance that is kept on a thing, so that a write can be refused by it. */
export interface KeptBalance {
  /** Where it is kept, such as `bud_1 available`. */
  readonly item: string;
  /** The account that it is the balance of, or a part of; or accounts that it is the sum of. */
  readonly accounts: readonly [string, ...string[]];
  readonly currency: string;
  /** On the accounts' normal side. */
  readonly amountMinor: number;
}

/**
 * I1: kept balances are the fold of their journals. Several of one account, such as what is reserved of each request, are added up
 * first. Every account with a floor that anything was posted to must be kept somewhere; give all that keep one.
 */
export const balancesOff = (journals: readonly Journal[], kept: readonly KeptBalance[]): readonly Fault[] => {
  const sums = foldAll(journals);
  const groups = Map.groupBy(kept, ({ currency, accounts }) => nameIn(currency, accounts.join(' + ')));
  const covered = new Set(kept.flatMap(({ currency, accounts }) => accounts.map((each) => nameIn(currency, each))));
  const wrong = [...groups].flatMap(([name, parts]): Fault[] => {
    const { accounts = [], currency = '' } = parts[0] ?? {};
    const is = parts.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);
    const right = accounts.reduce(
      (sum, account) => sum + (sums.get(nameIn(currency, account)) ?? 0n) * signOf(account),
      0n,
    );
    const item = parts.map((part) => part.item).join(', ');
    return is === right ? [] : [{ breaks: 'I1', item, wrong: `${is} is kept for ${name}`, right: String(right) }];
  });
  const unkept = [...sums].flatMap(([name, sum]): Fault[] => {
    const floor = accountOf(name.slice(name.indexOf(' ') + 1))?.floor;
    if (floor === undefined || sum === 0n || covered.has(name)) return [];
    return [{ breaks: 'I1', item: name, wrong: `amounts to ${sum}, and nothing keeps it`, right: floor }];
  });
  return [...wrong, ...unkept];
};

/**
 * I2: no account with a floor was ever below it. Give the journals in the order in which they were written, where that is known: else
 * only what they come to in the end can be judged, by `floorsBroken`.
 */
export const floorsCrossed = (inOrder: readonly Journal[]): readonly Fault[] => {
  const sums: Sums = new Map();
  return inOrder.flatMap((journal) => {
    const moved: Sums = new Map();
    for (const { account, amountMinor } of journal.lines) {
      addTo(sums, nameIn(journal.currency, account), amountMinor);
      addTo(moved, account, amountMinor);
    }
    // Only what lowers an account can bring it below its floor.
    return [...moved]
      .filter(([account, sum]) => sum * signOf(account) < 0n)
      .flatMap(([account]) => belowFloor(nameIn(journal.currency, account), sums))
      .map((fault) => ({ ...fault, item: `${journal.id} on ${fault.item}` }));
  });
};

const belowFloor = (name: string, sums: Sums): readonly Fault[] => {
  const account = name.slice(name.indexOf(' ') + 1);
  const balance = (sums.get(name) ?? 0n) * signOf(account);
  if (accountOf(account)?.floor === undefined || balance >= 0n) return [];
  return [{ breaks: 'I2', item: name, wrong: `stands at ${balance}`, right: '0 or above' }];
};

/** I2, of what the journals come to in the end. */
export const floorsBroken = (journals: readonly Journal[]): readonly Fault[] => {
  const sums = foldAll(journals);
  return [...sums.keys()].flatMap((name) => belowFloor(name, sums));
};

/** A request that was refused because an account did not have enough. */
export interface RefusedTaking {
  readonly item: string;
  readonly account: string;
  readonly currency: string;
  /** What it asked for. */
  readonly amountMinor: number;
  /** How many journals had been written before it was sent, and before it was answered: the refusal fell somewhere between. */
  readonly writtenBefore: number;
  readonly writtenAfter: number;
}

/** I2: what was refused for lack of funds did not fit. Journals in the order in which they were written. */
export const refusedWrongly = (inOrder: readonly Journal[], refusals: readonly RefusedTaking[]): readonly Fault[] =>
  refusals.flatMap(({ item, account, currency, amountMinor, writtenBefore, writtenAfter }): Fault[] => {
    const name = nameIn(currency, account);
    const balances: bigint[] = [];
    for (let written = writtenBefore; written <= writtenAfter; written += 1)
      balances.push((foldAll(inOrder.slice(0, written)).get(name) ?? 0n) * signOf(account));
    const least = balances.reduce((low, balance) => (balance < low ? balance : low), balances[0] ?? 0n);
    if (least < BigInt(amountMinor)) return [];
    const wrong = `${amountMinor} was refused, though ${name} never had less than ${least}`;
    return [{ breaks: 'I2', item, wrong, right: 'to take it' }];
  });

/** Something that is booked once if ever: an earning, a claim, a payout. Its id is the subject of the event with the journal. */
export interface BookedIntent {
  readonly id: string;
  /** The account it moves, or its row of the chart, such as `program:expense:<kind>`. */
  readonly account: string;
  readonly currency: string;
  /** By how much, debits positive. */
  readonly amountMinor: number;
  /** `undone`: once there and back, or never at all. */
  readonly state: 'booked' | 'not booked' | 'undone';
}

const movedOn = (journal: Journal, { account, currency }: BookedIntent): bigint =>
  journal.currency !== currency
    ? 0n
    : journal.lines
        .filter((line) => line.account === account || accountOf(line.account)?.name === account)
        .reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);

const bookedWrongly = (intent: BookedIntent, moves: readonly bigint[]): Fault | undefined => {
  const { id, state } = intent;
  const amount = BigInt(intent.amountMinor);
  const forth = moves.filter((move) => move > 0n === amount > 0n).length;
  const sum = moves.reduce((total, move) => total + move, 0n);
  const rightSum = state === 'booked' ? amount : 0n;
  const rightTimes = state === 'booked' ? forth === 1 : forth <= (state === 'undone' ? 1 : 0);
  if (rightTimes && sum === rightSum) return undefined;
  const wrong = `is booked ${forth} times on ${intent.account}, ${sum} in all`;
  const right = { booked: `once, ${amount}`, 'not booked': 'not at all', undone: 'once and back, 0 in all' }[state];
  return { breaks: 'I4', item: id, wrong, right };
};

/** I4: what is booked is booked exactly once, and nothing else is booked on those accounts. Give all intents of an account. */
export const bookedTwice = (journals: readonly FoldedJournal[], intents: readonly BookedIntent[]): readonly Fault[] => {
  const bySubject = Map.groupBy(journals, ({ subject }) => subject);
  const known = new Set(intents.map(({ id, account }) => `${account} ${id}`));
  const rows = [...new Set(intents.map(({ account }) => account))];
  const unasked = journals.flatMap(({ id, subject, lines }): Fault[] =>
    rows
      .filter((row) => lines.some(({ account }) => account === row || accountOf(account)?.name === row))
      .filter((row) => !known.has(`${row} ${subject}`))
      .map((row) => ({ breaks: 'I4', item: id, wrong: `moves ${row} for ${subject}, which is not there` })),
  );
  const twice = [...Map.groupBy(journals, ({ id }) => id)].flatMap(([id, same]): Fault[] =>
    same.length === 1
      ? []
      : [
          {
            breaks: 'I4',
            item: id,
            wrong: `is in ${same.map(({ subject, seq }) => `event ${seq} of ${subject}`).join(' and ')}`,
          },
        ],
  );
  const wrong = intents.flatMap((intent) => {
    const moves = (bySubject.get(intent.id) ?? []).map((journal) => movedOn(journal, intent));
    return (
      bookedWrongly(
        intent,
        moves.filter((move) => move !== 0n),
      ) ?? []
    );
  });
  return [...twice, ...wrong, ...unasked];
};
