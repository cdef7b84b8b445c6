import type { StoredEvent, Tracked } from '#shared/core/history.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { factsOfStep, matters, needsRecord } from '#shared/facts/facts-of-subject.ts';
import { stepsOf } from '#shared/facts/step.ts';
import { getClaim } from '#shared/mdf/claim-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

const perRead = 100;

/** The history of a thing up to an event of it. */
const historyUpTo = async (last: StoredEvent): Promise<readonly StoredEvent[]> => {
  if (last.seq === 1) return [last];
  const events: StoredEvent[] = [];
  while (events.length < last.seq) {
    const limit = Math.min(perRead, last.seq - events.length);
    const page = await listEvents(last.subject, events.length + 1, limit);
    if (page.length === 0) throw new Error(`Events of ${last.subject} before its ${last.seq} are missing.`);
    events.push(...page);
  }
  return events;
};

/** What events only name. Where nothing of it makes facts, nothing stands for it. */
const personalSourceOf = async (subject: string): Promise<Tracked> =>
  // Of a thing without a record its events hold all that facts are made from.
  needsRecord(subject) ? await getClaim(subject) : ({} as Tracked);

/** The facts of some events of one thing, whichever of them came before; read from its history and nothing else that changes. */
export const factsOfEvents = async (events: readonly StoredEvent[]): Promise<readonly Fact[]> => {
  const wanted = new Set(events.filter(matters).map(({ seq }) => seq));
  const last = events.find(({ seq }) => seq === Math.max(...wanted));
  if (!last) return [];
  const steps = stepsOf(await historyUpTo(last), await personalSourceOf(last.subject));
  const facts: Fact[] = [];
  for (const step of steps) {
    if (!wanted.has(step.event.seq)) continue;
    const { program } = await programAt(step.event.at);
    facts.push(...factsOfStep(step, program));
  }
  return facts;
};
