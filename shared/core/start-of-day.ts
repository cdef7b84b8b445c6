import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime';
import { type Day, type Instant, instant } from '#shared/core/time.ts';

/** The first moment of a day in an IANA time zone; where midnight is skipped for summer time, the moment that comes after it. */
export const startOfDay = (day: Day, timeZone: string): Instant => {
  const [year = 0, month = 0, dayOfMonth = 0] = day.split('-').map(Number);
  const date = PlainDate.create(year, month, dayOfMonth);
  return instant(ZonedDateTime.toInstant(PlainDate.toZonedDateTime(date, timeZone)).epochMilliseconds);
};
