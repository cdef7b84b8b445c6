import type { StoredEvent } from '#shared/core/history.ts';
import { formatMoney } from '#shared/core/money.ts';
import { type Instant, instant, millis } from '#shared/core/time.ts';
import { Earning } from '#shared/earnings/earning.ts';
import { partnerAccount } from '#shared/ledger/chart.ts';
import { Balances, Payout, type Statement } from './payout.ts';
import { type PartnerMoney, type PartnerStatement, type StatementLine, statementOf } from './statement-of.ts';
import type { StatementSpan } from './statement-period.ts';

/** What a thing's events made of it; what is personal is in none of them and moves no money. */
const stateOf = (events: readonly StoredEvent[]): Readonly<Record<string, unknown>> => {
  const state: Record<string, unknown> = {};
  for (const { subject, seq, hash, at, changes } of events.toSorted((a, b) => a.seq - b.seq)) {
    Object.assign(state, changes, { id: subject, version: seq, head: hash, updatedAt: at });
  }
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
};

const statementFrom = (events: readonly StoredEvent[]): Statement => {
  const payout = Payout.parse(stateOf(events));
  return { payout, balances: payout.figures ?? Balances.parse({}) };
};

const isOf = ({ subject }: StoredEvent, prefix: string): boolean => subject.startsWith(prefix);

/** A partner's earnings and payouts as its events made them, up to an instant. */
const moneyAt = (events: readonly StoredEvent[], asOf: Instant): PartnerMoney => {
  const known = events.filter(({ at }) => at <= asOf);
  const things = [...Map.groupBy(known, ({ subject }) => subject).values()];
  const earnings = things.filter(([first]) => first && isOf(first, 'ern_'));
  const payouts = things.filter(([first]) => first && isOf(first, 'pay_'));
  return { earnings: earnings.map((own) => Earning.parse(stateOf(own))), statements: payouts.map(statementFrom) };
};

/** A statement as it was on its day, and what the journals of that day say. */
export interface ReplayedStatement {
  readonly account: PartnerStatement;
  readonly payableMinor: number;
  readonly onHoldMinor: number;
}

/** Makes a statement again from nothing but the events that had happened by its last moment (or by now, when that is earlier). */
export const replayStatement = (
  events: readonly StoredEvent[],
  about: { readonly partnerId: string; readonly span: StatementSpan; readonly now: Instant },
): ReplayedStatement => {
  const { partnerId, span, now } = about;
  const lastMoment = instant(millis(span.ends) - 1);
  const asOf = now < lastMoment ? now : lastMoment;
  const journals = events.filter(({ at }) => at <= asOf).flatMap((event) => event.journals ?? []);
  const balanceOf = (account: string): number =>
    journals
      .filter(({ at }) => at <= asOf)
      .flatMap(({ lines }) => lines)
      .reduce((sum, line) => (line.account === account ? sum - line.amountMinor : sum), 0);
  return {
    account: statementOf(moneyAt(events, asOf), span, asOf),
    payableMinor: balanceOf(partnerAccount(partnerId, 'payable')),
    onHoldMinor: balanceOf(partnerAccount(partnerId, 'on-hold')),
  };
};

const nameOf = ({ at, reason, earning, payout }: StatementLine): string =>
  `${at} ${earning?.id ?? payout?.id} (${reason})`;

/** Where a statement as it is made today is not what was replayed, in words; none when it is the same to the cent. */
export const statementDifferences = (
  today: PartnerStatement,
  { account, payableMinor, onHoldMinor }: ReplayedStatement,
  currency: string,
): readonly string[] => {
  const money = (amountMinor: number | undefined): string =>
    amountMinor === undefined ? 'not there' : formatMoney({ amountMinor, currency });
  const differing = (what: string, a: number | undefined, b: number | undefined): readonly string[] =>
    a === b ? [] : [`${what}: ${money(a)}, and ${money(b)} by its events`];
  const linesOf = (statement: PartnerStatement) =>
    new Map(statement.lines.map((line) => [nameOf(line), line.amountMinor] as const));
  const [is, was] = [linesOf(today), linesOf(account)];
  return [
    ...differing('opening balance', today.openingMinor, account.openingMinor),
    ...[...new Set([...is.keys(), ...was.keys()])].flatMap((name) => differing(name, is.get(name), was.get(name))),
    ...differing('closing balance', today.closingMinor, account.closingMinor),
    ...differing('on hold', today.heldMinor, account.heldMinor),
    ...differing('the ledger’s payable account', today.closingMinor, payableMinor),
    ...differing('the ledger’s on-hold account', today.heldMinor, onHoldMinor),
  ];
};
