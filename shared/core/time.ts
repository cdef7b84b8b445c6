import * as z from 'zod';

/** ISO 8601 in UTC with milliseconds, `2026-07-01T12:00:00.000Z`: always the same length, so that comparing as text is comparing in time. */
export const Instant = z.iso
  .datetime({
    precision: 3,
    error: 'must be an instant in UTC with milliseconds, for example "2026-07-01T12:00:00.000Z"',
  })
  .meta({ example: '2026-07-01T12:00:00.000Z' });
export type Instant = z.infer<typeof Instant>;

/** What callers may send: any precision, in UTC; it comes out as an `Instant`. */
export const AnyInstant = z.iso
  .datetime({ error: 'must be an instant in UTC, for example "2026-07-01T12:00:00Z"' })
  .transform((text) => instant(Date.parse(text)));

/** A real day of the calendar, `2026-02-29` is refused. */
export const Day = z.iso
  .date({ error: 'must be a day of the calendar written YYYY-MM-DD, for example "2026-07-01"' })
  .meta({ example: '2026-07-01' });
export type Day = z.infer<typeof Day>;

const msPerHour = 3_600_000;
const msPerDay = 24 * msPerHour;
const dayLength = 'YYYY-MM-DD'.length;

export const instant = (epochMs: number): Instant => new Date(epochMs).toISOString();

/** Milliseconds since 1970 of an instant, or of a day's first moment in UTC. */
export const millis = (at: Instant | Day): number => {
  const epochMs = Date.parse(at);
  if (Number.isNaN(epochMs)) throw new RangeError(`not an instant or a day: ${at}`);
  return epochMs;
};

const likeInput = (input: Instant | Day, epochMs: number): string =>
  instant(epochMs).slice(0, input.length === dayLength ? dayLength : undefined);

/** A day gives a day, an instant an instant. Days of 24 hours, in UTC; `days` may be negative. */
export const addDays = (at: Instant | Day, days: number): string => likeInput(at, millis(at) + days * msPerDay);

/** `hours` may be negative. */
export const addHours = (at: Instant, hours: number): Instant => instant(millis(at) + hours * msPerHour);

/** By the calendar, in UTC: the 31st plus one month is that month's last day. A day gives a day, an instant an instant. */
export const addMonths = (at: Instant | Day, months: number): string => {
  const from = new Date(millis(at));
  const month = from.getUTCMonth() + months;
  const lastDayOfMonth = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), lastDayOfMonth));
  return likeInput(at, midnight + (((from.getTime() % msPerDay) + msPerDay) % msPerDay));
};

/** Whole days from one day to another; negative when `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number => Math.round((millis(to) - millis(from)) / msPerDay);

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day that an instant falls on in an IANA time zone. Throws a RangeError for a zone that is not there. */
export const dayOf = (at: Instant, timeZone: string): Day => {
  if (timeZone === 'UTC') return at.slice(0, dayLength);
  let format = formats.get(timeZone);
  if (!format) {
    // Swedish writes days as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(millis(at));
};
