import { systemIntent } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { type Earning, holdFrom, newEarning } from '#shared/earnings/earning.ts';
import { bookEarning, changeEarning, earningFrom } from '#shared/earnings/earning-store.ts';
import { disputeLine, endDispute, isDisputed } from '#shared/earnings/line-dispute.ts';
import type { Payout, Statement } from '#shared/payouts/payout.ts';
import { failJournals, payJournals, sendJournals } from '#shared/payouts/payout-journals.ts';
import {
  carryPayout,
  failPayout,
  freezePayout,
  releasePayout,
  sendPayout,
  settlePayout,
} from '#shared/payouts/payout-life.ts';
import { payoutOf } from '#shared/payouts/payout-of.ts';
import { changePayout } from '#shared/payouts/payout-store.ts';
import { nextPeriod, statementFrom } from '#shared/payouts/statement-store.ts';
import type { Item } from '#shared/platform/table.ts';
import type { Prng } from '#test/faults/prng.ts';
import { aTable, type Table } from '#test/ledger/a-table.ts';
import { aProgram } from '#test/support/a-program.ts';

export const historyOf = 'ptr_1';
export const historyProgram = aProgram();

interface Making {
  readonly table: Table;
  readonly chance: Prng;
  now: string;
  serial: number;
}

const itemsOf = ({ items }: Table, prefix: string): readonly Item[] =>
  // Whatever is in the table was written as an item.
  [...items.values()].filter(({ pk, sk }) => pk === historyOf && String(sk).startsWith(prefix)) as Item[];

export const earningsIn = (table: Table): readonly Earning[] =>
  itemsOf(table, 'earning#').flatMap((item) => earningFrom(item) ?? []);

export const statementsIn = (table: Table): readonly Statement[] =>
  itemsOf(table, 'statement#')
    .map(statementFrom)
    .sort((a, b) => (a.payout.period < b.payout.period ? -1 : 1));

const intentOf = (making: Making, step: string) => {
  making.serial += 1;
  return systemIntent(step, String(making.serial), making.now);
};

const isOpen = (making: Making, period: string): boolean =>
  (statementsIn(making.table).find(({ payout }) => payout.period === period)?.payout.status ?? 'open') === 'open';

const openFrom = (making: Making, period: string): string =>
  isOpen(making, period) ? period : openFrom(making, nextPeriod(period));

const owedNow = (making: Making, kind: Earning['kind']) => {
  const { holdUntil, statement } = holdFrom(kind, making.now, historyProgram);
  return { status: 'on_hold', holdUntil, statement: openFrom(making, statement) } as const;
};

const earn = (making: Making): void => {
  const { chance, now } = making;
  const kind = chance.pick(['commission', 'commission', 'spiff', 'bonus', 'clawback']);
  making.serial += 1;
  const earning = newEarning({
    id: `ern_${making.serial}`,
    kind,
    partnerId: historyOf,
    amount: { amountMinor: (kind === 'clawback' ? -1 : 1) * (1 + chance.int(20_000)), currency: 'USD' },
    createdAt: now,
    explanation: { rule: 'referral', programVersion: 1, inputs: { of: 1_000, percent: 10 } },
    ...(kind === 'commission' && chance.chance(0.4) ? { status: 'pending' } : owedNow(making, kind)),
  });
  const { event, writes } = bookEarning(earning, intentOf(making, 'earn'));
  making.table.write([event], writes);
};

type Changes = { readonly [Name in keyof Earning]?: Earning[Name] | undefined };

const change = (making: Making, before: Earning, changes: Changes): void => {
  // Stored as it is read: what is undefined is not there.
  const after = JSON.parse(JSON.stringify({ ...before, ...changes })) as Earning;
  const { event, writes } = changeEarning(before, after, intentOf(making, 'change'));
  making.table.write([event], writes);
};

/** A customer pays what is pending, or an earning is taken back while its statement is open. */
const moveOn = (making: Making): void => {
  const earnings = earningsIn(making.table).filter(
    ({ status, statement }) => status === 'pending' || (status === 'on_hold' && isOpen(making, String(statement))),
  );
  const earning = earnings[making.chance.int(earnings.length)];
  if (!earning) return;
  if (earning.status === 'on_hold' || making.chance.chance(0.2)) change(making, earning, { status: 'reversed' });
  else change(making, earning, owedNow(making, earning.kind));
};

/** A line is disputed, or a dispute is answered. */
const dispute = (making: Making): void => {
  const { chance, now, table } = making;
  const lines = earningsIn(table).filter(
    (it) => it.status === 'on_hold' && (isDisputed(it) || (!it.disputed && isOpen(making, String(it.statement)))),
  );
  const line = lines[chance.int(lines.length)];
  if (!line) return;
  const after = isDisputed(line)
    ? endDispute(line, { now, answer: 'It stands.', program: historyProgram })
    : disputeLine(line, { reason: 'Why?', by: 'usr_1', now, closedAt: undefined }, historyProgram.payouts);
  change(making, line, { statement: undefined, holdUntil: undefined, awaits: undefined, ...after });
};

const save = (making: Making, before: Statement, after: Payout, journals: ReturnType<typeof sendJournals> = []) => {
  const { event, writes } = changePayout(before, after, {
    type: 'payout.moved',
    intent: intentOf(making, 'pay'),
    journals,
  });
  making.table.write([event], writes);
};

/** One statement a step further on its way through a run. */
const payOn = (making: Making): void => {
  const { chance, now, table } = making;
  const month = now.slice(0, 'YYYY-MM'.length);
  const waiting = statementsIn(table).filter(({ payout }) => !['paid', 'failed', 'carried'].includes(payout.status));
  const statement = waiting.find(({ payout }) => payout.period < month);
  if (!statement) return;
  const { payout } = statement;
  const to = openFrom(making, nextPeriod(payout.period));
  if (payout.status === 'open') {
    const terms = {
      minimumMinor: 5_000,
      payableFrom: chance.chance(0.8) ? now : undefined,
      lacksTaxForm: () => false,
      now,
    };
    const verdict = payoutOf(statement, terms);
    if (verdict.payMinor === 0) save(making, statement, carryPayout(statement, { ...verdict, to, now }));
    else
      save(
        making,
        statement,
        freezePayout(statement, verdict, { runId: 'run_1', payeeVersion: 1, provider: 'manual', now }),
      );
  } else if (payout.status === 'pending' && chance.chance(0.2)) save(making, statement, releasePayout(payout));
  else if (payout.status === 'pending') {
    const after = sendPayout(payout, { to, now, outcome: 'sent' });
    save(making, statement, after, sendJournals(after, now));
  } else if (chance.chance(0.3)) {
    save(making, statement, failPayout(statement, { reason: 'Closed.', to, now }), failJournals(payout, now));
  } else save(making, statement, settlePayout(payout, { now }), payJournals(payout, now));
};

/** Half a year of a partner's money: earned, reversed, taken back, paid, failed, carried; the same for the same chance. */
export const aPartnerHistory = (chance: Prng, steps = 60): Table => {
  const making: Making = { table: aTable(), chance, now: '2026-01-02T09:00:00.000Z', serial: 0 };
  for (let step = 0; step < steps; step += 1) {
    making.now = addDays(making.now, chance.int(5));
    const act = chance.pick([earn, earn, moveOn, payOn, payOn, dispute]);
    act(making);
  }
  return making.table;
};
