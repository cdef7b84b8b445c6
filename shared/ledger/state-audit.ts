import { hashOf } from '#shared/core/canonical.ts';
import { isEvent, type StoredItem, thingIn } from './chains.ts';
import type { Fault } from './fault.ts';

/** A value, or a stand-in for one that is large: two are the same when these are. */
type Trace = string | number | boolean | null;

const traceOf = (value: unknown): Trace => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') return hashOf(value).slice(0, 24);
  return value as Trace;
};

interface Told {
  /** What the last event that told of a field said, and which that was. */
  readonly fields: Map<string, { readonly seq: number; readonly trace: Trace }>;
  readonly personal: Set<string>;
}

interface Kept {
  readonly version: number;
  readonly fields: ReadonlyMap<string, Trace>;
}

/** Compares things with what their events tell of them. What no event tells, such as balances beside a history, is not judged here. */
export interface StateAudit {
  readonly take: (item: StoredItem) => void;
  readonly faults: () => readonly Fault[];
}

const differences = (subject: string, { fields, personal }: Told, kept: Kept): readonly Fault[] =>
  [...fields]
    .filter(([name]) => !personal.has(name))
    .filter(([name, { trace }]) => (kept.fields.get(name) ?? null) !== trace)
    .map(([name, { seq, trace }]) => ({
      breaks: 'I8',
      item: `${name} of ${subject}`,
      wrong: 'is not what its events tell',
      right: `what event ${seq} says${typeof trace === 'string' || trace === null ? '' : `, ${trace}`}`,
    }));

export const openStateAudit = (): StateAudit => {
  const told = new Map<string, Told>();
  const kept = new Map<string, Kept>();

  const takeEvent = (event: StoredItem): void => {
    const subject = String(event.pk);
    const known = told.get(subject) ?? { fields: new Map(), personal: new Set() };
    told.set(subject, known);
    const seq = Number(event.seq);
    for (const [name, value] of Object.entries(event.changes ?? {})) {
      if ((known.fields.get(name)?.seq ?? 0) < seq) known.fields.set(name, { seq, trace: traceOf(value) });
    }
    for (const name of (event.personal ?? []) as readonly string[]) known.personal.add(name);
  };

  return {
    take: (item) => {
      if (isEvent(item)) takeEvent(item);
      const thing = thingIn(item);
      if (!thing || (kept.get(thing.subject)?.version ?? 0) >= thing.seq) return;
      const fields = new Map(Object.entries(thing.fields).map(([name, value]) => [name, traceOf(value)]));
      kept.set(thing.subject, { version: thing.seq, fields });
    },
    // What is not there at all is told of by its chain.
    faults: () =>
      [...kept].flatMap(([subject, thing]) => {
        const events = told.get(subject);
        return events ? differences(subject, events, thing) : [];
      }),
  };
};
