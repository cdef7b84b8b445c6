import type { StoredItem } from './chains.ts';
import { bank, payoutClearing } from './chart.ts';
import type { OwedEarning } from './conservation.ts';
import type { Fault } from './fault.ts';
import type { BookedIntent } from './oracles.ts';

/** A statement as it is stored, which is a payout too; amounts in minor units. Read here on purpose, as kept-facts.ts says. */
export interface KeptStatement {
  /** `<partner id> statement#<currency>#<period>`. */
  readonly item: string;
  readonly partnerId: string;
  readonly currency: string;
  readonly status: string;
  readonly payoutId: string | undefined;
  readonly amountDue: number;
  readonly earned: number;
  readonly takenBack: number;
  readonly earnings: number;
  readonly broughtForward: number;
  readonly amountMinor: number;
  readonly carriedOut: readonly { readonly to: string; readonly amountMinor: number }[];
}

/** What of an earning a statement counts. */
export interface Counted {
  readonly statement: string;
  readonly amountMinor: number;
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

export const statementIn = (item: StoredItem): KeptStatement => {
  const name = (period: unknown): string => `${item.pk} statement#${item.currency}#${period}`;
  const carried = (item.carriedOut ?? []) as readonly StoredItem[];
  return {
    item: `${item.pk} ${item.sk}`,
    partnerId: String(item.pk),
    currency: String(item.currency),
    status: String(item.status),
    payoutId: item.version === undefined ? undefined : String(item.id),
    amountDue: number(item.amountDue),
    earned: number(item.earned),
    takenBack: number(item.takenBack) + number(item.takenBackForFraud),
    earnings: number(item.earnings),
    broughtForward: number(item.broughtForward),
    amountMinor: number((item.amount as StoredItem | undefined)?.amountMinor),
    carriedOut: carried.map(({ to, earned, takenBack, takenBackForFraud }) => ({
      to: name(to),
      amountMinor: number(earned) - number(takenBack) - number(takenBackForFraud),
    })),
  };
};

const sumOf = (amounts: readonly { readonly amountMinor: number }[]): bigint =>
  amounts.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);

/** I1: a statement is the sum of the earnings on it. */
const countedWrongly = (
  statement: KeptStatement | undefined,
  own: readonly Counted[],
  item: string,
): readonly Fault[] => {
  const [up, down] = [
    own.filter(({ amountMinor }) => amountMinor > 0),
    own.filter(({ amountMinor }) => amountMinor < 0),
  ];
  const right = sumOf(own);
  const { amountDue = 0, earnings = 0, earned = 0, takenBack = 0 } = statement ?? {};
  const isRight =
    BigInt(amountDue) === right &&
    earnings === own.length &&
    BigInt(earned) === sumOf(up) &&
    -BigInt(takenBack) === sumOf(down);
  if (isRight) return [];
  const wrong = statement
    ? `${amountDue} is due for ${earnings} earnings (${earned} earned, ${takenBack} taken back)`
    : 'is missing';
  return [{ breaks: 'I1', item, wrong, right: `${right} for ${own.length} (${sumOf(up)} and ${-sumOf(down)})` }];
};

const isBooked = ({ status }: KeptStatement): boolean => ['sent', 'unknown', 'paid'].includes(status);
const isOver = (statement: KeptStatement): boolean =>
  isBooked(statement) || ['carried', 'failed'].includes(statement.status);

/** I3: what was due of a statement that is over was paid or went to another one, where it arrived. */
const carriedWrongly = (statements: readonly KeptStatement[]): readonly Fault[] => {
  const arriving = Map.groupBy(
    statements.flatMap(({ carriedOut }) => carriedOut),
    ({ to }) => to,
  );
  const known = new Set(statements.map(({ item }) => item));
  const lost = [...arriving].flatMap(([to, parts]): Fault[] =>
    known.has(to) || sumOf(parts) === 0n
      ? []
      : [{ breaks: 'I3', item: to, wrong: 'is missing', right: `${sumOf(parts)} brought forward` }],
  );
  const wrong = statements.flatMap((statement): Fault[] => {
    const { item, amountDue, broughtForward, amountMinor, carriedOut } = statement;
    const right = sumOf(arriving.get(item) ?? []);
    const due = BigInt(amountDue + broughtForward);
    const gone = sumOf(carriedOut) + (isBooked(statement) ? BigInt(amountMinor) : 0n);
    return [
      ...(BigInt(broughtForward) === right
        ? []
        : [{ breaks: 'I3', item, wrong: `${broughtForward} was brought forward`, right: `${right}` } as const]),
      ...(!isOver(statement) || due === gone
        ? []
        : [{ breaks: 'I3', item, wrong: `${due} was due, and ${gone} is paid or carried` } as const]),
    ];
  });
  return [...lost, ...wrong];
};

export const statementFaults = (
  counted: readonly Counted[],
  statements: readonly KeptStatement[],
): readonly Fault[] => {
  const onStatement = Map.groupBy(counted, ({ statement }) => statement);
  const kept = new Map(statements.map((statement) => [statement.item, statement]));
  return [
    ...[...new Set([...onStatement.keys(), ...kept.keys()])].flatMap((item) =>
      countedWrongly(kept.get(item), onStatement.get(item) ?? [], item),
    ),
    ...carriedWrongly(statements),
  ];
};

/** Money that was sent is no longer payable: which of a partner's earnings it was for does not matter to the books. */
export const sentMoney = (statements: readonly KeptStatement[]): readonly OwedEarning[] =>
  statements.filter(isBooked).flatMap(({ item, partnerId, currency, amountMinor }) => [
    { id: item, partnerId, currency, amountMinor, state: 'paid' },
    { id: item, partnerId, currency, amountMinor: -amountMinor, state: 'payable' },
  ]);

const sendState: Readonly<Record<string, BookedIntent['state']>> = {
  sent: 'booked',
  unknown: 'booked',
  paid: 'undone',
  failed: 'undone',
};
const bankState: Readonly<Record<string, BookedIntent['state']>> = { paid: 'booked', failed: 'undone' };

/** I4: each payout is sent once and leaves the bank once, if at all. */
export const payoutIntents = (statements: readonly KeptStatement[]): readonly BookedIntent[] =>
  statements.flatMap(({ payoutId, currency, amountMinor, status }) => {
    if (payoutId === undefined) return [];
    const intent = { id: payoutId, currency, amountMinor: -amountMinor };
    return [
      { ...intent, account: payoutClearing, state: sendState[status] ?? 'not booked' },
      { ...intent, account: bank, state: bankState[status] ?? 'not booked' },
    ];
  });
