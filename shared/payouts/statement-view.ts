import type { Language } from '#shared/core/languages.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { formulaOf } from '#shared/earnings/formula.ts';
import { netOf, type Payout, partsOf, type Statement } from './payout.ts';
import type { StatementSummary, StatementView } from './statement-contract.ts';
import type { CarriedLine, PartnerStatement, StatementLine } from './statement-of.ts';
import type { StatementSpan } from './statement-period.ts';
import { statementWords } from './statement-words.ts';

/** Whose statement it is, and how it is told. */
export interface Told {
  readonly partnerId: string;
  readonly partnerName: string;
  readonly currency: string;
  readonly span: StatementSpan;
  readonly language: Language;
  /** Of the account that the payout goes to. */
  readonly accountEndsWith: string | undefined;
}

const moneyIn =
  ({ currency }: Pick<Told, 'currency'>) =>
  (amountMinor: number) => ({ amountMinor, currency });

const textOf = (earning: Earning, { language }: Told): string => {
  const words = statementWords[language];
  const rep = earning.rep ? ` ${words.rep(earning.rep.name)}` : '';
  return `${words.kinds[earning.kind]}: ${formulaOf(earning, language)}${rep}`;
};

const viewLine = ({ at, reason, amountMinor, earning, payout }: StatementLine, told: Told) => {
  const word = statementWords[told.language].reasons[reason];
  const line = { at, type: reason, amount: moneyIn(told)(amountMinor) };
  if (!earning) {
    const period = payout ? ` (${payout.period})` : '';
    return { ...line, text: `${word}${period}`, ...(payout ? { payoutId: payout.id } : {}) };
  }
  const { id, kind, dealId, claimId, explanation, statement } = earning;
  const isPlain = reason === 'earned' || reason === 'taken_back';
  const elsewhere =
    statement && statement !== told.span.period ? ` ${statementWords[told.language].paidWith(statement)}` : '';
  const text = `${textOf(earning, told)}${elsewhere}`;
  return {
    ...line,
    text: isPlain ? text : `${word}. ${text}`,
    earningId: id,
    kind,
    ...(dealId ? { dealId } : {}),
    ...(claimId ? { claimId } : {}),
    rule: explanation.rule,
    programVersion: explanation.programVersion,
    ...(statement ? { statement } : {}),
  };
};

const viewHeld = (earning: Earning, told: Told) => ({
  earningId: earning.id,
  kind: earning.kind,
  amount: earning.amount,
  text: textOf(earning, told),
  ...(earning.holdUntil ? { holdUntil: earning.holdUntil } : {}),
  ...(earning.statement ? { statement: earning.statement } : {}),
});

const viewCarried = ({ period, amountMinor, reasons }: CarriedLine, told: Told) => ({
  period,
  amount: moneyIn(told)(amountMinor),
  reasons: reasons.map((code) => ({ code, text: statementWords[told.language].carryReasons[code] })),
});

/** What is due of a statement in all; minor units. */
const dueOf = (statement: Statement | undefined): number => (statement ? netOf(partsOf(statement.balances)) : 0);

const isSent = ({ status }: Payout): boolean => ['sent', 'unknown', 'paid'].includes(status);

const viewPayout = ({ statement, brought, carried, others }: PartnerStatement, told: Told): StatementView['payout'] => {
  const money = moneyIn(told);
  const payout = statement?.payout;
  const status = payout?.status ?? 'open';
  const due = dueOf(statement);
  const gone = carried.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const sent = payout?.amount && isSent(payout) ? payout.amount.amountMinor : 0;
  return {
    status,
    statusText: statementWords[told.language].statuses[status],
    ...(payout && payout.version > 0 ? { payoutId: payout.id } : {}),
    ...(payout?.runId ? { runId: payout.runId } : {}),
    broughtForward: brought.map((line) => viewCarried(line, told)),
    earned: money(statement?.balances.amountDue ?? 0),
    due: money(due),
    others: others.map((earning) => viewHeld(earning, told)),
    ...(payout?.amount ? { amount: payout.amount } : {}),
    carriedOver: carried.map((line) => viewCarried(line, told)),
    left: money(due - sent - gone),
    ...(payout?.reference ? { reference: payout.reference } : {}),
    ...(payout?.sentAt ? { sentAt: payout.sentAt } : {}),
    ...(payout?.endedAt ? { endedAt: payout.endedAt } : {}),
    ...(told.accountEndsWith ? { accountEndsWith: told.accountEndsWith } : {}),
    ...(payout?.reason ? { failure: payout.reason } : {}),
  };
};

/** A statement as callers see it, in words of their language. */
export const viewStatement = (account: PartnerStatement, told: Told): StatementView => {
  const { partnerId, partnerName, span, language } = told;
  const money = moneyIn(told);
  return {
    partnerId,
    partnerName,
    period: span.period,
    language,
    from: span.from,
    to: span.to,
    asOf: account.asOf,
    openingBalance: money(account.openingMinor),
    lines: account.lines.map((line) => viewLine(line, told)),
    closingBalance: money(account.closingMinor),
    onHold: { total: money(account.heldMinor), earnings: account.held.map((earning) => viewHeld(earning, told)) },
    payout: viewPayout(account, told),
  };
};

export const summaryOf = (statement: Statement): StatementSummary => {
  const { partnerId, period, status, currency, version, id, amount } = statement.payout;
  return {
    partnerId,
    period,
    status,
    due: { amountMinor: dueOf(statement), currency },
    ...(version > 0 ? { payoutId: id } : {}),
    ...(amount ? { amount } : {}),
  };
};
