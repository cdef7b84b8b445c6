import { type Instant, instant, millis } from '#shared/core/time.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { type Posting, postingsOfEarning, postingsOfPayout } from './partner-postings.ts';
import { type CarryReason, netOf, type Payout, type Statement } from './payout.ts';
import type { StatementSpan } from './statement-period.ts';

/** Everything that a partner's money says: all of its earnings and statements, in any order. */
export interface PartnerMoney {
  readonly earnings: readonly Earning[];
  readonly statements: readonly Statement[];
}

/** What moved the balance, and what it was for; minor units. */
export interface StatementLine extends Omit<Posting, 'account'> {
  readonly earning?: Earning;
  readonly payout?: Payout;
}

/** What of one statement went to another one, and why. */
export interface CarriedLine {
  readonly period: string;
  readonly amountMinor: number;
  readonly reasons: readonly CarryReason[];
}

/** A partner's account of a period, and what became of what was due at its end; minor units. */
export interface PartnerStatement {
  readonly asOf: Instant;
  readonly openingMinor: number;
  readonly lines: readonly StatementLine[];
  readonly closingMinor: number;
  readonly held: readonly Earning[];
  readonly heldMinor: number;
  /** The item that is paid; undefined where nothing ever stood on it. */
  readonly statement: Statement | undefined;
  readonly brought: readonly CarriedLine[];
  readonly carried: readonly CarriedLine[];
  /** Earnings that are paid with this statement though they became payable outside of its days. */
  readonly others: readonly Earning[];
}

const sumOf = (postings: readonly { readonly amountMinor: number }[]): number =>
  postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** What comes and goes at the same instant moved nothing. */
const moved = (lines: readonly StatementLine[]): readonly StatementLine[] =>
  [...Map.groupBy(lines, ({ at }) => at).values()].flatMap((same) => (sumOf(same) === 0 ? [] : same));

const payableOf = (postings: readonly Posting[], about: Pick<StatementLine, 'earning' | 'payout'>) =>
  moved(
    postings
      .filter(({ account }) => account === 'payable')
      .map(({ at, amountMinor, reason }) => ({ at, amountMinor, reason, ...about })),
  );

const idOf = ({ earning, payout }: StatementLine): string => earning?.id ?? payout?.id ?? '';
const byTime = (a: StatementLine, b: StatementLine): number =>
  a.at === b.at ? (idOf(a) < idOf(b) ? -1 : 1) : a.at < b.at ? -1 : 1;

const broughtTo = (period: string, statements: readonly Statement[]): readonly CarriedLine[] =>
  statements.flatMap(({ payout }) =>
    (payout.carriedOut ?? [])
      .filter(({ to }) => to === period)
      .map((parts) => ({ period: payout.period, amountMinor: netOf(parts), reasons: parts.reasons })),
  );

const carriedFrom = (statement: Statement | undefined): readonly CarriedLine[] =>
  (statement?.payout.carriedOut ?? []).flatMap(({ to, ...parts }) =>
    to === undefined ? [] : [{ period: to, amountMinor: netOf(parts), reasons: parts.reasons }],
  );

/**
 * A partner's statement of a period. Opening and closing balance are what the partner could be paid before the period's first moment and
 * at its last (or now, when that is earlier): the account `partner:<partner>:payable` of the ledger at those instants.
 */
export const statementOf = (
  { earnings, statements }: PartnerMoney,
  span: StatementSpan,
  now: Instant,
): PartnerStatement => {
  const lastMoment = instant(millis(span.ends) - 1);
  const asOf = now < lastMoment ? now : lastMoment;
  const all = [
    ...earnings.flatMap((earning) => payableOf(postingsOfEarning(earning), { earning })),
    ...statements.flatMap(({ payout }) => payableOf(postingsOfPayout(payout), { payout })),
  ];
  const lines = all.filter(({ at }) => at >= span.begins && at <= asOf).sort(byTime);
  const heldAt = (earning: Earning): number =>
    sumOf(postingsOfEarning(earning).filter(({ account, at }) => account === 'on-hold' && at <= asOf));
  const held = earnings.filter((earning) => heldAt(earning) !== 0);
  const shown = new Set(lines.map(({ earning }) => earning?.id));
  const statement = statements.find(({ payout }) => payout.period === span.period);
  return {
    asOf,
    openingMinor: sumOf(all.filter(({ at }) => at < span.begins)),
    lines,
    closingMinor: sumOf(all.filter(({ at }) => at <= asOf)),
    held,
    heldMinor: sumOf(held.map((earning) => ({ amountMinor: heldAt(earning) }))),
    statement,
    brought: broughtTo(span.period, statements),
    carried: carriedFrom(statement),
    others: earnings.filter(
      (it) =>
        it.statement === span.period && it.status === 'on_hold' && !shown.has(it.id) && String(it.holdUntil) <= now,
    ),
  };
};
