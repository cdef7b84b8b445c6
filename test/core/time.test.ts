import { describe, expect, it } from 'vitest';
import {
  AnyInstant,
  addDays,
  addMonths,
  Day,
  dayOf,
  daysBetween,
  Instant,
  instant,
  millis,
} from '#shared/core/time.ts';

describe('when an instant or a day is parsed', () => {
  it.each([
    { label: 'an instant with milliseconds', schema: Instant, value: '2026-07-01T12:00:00.000Z', ok: true },
    { label: 'an instant without milliseconds', schema: Instant, value: '2026-07-01T12:00:00Z', ok: false },
    { label: 'an instant of another offset', schema: Instant, value: '2026-07-01T12:00:00.000+02:00', ok: false },
    { label: 'an instant on a day that is not there', schema: Instant, value: '2026-02-29T12:00:00.000Z', ok: false },
    { label: 'a leap day', schema: Day, value: '2028-02-29', ok: true },
    { label: 'a leap day in a common year', schema: Day, value: '2026-02-29', ok: false },
    { label: 'the 31st of April', schema: Day, value: '2026-04-31', ok: false },
    { label: 'a day the American way', schema: Day, value: '7/1/2026', ok: false },
  ])('then $label: accepted is $ok', ({ schema, value, ok }) => {
    expect(schema.safeParse(value).success).toBe(ok);
  });

  it('then an instant of any precision that a caller sends gets milliseconds', () => {
    expect(AnyInstant.parse('2026-07-01T12:00:00Z')).toBe('2026-07-01T12:00:00.000Z');
    expect(AnyInstant.safeParse('yesterday').success).toBe(false);
    expect(AnyInstant.safeParse('2026-07-01T12:00:00+02:00').success).toBe(false);
  });
});

describe('when days or months are added', () => {
  it.each([
    {
      label: 'days of 24 hours to an instant',
      act: () => addDays('2026-03-28T12:34:56.789Z', 2),
      is: '2026-03-30T12:34:56.789Z',
    },
    { label: 'days to a day', act: () => addDays('2026-12-31', 1), is: '2027-01-01' },
    { label: 'days back over a leap day', act: () => addDays('2028-03-01', -1), is: '2028-02-29' },
    { label: 'a month to the 31st', act: () => addMonths('2026-01-31', 1), is: '2026-02-28' },
    { label: 'a month to the 31st in a leap year', act: () => addMonths('2028-01-31', 1), is: '2028-02-29' },
    { label: 'a year and a half', act: () => addMonths('2026-08-31', 18), is: '2028-02-29' },
    { label: 'months back over new year', act: () => addMonths('2026-01-15', -2), is: '2025-11-15' },
    {
      label: 'a month to an instant',
      act: () => addMonths('2026-01-31T23:59:59.999Z', 1),
      is: '2026-02-28T23:59:59.999Z',
    },
    {
      label: 'months before 1970',
      act: () => addMonths('1960-05-31T01:00:00.000Z', 1),
      is: '1960-06-30T01:00:00.000Z',
    },
  ])('then $label', ({ act, is }) => {
    expect(act()).toBe(is);
  });

  it('then what is no time is a bug', () => {
    expect(() => addDays('soon', 1)).toThrow(RangeError);
  });
});

describe('when time is converted', () => {
  it('then milliseconds and instants are the same thing', () => {
    expect(instant(millis('2026-07-01T12:00:00.123Z'))).toBe('2026-07-01T12:00:00.123Z');
    expect(daysBetween('2026-02-27', '2026-03-01')).toBe(2);
    expect(daysBetween('2026-03-01', '2026-02-27')).toBe(-2);
  });

  it.each([
    { zone: 'UTC', day: '2026-07-01' },
    { zone: 'Asia/Tokyo', day: '2026-07-02' },
    { zone: 'America/Los_Angeles', day: '2026-07-01' },
    { zone: 'Pacific/Kiritimati', day: '2026-07-02' },
  ])('then 2026-07-01T23:30Z is the $day in $zone', ({ zone, day }) => {
    expect(dayOf('2026-07-01T23:30:00.000Z', zone)).toBe(day);
  });
});
