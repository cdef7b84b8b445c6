import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBusinessDays, isBusinessDay } from '#shared/core/business-days.ts';
import { dayOf, instant, millis } from '#shared/core/time.ts';

const utc = { timeZone: 'UTC', holidays: ['2026-12-25'] };
const berlin = { timeZone: 'Europe/Berlin', holidays: ['2026-04-06'] };
const newYork = { timeZone: 'America/New_York', holidays: [] };
const cairo = { timeZone: 'Africa/Cairo', holidays: [], weekend: [5, 6] };

describe('when business days are added, then the time of day stays', () => {
  it.each([
    { label: 'within a week', at: '2026-07-01T15:00:00.000Z', days: 2, calendar: utc, due: '2026-07-03T15:00:00.000Z' },
    {
      label: 'over a weekend',
      at: '2026-07-03T15:00:00.000Z',
      days: 1,
      calendar: utc,
      due: '2026-07-06T15:00:00.000Z',
    },
    {
      label: 'in on Saturday, counted from Monday',
      at: '2026-07-04T15:00:00.000Z',
      days: 2,
      calendar: utc,
      due: '2026-07-08T15:00:00.000Z',
    },
    {
      label: 'in on Sunday, counted from Monday',
      at: '2026-07-05T09:00:00.000Z',
      days: 2,
      calendar: utc,
      due: '2026-07-08T09:00:00.000Z',
    },
    {
      label: 'over a holiday and a weekend',
      at: '2026-12-24T08:00:00.000Z',
      days: 1,
      calendar: utc,
      due: '2026-12-28T08:00:00.000Z',
    },
    {
      label: 'in on a holiday',
      at: '2026-12-25T08:00:00.000Z',
      days: 1,
      calendar: utc,
      due: '2026-12-29T08:00:00.000Z',
    },
    {
      label: 'no days, on a business day',
      at: '2026-07-01T15:00:00.000Z',
      days: 0,
      calendar: utc,
      due: '2026-07-01T15:00:00.000Z',
    },
    {
      label: 'no days, on a free day',
      at: '2026-07-04T15:00:00.000Z',
      days: 0,
      calendar: utc,
      due: '2026-07-06T15:00:00.000Z',
    },
    {
      label: 'late on Friday in UTC is Saturday in Berlin',
      at: '2026-07-03T22:30:00.000Z',
      days: 1,
      calendar: berlin,
      due: '2026-07-06T22:30:00.000Z',
    },
    {
      label: 'into summer time, an hour less in UTC',
      at: '2026-03-27T14:00:00.000Z',
      days: 1,
      calendar: berlin,
      due: '2026-03-30T13:00:00.000Z',
    },
    {
      label: 'out of summer time, an hour more in UTC',
      at: '2026-10-23T13:00:00.000Z',
      days: 1,
      calendar: berlin,
      due: '2026-10-26T14:00:00.000Z',
    },
    {
      label: 'in on the Sunday of the change',
      at: '2026-03-29T01:30:00.000Z',
      days: 1,
      calendar: berlin,
      due: '2026-03-31T01:30:00.000Z',
    },
    {
      label: 'in on Easter Monday of the program',
      at: '2026-04-06T08:00:00.000Z',
      days: 1,
      calendar: berlin,
      due: '2026-04-08T08:00:00.000Z',
    },
    {
      label: 'across the change in New York',
      at: '2026-10-30T20:00:00.000Z',
      days: 1,
      calendar: newYork,
      due: '2026-11-02T21:00:00.000Z',
    },
    {
      label: 'a weekend of Friday and Saturday',
      at: '2026-07-02T10:00:00.000Z',
      days: 1,
      calendar: cairo,
      due: '2026-07-05T10:00:00.000Z',
    },
    {
      label: 'a time of day that summer time skips',
      at: '2026-03-28T01:30:00.000Z',
      days: 1,
      calendar: { ...berlin, weekend: [6] },
      due: '2026-03-30T00:30:00.000Z',
    },
    {
      label: 'landing on the skipped hour itself',
      at: '2026-03-28T01:30:00.000Z',
      days: 1,
      calendar: { ...berlin, weekend: [] },
      due: '2026-03-29T01:30:00.000Z',
    },
    {
      label: 'landing on the hour that comes twice',
      at: '2026-10-24T00:30:00.000Z',
      days: 1,
      calendar: { ...berlin, weekend: [] },
      due: '2026-10-25T00:30:00.000Z',
    },
    {
      label: 'nothing to add in the second of that hour',
      at: '2026-10-25T01:30:00.000Z',
      days: 0,
      calendar: { ...berlin, weekend: [] },
      due: '2026-10-25T01:30:00.000Z',
    },
  ])('$label', ({ at, days, calendar, due }) => {
    expect(addBusinessDays(at, days, calendar)).toBe(due);
  });
});

describe('when any number of business days is added', () => {
  const instants = fc.integer({ min: millis('2020-01-01'), max: millis('2030-01-01') }).map(instant);
  const calendars = fc.constantFrom(utc, berlin, newYork, cairo);

  it('then more days are never earlier, each ends on a business day, and what came first in days is due first in days', () => {
    const property = fc.property(
      instants,
      instants,
      fc.integer({ min: 0, max: 60 }),
      calendars,
      (a, b, days, calendar) => {
        const [earlier = a, later = b] = [a, b].sort();
        const due = addBusinessDays(earlier, days, calendar);
        expect(isBusinessDay(dayOf(due, calendar.timeZone), calendar)).toBe(true);
        expect(addBusinessDays(earlier, days + 1, calendar) > due).toBe(true);
        const dueLater = addBusinessDays(later, days, calendar);
        expect(dayOf(dueLater, calendar.timeZone) >= dayOf(due, calendar.timeZone)).toBe(true);
      },
    );
    fc.assert(property);
  });

  it.each([
    { label: 'part of a day', act: () => addBusinessDays('2026-07-01T15:00:00.000Z', 1.5, utc) },
    { label: 'fewer than none', act: () => addBusinessDays('2026-07-01T15:00:00.000Z', -1, utc) },
    {
      label: 'a week that is all weekend',
      act: () => addBusinessDays('2026-07-01T15:00:00.000Z', 1, { ...utc, weekend: [1, 2, 3, 4, 5, 6, 7] }),
    },
  ])('then $label is a bug', ({ act }) => {
    expect(act).toThrow(RangeError);
  });
});
