import type { CarryReason } from './payout.ts';

/** One partner's payout as a run's manifest has it; minor units. */
export interface PaidLine {
  readonly payoutId: string;
  readonly partnerId: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly payeeVersion: number;
}

/** What a run left to later ones; minor units, of the run's currency. */
interface LeftLine {
  readonly payoutId: string;
  readonly partnerId: string;
  readonly amountMinor: number;
  readonly reasons: readonly CarryReason[];
}

/** In the order in which somebody should look at them. */
export const runChanges = ['payee_changed', 'amount_differs', 'new', 'gone', 'carried'] as const;
export type RunChangeKind = (typeof runChanges)[number];

export interface RunChange {
  readonly change: RunChangeKind;
  readonly partnerId: string;
  readonly currency: string;
  readonly payoutId?: string;
  /** Now, and with the runs before; what is not there was not paid. */
  readonly amountMinor?: number;
  readonly beforeMinor?: number;
  /** Why it is carried over. */
  readonly reasons?: readonly CarryReason[];
}

interface Total {
  readonly currency: string;
  payouts: number;
  amountMinor: number;
  payoutsBefore: number;
  beforeMinor: number;
}

export interface RunChanges {
  readonly totals: readonly Total[];
  readonly counts: Readonly<Record<RunChangeKind, number>>;
  readonly changes: readonly RunChange[];
}

/** What is compared: a run, and the payouts before it. */
export interface Compared {
  readonly lines: readonly PaidLine[];
  readonly carried: readonly LeftLine[];
  readonly currency: string;
  /** Of the last runs of an earlier period. */
  readonly before: readonly PaidLine[];
  /** Partners whom another run of the same period paid: they are not gone. */
  readonly elsewhere: ReadonlySet<string>;
}

/** What a partner got of one currency, by all runs of a period together. */
interface Got {
  readonly partnerId: string;
  readonly currency: string;
  readonly amountMinor: number;
  /** The latest of them. */
  readonly payeeVersion: number;
}

const keyOf = ({ partnerId, currency }: Pick<Got, 'partnerId' | 'currency'>): string => `${partnerId} ${currency}`;

const byPartner = (lines: readonly PaidLine[]): ReadonlyMap<string, Got> => {
  const got = new Map<string, Got>();
  for (const { partnerId, currency, amountMinor, payeeVersion } of lines) {
    const key = keyOf({ partnerId, currency });
    const known = got.get(key);
    got.set(key, {
      partnerId,
      currency,
      amountMinor: (known?.amountMinor ?? 0) + amountMinor,
      payeeVersion: Math.max(known?.payeeVersion ?? 0, payeeVersion),
    });
  }
  return got;
};

/** By more than half of what it was. */
const differs = (amountMinor: number, beforeMinor: number): boolean =>
  2 * Math.abs(amountMinor - beforeMinor) > beforeMinor;

const totalsOf = ({ lines, before }: Compared): readonly Total[] => {
  const totals = new Map<string, Total>();
  const of = (currency: string): Total => {
    const total = totals.get(currency) ?? { currency, payouts: 0, amountMinor: 0, payoutsBefore: 0, beforeMinor: 0 };
    totals.set(currency, total);
    return total;
  };
  for (const { currency, amountMinor } of lines) {
    of(currency).payouts += 1;
    of(currency).amountMinor += amountMinor;
  }
  for (const { currency, amountMinor } of before) {
    of(currency).payoutsBefore += 1;
    of(currency).beforeMinor += amountMinor;
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
};

const paidNow = (line: PaidLine, before: Got | undefined): readonly RunChange[] => {
  const { payoutId, partnerId, currency, amountMinor, payeeVersion } = line;
  const about = { partnerId, currency, payoutId, amountMinor };
  if (!before) return [{ ...about, change: 'new' }];
  const both = { ...about, beforeMinor: before.amountMinor };
  return [
    ...(payeeVersion === before.payeeVersion ? [] : [{ ...both, change: 'payee_changed' as const }]),
    ...(differs(amountMinor, before.amountMinor) ? [{ ...both, change: 'amount_differs' as const }] : []),
  ];
};

const size = ({ amountMinor = 0, beforeMinor = 0 }: RunChange): number => Math.max(Math.abs(amountMinor), beforeMinor);

/** What to look at first comes first, and of each kind the largest amount. */
const inOrder = (a: RunChange, b: RunChange): number =>
  runChanges.indexOf(a.change) - runChanges.indexOf(b.change) ||
  size(b) - size(a) ||
  (a.partnerId < b.partnerId ? -1 : 1);

/** What is different about a run, partner by partner, from the last ones of its kind. */
export const changesOfRun = (compared: Compared): RunChanges => {
  const { lines, carried, currency, before, elsewhere } = compared;
  const [now, then] = [byPartner(lines), byPartner(before)];
  const isGone = (got: Got): boolean => !now.has(keyOf(got)) && !elsewhere.has(got.partnerId);
  const changes: readonly RunChange[] = [
    ...lines.flatMap((line) => paidNow(line, then.get(keyOf(line)))),
    ...[...then.values()].filter(isGone).map(({ partnerId, currency: of, amountMinor }) => {
      return { change: 'gone' as const, partnerId, currency: of, beforeMinor: amountMinor };
    }),
    ...carried.map(({ payoutId, partnerId, amountMinor, reasons }) => {
      return { change: 'carried' as const, partnerId, currency, payoutId, amountMinor, reasons };
    }),
  ].sort(inOrder);
  const count = (kind: RunChangeKind): number => changes.filter(({ change }) => change === kind).length;
  return {
    totals: totalsOf(compared),
    counts: {
      payee_changed: count('payee_changed'),
      amount_differs: count('amount_differs'),
      new: count('new'),
      gone: count('gone'),
      carried: count('carried'),
    },
    changes,
  };
};
