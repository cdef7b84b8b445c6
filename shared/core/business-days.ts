import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime';
import { addDays, type Day, dayOf, type Instant, instant, millis } from '#shared/core/time.ts';

export interface BusinessCalendar {
  /** IANA, such as `Europe/Berlin`. */
  readonly timeZone: string;
  readonly holidays: readonly Day[];
  /** Days of the week that are free, 1 = Monday to 7 = Sunday; Saturday and Sunday unless given. */
  readonly weekend?: readonly number[];
}

const saturdayAndSunday = [6, 7];

const dayOfWeek = (day: Day): number => new Date(millis(day)).getUTCDay() || 7;

export const isBusinessDay = (day: Day, calendar: BusinessCalendar): boolean =>
  !(calendar.weekend ?? saturdayAndSunday).includes(dayOfWeek(day)) && !calendar.holidays.includes(day);

/** How many calendar days lie between a day and the business day that is `businessDays` after it. */
const calendarDaysUntil = (day: Day, businessDays: number, calendar: BusinessCalendar): number => {
  let passed = 0;
  while (!isBusinessDay(addDays(day, passed), calendar)) passed += 1;
  for (let left = businessDays; left > 0; ) {
    passed += 1;
    if (isBusinessDay(addDays(day, passed), calendar)) left -= 1;
  }
  return passed;
};

/**
 * The instant `days` business days later, at the same time of day on the wall clock of the calendar's time zone (API.md).
 * What comes in on a free day counts as if it had come in on the next business day at that same time of day: Saturday 15:00
 * plus 2 is Wednesday 15:00. A time of day that the change to summer time skips becomes the one an hour later; one that
 * happens twice in autumn is the first. `days` is a whole number from 0; 0 moves only what came in on a free day.
 */
export const addBusinessDays = (at: Instant, days: number, calendar: BusinessCalendar): Instant => {
  if (!Number.isSafeInteger(days) || days < 0) throw new RangeError(`not a number of business days: ${days}`);
  if (new Set(calendar.weekend ?? saturdayAndSunday).size >= 7) throw new RangeError('a week needs a business day');
  const passed = calendarDaysUntil(dayOf(at, calendar.timeZone), days, calendar);
  const local = ZonedDateTime.create(BigInt(millis(at)) * 1_000_000n, calendar.timeZone);
  return instant(ZonedDateTime.toInstant(ZonedDateTime.addDays(local, passed)).epochMilliseconds);
};
