import type { CrmTables } from '#test/import/recompute.ts';
import { percentOf, salesIn } from '#test/import/recompute-earnings.ts';

/**
 * Who must be paid what, month by month, when the CRM sample has gone through the program, worked out from the data page alone (data/README.md,
 * the table of rules) and from what the test lets happen to payees and at the bank. Nothing of the system is used, whole days and cents only.
 */
export interface ExpectedMonth {
  /** `2025-01` */
  readonly period: string;
  /** The 5th of the month after. */
  readonly payDay: string;
  /** What is sent to the bank, by agent. */
  readonly sent: ReadonlyMap<string, number>;
  /** Of it, what the bank sends back. */
  readonly returned: ReadonlyMap<string, number>;
  /** What is not sent, and why. */
  readonly carried: ReadonlyMap<string, { readonly amountMinor: number; readonly reason: string }>;
  /** What became payable within the month. */
  readonly earned: ReadonlyMap<string, number>;
  /** What was payable at the end of the month, with what was before; everybody who ever earned is there. */
  readonly payable: ReadonlyMap<string, number>;
}

/** What the data page does not say, because the test decides it. */
export interface Circumstances {
  /** Why an agent cannot be paid on a pay day. */
  readonly unpayable: (agent: string, payDay: string) => string | undefined;
  /** Whether the bank sends back what an agent is sent for a month. */
  readonly isReturned: (agent: string, period: string) => boolean;
}

interface Payable {
  readonly agent: string;
  readonly day: string;
  readonly amountMinor: number;
}

const minimumMinor = 50_00;
const daysUntilInvoicePaid = 30;
const holdDays = 30;

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const later = (day: string, days: number): string => isoDay(Date.parse(day) + days * 86_400_000);
const monthAfter = (period: string): string => {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return isoDay(Date.UTC(year, month, 1)).slice(0, 7);
};

/** `M/D/YYYY` */
const dayOf = (text: string): string => {
  const [month = 0, day = 0, year = 0] = text.split('/').map(Number);
  return isoDay(Date.UTC(year, month - 1, day));
};

const ofSales = (tables: CrmTables): readonly Payable[] =>
  salesIn(tables)
    .filter(({ valueMinor }) => valueMinor > 0)
    .map(({ agent, closed, valueMinor, isGtk500 }) => ({
      agent,
      day: later(dayOf(closed), daysUntilInvoicePaid + holdDays),
      amountMinor: percentOf(valueMinor, 10) + percentOf(valueMinor, 2) + (isGtk500 ? 500_00 : 0),
    }));

/** A quarter is at its end, and what it gives is earned, when its last day is over: on the first day after it. */
const ofQuarters = (tables: CrmTables): readonly Payable[] =>
  [...Map.groupBy(salesIn(tables), ({ agent, quarter }) => `${agent}/${quarter}`).values()].flatMap((sales) => {
    const [{ agent, quarter } = { agent: '', quarter: '' }] = sales;
    const sold = sales.reduce((sum, { valueMinor }) => sum + valueMinor, 0);
    const [year = 0, number = 0] = quarter.split('-').map(Number);
    const day = later(isoDay(Date.UTC(year, number * 3, 1)), holdDays);
    return sold < 100_000_00 ? [] : [{ agent, day, amountMinor: percentOf(sold, 2) }];
  });

const sumsOf = (payables: readonly Payable[]): ReadonlyMap<string, number> =>
  new Map(
    [...Map.groupBy(payables, ({ agent }) => agent)].map(([agent, mine]) => [
      agent,
      mine.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    ]),
  );

const monthsOf = (days: readonly string[]): readonly string[] => {
  const last = days.at(-1)?.slice(0, 7) ?? '';
  const months = [days[0]?.slice(0, 7) ?? ''];
  while ((months.at(-1) ?? last) < last) months.push(monthAfter(months.at(-1) ?? last));
  return months;
};

/** Every month in which something became payable or was left over, in order. */
export const recomputePayouts = (tables: CrmTables, circumstances: Circumstances): readonly ExpectedMonth[] => {
  const payables = [...ofSales(tables), ...ofQuarters(tables)].sort((a, b) => (a.day < b.day ? -1 : 1));
  const byMonth = Map.groupBy(payables, ({ day }) => day.slice(0, 7));
  let balances = new Map<string, number>();
  return monthsOf(payables.map(({ day }) => day)).map((period) => {
    const payDay = `${monthAfter(period)}-05`;
    const earned = sumsOf(byMonth.get(period) ?? []);
    const payable = new Map(balances);
    for (const [agent, amountMinor] of earned) payable.set(agent, (payable.get(agent) ?? 0) + amountMinor);
    const [sent, returned, carried] = [new Map<string, number>(), new Map<string, number>(), new Map()];
    for (const [agent, amountMinor] of payable) {
      if (amountMinor === 0) continue;
      const reason = amountMinor < minimumMinor ? 'below_minimum' : circumstances.unpayable(agent, payDay);
      if (reason) carried.set(agent, { amountMinor, reason });
      else sent.set(agent, amountMinor);
      if (!reason && circumstances.isReturned(agent, period)) returned.set(agent, amountMinor);
    }
    balances = new Map(
      [...payable].map(([agent]) => [agent, carried.get(agent)?.amountMinor ?? returned.get(agent) ?? 0]),
    );
    return { period, payDay, sent, returned, carried, earned, payable };
  });
};
