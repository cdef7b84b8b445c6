import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashOf } from '#shared/core/canonical.ts';
import {
  applyEvent,
  brokenLink,
  changesBetween,
  type Intent,
  recall,
  record,
  type StoredEvent,
  systemIntent,
  type Tracked,
} from '#shared/core/history.ts';
import { instant } from '#shared/core/time.ts';

interface Thing extends Tracked {
  readonly notes?: string | undefined;
  readonly value?: unknown;
  readonly tags?: readonly string[] | undefined;
}

const firstAt = Date.parse('2026-07-01T12:00:00.000Z');
const personalFields = ['notes'];

const intentOf = (n: number, body: unknown = n): Intent => ({
  writeId: hashOf(['intent', n]),
  bodyHash: hashOf(body),
  by: `usr_${n % 3}`,
  at: instant(firstAt + n * 1000),
});

const fresh: Thing = {
  id: 'thing_1',
  status: 'new',
  version: 0,
  head: '',
  createdAt: instant(firstAt),
  updatedAt: instant(firstAt),
};

type Change = Partial<Pick<Thing, 'status' | 'notes' | 'value' | 'tags'>>;

/** Everything a thing was, and the events that led there: it is made, and then each change is made to it. */
const liveThrough = (changes: readonly Change[]): { states: readonly Thing[]; events: readonly StoredEvent[] } => {
  const states: Thing[] = [];
  const events: StoredEvent[] = [];
  for (const [n, change] of [{}, ...changes].entries()) {
    const before = states.at(-1);
    const merged = Object.entries({ ...(before ?? fresh), ...change }).filter(([, value]) => value !== undefined);
    // Only fields of a thing were merged.
    const after = Object.fromEntries(merged) as unknown as Thing;
    const { entity, event } = record(before, after, { type: 'thing.changed', intent: intentOf(n), personalFields });
    states.push(entity);
    events.push(event);
  }
  return { states, events };
};

/** A change sets fields, or takes optional ones away. */
const changes = fc.array(
  fc.record<Change>(
    {
      status: fc.constantFrom('new', 'used', 'old'),
      notes: fc.option(fc.string(), { nil: undefined }),
      value: fc.option(fc.oneof(fc.integer(), fc.dictionary(fc.string({ minLength: 1 }), fc.integer()), fc.boolean()), {
        nil: undefined,
      }),
      tags: fc.option(fc.array(fc.string()), { nil: undefined }),
    },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 12 },
);
const at = (length: number) => fc.nat({ max: length - 1 });

describe('when a thing lives', () => {
  test('then its history holds: numbered without gaps, each event chained to the one before', () => {
    fc.assert(
      fc.property(changes, (made) => {
        const { events } = liveThrough(made);
        expect(brokenLink(events)).toBeUndefined();
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
        expect(events.map(({ prev }) => prev)).toEqual(['', ...events.slice(0, -1).map(({ hash }) => hash)]);
      }),
    );
  });

  test('then its events, applied one after another, give everything it ever was', () => {
    fc.assert(
      fc.property(changes, (made) => {
        const { states, events } = liveThrough(made);
        const last = states.at(-1);
        let folded: Thing | undefined;
        for (const [index, event] of events.entries()) {
          folded = applyEvent<Thing>(folded, event, last ?? fresh);
          // What is personal stands in the thing alone, and is that of today; what it remembers is not part of its history.
          const { doneKeys: _keys, notes: _notes, ...was } = states[index] ?? fresh;
          const { notes: _today, ...is } = folded;
          expect(is).toEqual(was);
        }
      }),
    );
  });

  test('then no event holds a personal value', () => {
    const { events } = liveThrough([{ notes: 'Ada said so.' }, { notes: 'Bob too.' }, { notes: undefined }]);
    expect(JSON.stringify(events)).not.toMatch(/Ada|Bob/);
    expect(events.map(({ personal }) => personal)).toEqual([[], ['notes'], ['notes'], ['notes']]);
  });

  test('then the thing carries number and hash of its last event, and when it was', () => {
    const { states, events } = liveThrough([{ status: 'used' }, { value: 7 }]);
    expect(states.at(-1)).toMatchObject({ version: 3, head: events.at(-1)?.hash, updatedAt: events.at(-1)?.at });
  });
});

describe('when a history was tampered with', () => {
  const damage = (edit: (events: StoredEvent[], n: number, m: number) => void) =>
    fc.assert(
      fc.property(
        changes.chain((made) => fc.tuple(fc.constant(made), at(made.length + 1), at(made.length + 1))),
        ([made, n, m]) => {
          const events = structuredClone(liveThrough(made).events) as StoredEvent[];
          const before = hashOf(events);
          edit(events, n, m);
          // Some damage changes nothing, such as changing places with itself, or cutting nothing off.
          fc.pre(hashOf(events) !== before);
          expect(brokenLink(events)).toEqual(expect.any(String));
        },
      ),
    );

  const edits: readonly (readonly [label: string, edit: (event: StoredEvent) => StoredEvent])[] = [
    ['who did it', (event) => ({ ...event, by: 'usr_other' })],
    ['when', (event) => ({ ...event, at: '2020-01-01T00:00:00.000Z' })],
    ['what happened', (event) => ({ ...event, type: 'thing.other' })],
    ['a value', (event) => ({ ...event, changes: { ...event.changes, status: 'forged' } })],
    ['a value taken away', (event) => ({ ...event, changes: {} })],
    ['the names of personal fields', (event) => ({ ...event, personal: ['forged'] })],
    ['whose it is', (event) => ({ ...event, partnerId: 'ptr_other' })],
    ['of what it is', (event) => ({ ...event, subject: 'thing_2' })],
    ['the request', (event) => ({ ...event, bodyHash: 'forged' })],
    ['the hash', (event) => ({ ...event, hash: 'forged' })],
  ];
  test.each(edits)('then an edit of any event is found: %s', (_label, edit) => {
    damage((events, n) => {
      const event = events[n];
      if (event) events[n] = edit(event);
    });
  });

  test('then an edit is found even when its own hash was made to fit', () => {
    damage((events, n) => {
      const event = events[n];
      // The last event is told from the thing's head only.
      if (!event || n === events.length - 1) return;
      const { hash: _hash, ...told } = { ...event, by: 'usr_forger' };
      events[n] = { ...told, hash: hashOf(told) };
    });
  });

  test('then a missing event is found', () => {
    damage((events, n) => {
      if (n < events.length - 1) events.splice(n, 1);
    });
  });

  test('then events in another order are found', () => {
    damage((events, n, m) => {
      const [one, other] = [events[n], events[m]];
      if (one && other) [events[n], events[m]] = [other, one];
    });
  });

  test('then an event that stands twice is found', () => {
    damage((events, n) => {
      const event = events[n];
      if (event) events.splice(n, 0, event);
    });
  });

  test('then a history that is cut short holds in itself, and does not fit the head of its thing', () => {
    fc.assert(
      fc.property(changes, (made) => {
        const { states, events } = liveThrough(made);
        const cut = events.slice(0, -1);
        expect(brokenLink(cut)).toBeUndefined();
        expect(cut.at(-1)?.hash).not.toBe(states.at(-1)?.head);
      }),
    );
  });

  test('then a last event that was forged whole does not fit the head of its thing', () => {
    const { states, events } = liveThrough([{ status: 'used' }]);
    const forged = liveThrough([{ status: 'old' }]).events;
    expect(brokenLink([...events.slice(0, -1), ...forged.slice(-1)])).toBeUndefined();
    expect(forged.at(-1)?.hash).not.toBe(states.at(-1)?.head);
  });

  const words: readonly (readonly [
    label: string,
    bend: (events: readonly StoredEvent[]) => unknown[],
    words: string,
  ])[] = [
    ['a gap', ([one, , three]) => [one, three], 'event 2 of thing_1 is missing; 3 stands in its place'],
    ['an edit', ([one, two]) => [{ ...one, by: 'x' }, two], 'event 1 of thing_1 was edited'],
    [
      'a strange one',
      ([one, two]) => [one, { ...two, prev: 'x' }],
      'event 2 of thing_1 does not follow the one before it',
    ],
  ];
  test.each(words)('then it says in words where: %s', (_label, bend, expected) => {
    const { events } = liveThrough([{ status: 'used' }, { status: 'old' }]);
    expect(brokenLink(bend(events) as StoredEvent[])).toBe(expected);
  });

  test('then no events at all are a history that holds', () => {
    expect(brokenLink([])).toBeUndefined();
  });
});

describe('when two states of a thing are compared', () => {
  const rows: readonly (readonly [
    label: string,
    before: Record<string, unknown>,
    after: Record<string, unknown>,
    changes: Record<string, unknown>,
  ])[] = [
    ['what is new is told', {}, { value: 1 }, { value: 1 }],
    ['what went away is null', { value: 1 }, {}, { value: null }],
    ['what is undefined went away too', { value: 1 }, { value: undefined }, { value: null }],
    ['what stays is not told', { value: 1, tags: ['a'] }, { value: 1, tags: ['a'] }, {}],
    ['another order of names is no change', { value: { a: 1, b: 2 } }, { value: { b: 2, a: 1 } }, {}],
    ['another order in a list is one', { tags: ['a', 'b'] }, { tags: ['b', 'a'] }, { tags: ['b', 'a'] }],
    ['bookkeeping is none', { version: 1, head: 'a', updatedAt: 'x' }, { version: 2, head: 'b', doneKeys: {} }, {}],
  ];
  test.each(rows)('then %s', (_label, before, after, expected) => {
    expect(changesBetween(before, after, [])).toEqual({ changes: expected, personal: [] });
  });
});

describe('when a thing is asked whether it knows a request', () => {
  test('then it knows the version each of its last changes led to, and another body', () => {
    const { states } = liveThrough([{ value: 1 }, { value: 2 }]);
    const thing = states.at(-1) ?? fresh;
    expect(recall(thing, intentOf(1))).toEqual({ version: 2 });
    expect(recall(thing, intentOf(2))).toEqual({ version: 3 });
    expect(recall(thing, intentOf(2, 'other'))).toBe('other_body');
    expect(recall(thing, intentOf(3))).toBe('new');
  });

  test('then it knows the last sixteen, in whatever order the table gives their names back', () => {
    let thing = record(undefined, fresh, { type: 'thing.made', intent: intentOf(0), personalFields }).entity;
    const shuffled = fc.sample(fc.shuffledSubarray([...Array(30).keys()], { minLength: 30 }), 1)[0] ?? [];
    for (let n = 1; n <= 40; n += 1) {
      const entries = Object.entries(thing.doneKeys ?? {});
      const mixed = shuffled.flatMap((index) => (entries[index] ? [entries[index]] : []));
      const stored = { ...thing, doneKeys: Object.fromEntries(mixed) };
      thing = record(
        stored,
        { ...stored, value: n },
        { type: 'thing.changed', intent: intentOf(n), personalFields },
      ).entity;
    }
    expect(Object.keys(thing.doneKeys ?? {})).toHaveLength(16);
    for (let n = 1; n <= 40; n += 1) {
      expect(recall(thing, intentOf(n))).toEqual(n > 24 ? { version: n + 1 } : 'new');
    }
  });

  test('then it knows for good those that moved money, and keeps no room for steps of the system', () => {
    let thing = record(undefined, fresh, { type: 'thing.made', intent: intentOf(0), personalFields }).entity;
    const live = (intent: Intent, keepsKey?: true) => {
      const after = { ...thing, value: thing.version };
      thing = record(thing, after, { type: 'thing.changed', intent, personalFields, keepsKey }).entity;
    };
    for (let n = 1; n <= 40; n += 1) {
      live(intentOf(n), n % 2 === 0 || undefined);
      live(systemIntent('step', `thing@${n}`, fresh.createdAt));
    }
    const known = [...Array(40).keys()].map((index) => recall(thing, intentOf(index + 1)));
    expect(known).toEqual([...Array(40).keys()].map((n) => (n % 2 === 1 || n >= 8 ? { version: 2 * n + 2 } : 'new')));
    expect(recall(thing, intentOf(2, 'other'))).toBe('other_body');
  });

  test('then the same step of the system on the same version is the same request', () => {
    const [one, again, other] = [
      systemIntent('due', 'deal_1@3', '2026-07-01T12:00:00.000Z'),
      systemIntent('due', 'deal_1@3', '2026-07-02T12:00:00.000Z'),
      systemIntent('due', 'deal_1@4', '2026-07-02T12:00:00.000Z'),
    ];
    expect(one.writeId).toBe(again.writeId);
    expect(one.writeId).not.toBe(other.writeId);
    expect(one.by).toBe('system');
  });
});
