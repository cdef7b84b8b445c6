import { applyEvent, type StoredEvent, type Tracked } from '#shared/core/history.ts';
import { quarterOf } from '#shared/core/quarters.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { type Day, dayOf, type Instant, millis } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import type { Fact } from './fact.ts';
import { type FactKindId, kindOf } from './fact-kinds.ts';

/** One event of a thing's history with the thing before and after it; what facts are made from, whenever it is looked at. */
export interface Step<Entity> {
  /** Undefined for the first event. */
  readonly before: Entity | undefined;
  readonly after: Entity;
  readonly event: StoredEvent;
  /** Since when it had the status that it had before the event. */
  readonly since: Instant;
}

/** A thing at some point of its history, and since when it has its status. */
export interface Known<Entity> {
  readonly state: Entity;
  readonly since: Instant;
}

const behind = <Entity extends Tracked>({ before, after, event, since }: Step<Entity>): Known<Entity> => ({
  state: after,
  since: before?.status === after.status ? since : event.at,
});

/** Where a history stands behind these steps. */
export const endOf = <Entity extends Tracked>(steps: readonly Step<Entity>[]): Known<Entity> | undefined => {
  const last = steps.at(-1);
  return last && behind(last);
};

/**
 * The steps of a thing's history, from its first event on or behind what is `known`; what events only name is taken from
 * `personalSource`.
 */
export const stepsOf = <Entity extends Tracked>(
  events: readonly StoredEvent[],
  personalSource: Entity,
  known?: Known<Entity>,
): readonly Step<Entity>[] => {
  let now = known;
  return events.map((event) => {
    const after = applyEvent(now?.state, event, personalSource);
    const step = { before: now?.state, after, event, since: now?.since ?? event.at };
    now = behind(step);
    return step;
  });
};

/** Whether it came into a status with this event. */
export const entered = (
  { before, after }: Step<{ readonly status: string }>,
  ...statuses: readonly string[]
): boolean => before?.status !== after.status && statuses.includes(after.status);

/** Which quarter a day belongs to, and where days begin. */
export type Calendar = Pick<Program, 'fiscalYearStart' | 'timeZone'>;

/** What a fact says beside the event it comes from. */
interface Told {
  readonly partnerId: string;
  readonly value: number;
  /** The day or instant it happened, where that is not when it was recorded. */
  readonly at?: Day | Instant | undefined;
  /** Tells facts of the same kind and event apart. */
  readonly part?: number;
  readonly about?: string;
}

const isDay = (at: string): boolean => at.length === 'YYYY-MM-DD'.length;

/** Without the prefixes that tell its type, which the kind tells too. */
const shortened = (subject: string): string => subject.replace(/^([a-z]+_)+/, '');

/** A fact of an event: everything about it follows from the event, so it comes out the same whenever it is made. */
export const factOfEvent = (event: StoredEvent, { fiscalYearStart, timeZone }: Calendar) => {
  return (kind: FactKindId, { partnerId, value, at = event.at, part, about }: Told): Fact => {
    const instant = isDay(at) ? startOfDay(at, timeZone) : at;
    const { standing } = kindOf(kind);
    return {
      partnerId,
      kind,
      quarter: quarterOf(dayOf(instant, timeZone), fiscalYearStart),
      id: standing ? '' : [shortened(event.subject), event.seq, ...(part === undefined ? [] : [part])].join('.'),
      value,
      at: Math.floor(millis(instant) / 1000),
      ...(about === undefined ? {} : { about }),
      ...(standing ? { rank: event.seq } : {}),
    };
  };
};

/** Whole hours that had passed. */
export const hoursBetween = (from: Instant, to: Instant): number =>
  Math.max(0, Math.floor((millis(to) - millis(from)) / 3_600_000));
