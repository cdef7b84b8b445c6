import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDayOf, lastDayOf, nextQuarter, previousQuarter, Quarter, quarterOf } from '#shared/core/quarters.ts';
import { addDays } from '#shared/core/time.ts';

describe('when a day is put into its fiscal quarter', () => {
  it.each([
    { label: 'first day of the calendar year', day: '2026-01-01', start: 1, quarter: '2026-Q1' },
    { label: 'last day of the calendar year', day: '2026-12-31', start: 1, quarter: '2026-Q4' },
    { label: 'last day before a year from July', day: '2026-06-30', start: 7, quarter: '2026-Q4' },
    { label: 'first day of a year from July', day: '2026-07-01', start: 7, quarter: '2027-Q1' },
    { label: 'January of a year from February', day: '2026-01-31', start: 2, quarter: '2026-Q4' },
    { label: 'January of a year from December', day: '2026-01-15', start: 12, quarter: '2026-Q1' },
    { label: 'December of a year from December', day: '2026-12-01', start: 12, quarter: '2027-Q1' },
  ])('then $label is in $quarter', ({ day, start, quarter }) => {
    expect(quarterOf(day, start)).toBe(quarter);
  });
});

describe('when a quarter is asked for its days', () => {
  it.each([
    { quarter: '2026-Q3', start: 1, first: '2026-07-01', last: '2026-09-30' },
    { quarter: '2028-Q1', start: 12, first: '2027-12-01', last: '2028-02-29' },
    { quarter: '2026-Q1', start: 7, first: '2025-07-01', last: '2025-09-30' },
  ])('then $quarter of a year from month $start is $first to $last', ({ quarter, start, first, last }) => {
    expect(firstDayOf(quarter, start)).toBe(first);
    expect(lastDayOf(quarter, start)).toBe(last);
  });

  it('then every day lies in exactly the quarter it is put into', () => {
    const days = fc.integer({ min: 0, max: 73_000 }).map((offset) => addDays('1990-01-01', offset));
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 12 }), (day, start) => {
        const quarter = quarterOf(day, start);
        expect(firstDayOf(quarter, start) <= day && day <= lastDayOf(quarter, start)).toBe(true);
        expect(addDays(lastDayOf(quarter, start), 1)).toBe(firstDayOf(nextQuarter(quarter), start));
      }),
    );
  });
});

describe('when quarters are counted', () => {
  it('then a year ends after the fourth', () => {
    expect(nextQuarter('2026-Q4')).toBe('2027-Q1');
    expect(previousQuarter('2026-Q1')).toBe('2025-Q4');
  });

  it.each(['2026-Q0', '2026-Q5', '2026Q1', '26-Q1', '2026-q1'])('then %s is none', (text) => {
    expect(Quarter.safeParse(text).success).toBe(false);
    expect(() => nextQuarter(text)).toThrow(RangeError);
  });
});
