import type { StoredEvent, Tracked } from '#shared/core/history.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { factsOfStep, makesFacts, matters, needsRecord } from '#shared/facts/facts-of-subject.ts';
import { endOf, type Known, type Step, stepsOf } from '#shared/facts/step.ts';
import { getClaim } from '#shared/mdf/claim-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

const perRead = 100;

/** The history of a thing up to an event of it. */
const historyUpTo = async (last: StoredEvent): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  while (events.length < last.seq) {
    const limit = Math.min(perRead, last.seq - events.length);
    const page = await listEvents(last.subject, events.length + 1, limit);
    if (page.length === 0) throw new Error(`Events of ${last.subject} before its ${last.seq} are missing.`);
    events.push(...page);
  }
  return events;
};

/** What events only name. Of a thing that needs no record its events hold all that facts are made from. */
const personalSourceOf = async (subject: string): Promise<Tracked> =>
  needsRecord(subject) ? await getClaim(subject) : ({} as Tracked);

/**
 * How the last few things stood whose events came. A thing's next event mostly comes soon and to the same instance, and then nothing
 * has to be read: by its hash an event names the state that it follows.
 */
export type Memory = Map<string, Known<Tracked>>;
const mostKept = 5_000;

const remember = (lately: Memory, steps: readonly Step<Tracked>[]): void => {
  const end = endOf(steps);
  if (!end || needsRecord(end.state.id)) return;
  lately.delete(end.state.id);
  lately.set(end.state.id, end);
  for (const oldest of lately.keys()) {
    if (lately.size <= mostKept) break;
    lately.delete(oldest);
  }
};

/** Events that follow one another, behind a state that is known or the beginning; undefined where something is missing. */
const continued = (lately: Memory, events: readonly StoredEvent[]): readonly Step<Tracked>[] | undefined => {
  const [first] = events;
  if (!first || needsRecord(first.subject)) return undefined;
  const known = first.seq === 1 ? undefined : lately.get(first.subject);
  const follows = first.seq === 1 || (known !== undefined && known.state.head === first.prev);
  const whole = events.every(({ prev }, index) => index === 0 || events[index - 1]?.hash === prev);
  return follows && whole ? stepsOf(events, {} as Tracked, known) : undefined;
};

/** Steps of these events, and maybe of more. */
const stepsFor = async (lately: Memory, events: readonly StoredEvent[]): Promise<readonly Step<Tracked>[]> => {
  const steps = continued(lately, events);
  if (steps) return steps;
  const last = events.findLast(matters);
  return last ? stepsOf(await historyUpTo(last), await personalSourceOf(last.subject)) : [];
};

/** The facts of some events of one thing, whichever of them came before; made from its history and nothing else that changes. */
export const factsOfEvents = async (
  events: readonly StoredEvent[],
  lately: Memory = new Map(),
): Promise<readonly Fact[]> => {
  const wanted = new Map(events.map((event) => [event.seq, event]));
  const inOrder = [...wanted.values()].sort((one, other) => one.seq - other.seq);
  if (!inOrder.some(({ subject }) => makesFacts(subject))) return [];
  const steps = await stepsFor(lately, inOrder);
  remember(lately, steps);
  const facts: Fact[] = [];
  for (const step of steps) {
    if (!wanted.has(step.event.seq) || !matters(step.event)) continue;
    const { program } = await programAt(step.event.at);
    facts.push(...factsOfStep(step, program));
  }
  return facts;
};
