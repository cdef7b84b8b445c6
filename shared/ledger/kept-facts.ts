import type { Quarter } from '#shared/core/quarters.ts';
import type { StoredItem } from './chains.ts';
import { budgetAccount, incentiveAccount, revenueShareAccount } from './chart.ts';
import type { OwedEarning } from './conservation.ts';
import type { Fault } from './fault.ts';
import { type KeptStatement, payoutIntents, sentMoney, statementFaults, statementIn } from './kept-statements.ts';
import type { BookedIntent, KeptBalance } from './oracles.ts';

/**
 * What the things themselves say about money, taken from their items as they are stored. Reading them here, and not by the code that
 * wrote them, is on purpose: a reconciler that shares the writers' code shares their faults.
 */
interface KeptEarning {
  readonly id: string;
  readonly partnerId: string;
  readonly status: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly holdUntil: string | undefined;
  /** Whether the partner owes it to us. */
  readonly isToUs: boolean;
  /** The claim that it reimburses. */
  readonly reimburses: string | undefined;
  /** The statement that it stands on. */
  readonly statement: string;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

const amountOf = (value: unknown): { readonly amountMinor: number; readonly currency: string } => {
  const { amountMinor, currency } = (value ?? {}) as StoredItem;
  return { amountMinor: number(amountMinor), currency: String(currency) };
};

const statementName = (partnerId: string, currency: string, month: string): string =>
  `${partnerId} statement#${currency}#${month}`;

const earningIn = (item: StoredItem): KeptEarning => {
  const { currency, amountMinor } = amountOf(item.amount);
  const partnerId = String(item.partnerId);
  return {
    id: String(item.id),
    partnerId,
    status: String(item.status),
    currency,
    amountMinor,
    holdUntil: text(item.holdUntil),
    isToUs: item.direction === 'to-us',
    reimburses: item.kind === 'mdf-reimbursement' ? text(item.claimId) : undefined,
    statement: statementName(partnerId, currency, String(item.statement)),
  };
};

/** A budget says what is available and expired, and what its requests have between them. */
const balancesOfBudget = (item: StoredItem): readonly KeptBalance[] => {
  const [partnerId, quarter, currency] = [
    String(item.partnerId),
    String(item.quarter) as Quarter,
    String(item.currency),
  ];
  const of = (state: Parameters<typeof budgetAccount>[2]) => budgetAccount(partnerId, quarter, state);
  const keep = (name: string, ...accounts: KeptBalance['accounts']): KeptBalance => ({
    item: `${item.id} ${name}`,
    accounts,
    currency,
    amountMinor: number(item[name]),
  });
  return [
    keep('available', of('available')),
    keep('committed', of('reserved'), of('in-review'), of('reimbursed')),
    keep('expired', of('expired')),
  ];
};

const balancesOfRequest = (item: StoredItem): readonly KeptBalance[] => {
  const { currency = '' } = (item.requestedAmount ?? {}) as { readonly currency?: string };
  const states = { reservedLeft: 'reserved', inReview: 'in-review', reimbursed: 'reimbursed' } as const;
  if (item.reservedLeft === undefined) return [];
  return Object.entries(states).map(([name, state]) => ({
    item: `${item.id} ${name}`,
    accounts: [budgetAccount(String(item.partnerId), String(item.quarter) as Quarter, state)],
    currency,
    amountMinor: number(item[name]),
  }));
};

const balancesOfRule = (item: StoredItem): readonly KeptBalance[] => {
  const ruleId = String(item.pk).slice('incentive#'.length);
  const [available, spent] = [incentiveAccount(ruleId, 'available'), incentiveAccount(ruleId, 'spent')];
  const keep = (name: string, ...accounts: KeptBalance['accounts']) => ({
    item: `${item.pk} ${name}`,
    accounts,
    currency: String(item.currency),
    amountMinor: number(item[name]),
  });
  return [keep('available', available), keep('allocated', available, spent)];
};

const balancesOf: Readonly<Record<string, (item: StoredItem) => readonly KeptBalance[]>> = {
  'mdf-budget': balancesOfBudget,
  'mdf-request': balancesOfRequest,
  'rule-budget': balancesOfRule,
};

const isOwed = ({ status }: KeptEarning): boolean => status === 'on_hold' || status === 'paid';

/** What is disputed has left its statement. */
const isOnStatement = (earning: KeptEarning): boolean => isOwed(earning) && earning.holdUntil !== undefined;

/** By the instant `asOf`: what is on hold is payable once its hold has ended. */
const owedAt = (earning: KeptEarning, asOf: string): OwedEarning => {
  const { id, partnerId, currency, amountMinor, status, holdUntil } = earning;
  // What is disputed has no end of its hold.
  const held = holdUntil === undefined || holdUntil > asOf;
  const unpaid = held ? 'held' : 'payable';
  return { id, partnerId, currency, amountMinor, state: status === 'paid' ? 'paid' : unpaid };
};

const intentOf = ({ id, currency, amountMinor, status, isToUs }: KeptEarning): BookedIntent => {
  const states = { on_hold: 'booked', paid: 'booked', reversed: 'undone' } as const;
  const state = status in states ? states[status as keyof typeof states] : 'not booked';
  const account = isToUs ? revenueShareAccount : 'program:expense:<kind>';
  return { id, account, currency, amountMinor, state };
};

interface KeptClaim {
  readonly id: string;
  readonly approved: number;
}

/** I4: what was approved of a claim is earned once, and nothing else is. What was taken back later is another earning. */
const claimsOff = (claims: readonly KeptClaim[], earnings: readonly KeptEarning[]): readonly Fault[] => {
  const paying = Map.groupBy(earnings, ({ reimburses }) => reimburses ?? '');
  const approved = new Map(claims.map((claim) => [claim.id, claim.approved]));
  const ids = new Set([...approved.keys(), ...paying.keys()]);
  return [...ids].flatMap((id): Fault[] => {
    const own = id === '' ? [] : (paying.get(id) ?? []);
    const earned = own.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const right = approved.get(id) ?? 0;
    if (earned === right) return [];
    return [
      { breaks: 'I4', item: id, wrong: `${own.length} earnings reimburse ${earned} of it`, right: String(right) },
    ];
  });
};

/** Collects what things say about money, in any order. */
export const openKeptFacts = () => {
  const balances: KeptBalance[] = [];
  const earnings: KeptEarning[] = [];
  const statements: KeptStatement[] = [];
  const claims: KeptClaim[] = [];
  return {
    take: (item: StoredItem): void => {
      const kind = String(item.kind);
      const sk = String(item.sk);
      balances.push(...(balancesOf[kind]?.(item) ?? []));
      if (sk === 'claim') claims.push({ id: String(item.pk), approved: amountOf(item.approvedAmount).amountMinor });
      if (sk.startsWith('earning#')) earnings.push(earningIn(item));
      if (sk.startsWith('statement#')) statements.push(statementIn(item));
    },
    balances: (): readonly KeptBalance[] => balances,
    owed: (asOf: string): readonly OwedEarning[] => [
      ...earnings.filter(isOwed).map((each) => owedAt(each, asOf)),
      ...sentMoney(statements),
    ],
    intents: (): readonly BookedIntent[] => [...earnings.map(intentOf), ...payoutIntents(statements)],
    faults: (): readonly Fault[] => [
      ...statementFaults(earnings.filter(isOnStatement), statements),
      ...claimsOff(claims, earnings),
      ...balances
        .filter(({ amountMinor }) => amountMinor < 0)
        .map(
          ({ item, amountMinor }): Fault => ({
            breaks: 'I2',
            item,
            wrong: `stands at ${amountMinor}`,
            right: '0 or above',
          }),
        ),
    ],
  };
};
