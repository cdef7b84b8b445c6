import type { Journal } from '#shared/core/journal.ts';
import { revenueShareAccount } from './chart.ts';
import type { Fault } from './fault.ts';
import { addTo, type Sums } from './folding.ts';

/** An earning that is owed, as it stands at an instant: held back, payable, or paid. What is reversed or not owed yet is left out. */
export interface OwedEarning {
  readonly id: string;
  readonly partnerId: string;
  readonly currency: string;
  /** Below zero for what is taken back. */
  readonly amountMinor: number;
  readonly state: 'held' | 'payable' | 'paid';
}

/** By partner and currency, positive when it is the partner's. */
interface Whereabouts {
  readonly earned: Sums;
  readonly held: Sums;
  readonly payable: Sums;
  readonly paid: Sums;
}

const nowhere = (): Whereabouts => ({ earned: new Map(), held: new Map(), payable: new Map(), paid: new Map() });

const partnersIn = (journal: Journal): readonly string[] => [
  ...new Set(
    journal.lines.flatMap(({ account }) => {
      const [kind, partnerId = ''] = account.split(':');
      return kind === 'partner' ? [partnerId] : [];
    }),
  ),
];

const whereOf = (account: string): keyof Whereabouts | undefined => {
  if (account.startsWith('program:expense:') || account === revenueShareAccount) return 'earned';
  if (account.endsWith(':on-hold')) return 'held';
  if (account.endsWith(':payable')) return 'payable';
  return account === 'payout:clearing' || account === 'bank' ? 'paid' : undefined;
};

/** What the journals that count by an instant say of each partner's money. */
const byJournals = (
  journals: readonly Journal[],
  asOf: string,
): { readonly is: Whereabouts; readonly faults: Fault[] } => {
  const is = nowhere();
  const faults: Fault[] = [];
  for (const journal of journals) {
    const [partnerId, ...others] = partnersIn(journal);
    if (partnerId === undefined || journal.at > asOf) continue;
    if (others.length > 0) {
      const wrong = `moves money of ${[partnerId, ...others].join(' and ')}`;
      faults.push({ breaks: 'I3', item: journal.id, wrong, right: 'a journal for each partner' });
      continue;
    }
    for (const { account, amountMinor } of journal.lines) {
      const where = whereOf(account);
      const name = `${journal.currency} ${partnerId}`;
      if (!where) faults.push({ breaks: 'I3', item: journal.id, wrong: `takes money of ${name} to ${account}` });
      else addTo(is[where], name, where === 'earned' ? amountMinor : -amountMinor);
    }
  }
  return { is, faults };
};

const byEarnings = (earnings: readonly OwedEarning[]): Whereabouts => {
  const are = nowhere();
  for (const { partnerId, currency, amountMinor, state } of earnings) {
    addTo(are.earned, `${currency} ${partnerId}`, amountMinor);
    addTo(are[state], `${currency} ${partnerId}`, amountMinor);
  }
  return are;
};

/**
 * I3: money in is paid, held or payable, for each partner and so in all; and each of them is what the earnings themselves say at that
 * instant. Give all journals, and all earnings that are owed, as they stand at `asOf`.
 */
export const moneyLost = (
  journals: readonly Journal[],
  earnings: readonly OwedEarning[],
  asOf: string,
): readonly Fault[] => {
  const { is, faults } = byJournals(journals, asOf);
  const right = byEarnings(earnings);
  const states = ['earned', 'held', 'payable', 'paid'] as const;
  const names = new Set(states.flatMap((state) => [...is[state].keys(), ...right[state].keys()]));
  const of = (sums: Sums, name: string): bigint => sums.get(name) ?? 0n;
  const off = [...names].sort().flatMap((name): Fault[] => {
    const parts = of(is.held, name) + of(is.payable, name) + of(is.paid, name);
    const sum = of(is.earned, name);
    const split: Fault[] =
      sum === parts
        ? []
        : [{ breaks: 'I3', item: name, wrong: `${sum} came in, and ${parts} is paid, held or payable` }];
    const differing = states
      .filter((state) => of(is[state], name) !== of(right[state], name))
      .map(
        (state): Fault => ({
          breaks: 'I3',
          item: name,
          wrong: `the journals say ${of(is[state], name)} ${state}`,
          right: `${of(right[state], name)}, as its earnings say`,
        }),
      );
    return [...split, ...differing];
  });
  return [...faults, ...off];
};
