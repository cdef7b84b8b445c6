import * as z from 'zod';
import { addDays, addMonths, type Day } from '#shared/core/time.ts';

/**
 * A fiscal quarter. The year is the calendar year in which the fiscal year ends: with a fiscal year from July,
 * 2026-Q1 is July to September 2025 (as most companies count); with one from January it is the calendar year. Nobody is asked about
 * quarters before the year 1000, so that those before one can be counted.
 */
export const Quarter = z
  .string()
  .regex(/^[1-9]\d{3}-Q[1-4]$/, 'must be a fiscal quarter, for example "2026-Q3"')
  .meta({ example: '2026-Q3' });
export type Quarter = z.infer<typeof Quarter>;

const make = (quartersSinceYearZero: number): Quarter =>
  `${String(Math.floor(quartersSinceYearZero / 4)).padStart(4, '0')}-Q${(quartersSinceYearZero % 4) + 1}`;

const count = (quarter: Quarter): number => {
  if (!/^\d{4}-Q[1-4]$/.test(quarter)) throw new RangeError(`not a quarter: ${quarter}`);
  return Number(quarter.slice(0, 4)) * 4 + Number(quarter.slice(6)) - 1;
};

/** Quarters from one to another; negative when `to` is earlier. */
export const quartersBetween = (from: Quarter, to: Quarter): number => count(to) - count(from);

/** `fiscalYearStart` is the first month of the fiscal year, 1 to 12. */
export const quarterOf = (day: Day, fiscalYearStart: number): Quarter => {
  const monthsSinceYearZero = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  return make(Math.floor((monthsSinceYearZero + ((13 - fiscalYearStart) % 12)) / 3));
};

export const nextQuarter = (quarter: Quarter): Quarter => make(count(quarter) + 1);
export const previousQuarter = (quarter: Quarter): Quarter => make(count(quarter) - 1);
export const quartersBefore = (quarter: Quarter, quarters: number): Quarter => make(count(quarter) - quarters);

export const firstDayOf = (quarter: Quarter, fiscalYearStart: number): Day => {
  // Counted from 2000 because JavaScript takes the years 0 to 99 for 1900 to 1999.
  const monthsSince2000 = (count(quarter) - 8000) * 3 - ((13 - fiscalYearStart) % 12);
  return addMonths('2000-01-01', monthsSince2000);
};

export const lastDayOf = (quarter: Quarter, fiscalYearStart: number): Day =>
  addDays(firstDayOf(nextQuarter(quarter), fiscalYearStart), -1);
