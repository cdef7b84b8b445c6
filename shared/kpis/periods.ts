import { firstDayOf, nextQuarter, type Quarter } from '#shared/core/quarters.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { addMonths, millis } from '#shared/core/time.ts';

/** A stretch of time, in seconds since 1970: `from` belongs to it, `until` does not. */
export interface Span {
  readonly name: string;
  readonly from: number;
  readonly until: number;
}

/** What one quarter is looked at by: its three months, itself, and its fiscal year up to its end. */
export interface Periods {
  readonly quarter: Span;
  readonly months: readonly [Span, Span, Span];
  readonly year: Span;
  /** The quarters of the year so far, this one last. */
  readonly quartersOfYear: readonly Quarter[];
}

interface Calendar {
  readonly timeZone: string;
  readonly fiscalYearStart: number;
}

const make = (quarter: Quarter, { timeZone, fiscalYearStart }: Calendar): Periods => {
  const second = (day: string): number => millis(startOfDay(day, timeZone)) / 1000;
  const first = firstDayOf(quarter, fiscalYearStart);
  const month = (index: number): Span => ({
    name: addMonths(first, index).slice(0, 7),
    from: second(addMonths(first, index)),
    until: second(addMonths(first, index + 1)),
  });
  const months = [month(0), month(1), month(2)] as const;
  const year = quarter.slice(0, 4);
  const opening = `${year}-Q1`;
  const until = second(firstDayOf(nextQuarter(quarter), fiscalYearStart));
  return {
    quarter: { name: quarter, from: months[0].from, until },
    months,
    year: { name: year, from: second(firstDayOf(opening, fiscalYearStart)), until },
    quartersOfYear: [1, 2, 3, 4].map((number) => `${year}-Q${number}`).filter((each) => each <= quarter),
  };
};

const made = new Map<string, Periods>();

/** Made once and kept: a run asks for the same quarter for every partner. */
export const periodsOf = (quarter: Quarter, calendar: Calendar): Periods => {
  const name = `${quarter} ${calendar.fiscalYearStart} ${calendar.timeZone}`;
  const known = made.get(name) ?? make(quarter, calendar);
  made.set(name, known);
  return known;
};
