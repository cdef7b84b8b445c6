import * as z from 'zod';
import { canonical, hashOf, shortHashOf } from './canonical.ts';
import { imbalance, Journal } from './journal.ts';

/**
 * The history of a thing: one event for each change of it, numbered without gaps from 1 and chained by hashes. An event is the
 * audit record, the outbox message and the memory of who asked for it, all in one item that is never changed.
 */
export const StoredEvent = z.object({
  subject: z.string(),
  seq: z.int().positive(),
  /** Hash of the event before, empty for the first. */
  prev: z.string(),
  /** `noun.happened`, such as `deal.approved`. */
  type: z.string(),
  /** `usr_…`, `key_…`, or `system`. */
  by: z.string(),
  at: z.string(),
  partnerId: z.string().optional(),
  writeId: z.string(),
  bodyHash: z.string(),
  /** New values of the fields that changed; `null` where a field went away. */
  changes: z.record(z.string(), z.unknown()),
  /** Names of changed fields whose values are personal and stay in the record, where they can be erased. */
  personal: z.array(z.string()),
  /** The money that moved with it. */
  journals: z.array(Journal).min(1).optional(),
  hash: z.string(),
});
export type StoredEvent = z.infer<typeof StoredEvent>;

/** Who wants what, fixed before the first try: the same intent repeated is recognised by `writeId`, and told apart by `bodyHash`. */
export interface Intent {
  readonly writeId: string;
  readonly bodyHash: string;
  readonly by: string;
  /** When the request, the schedule or the step came in; the only time that rules see. */
  readonly at: string;
}

/** The intent of what the system does by itself: the same step about the same thing is the same intent, whenever it is done. */
export const systemIntent = (step: string, about: string, at: string): Intent => ({
  writeId: shortHashOf(['system', step, about]),
  bodyHash: '',
  by: 'system',
  at,
});

/** What every entity carries so that its history can go on. */
export const Tracked = z.object({
  id: z.string(),
  status: z.string(),
  version: z.int().nonnegative(),
  /** Hash of the last event. */
  head: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  /** POSTs already done on this thing: short writeId → `version.bodyHash`. */
  doneKeys: z.record(z.string(), z.string()).optional(),
});
export type Tracked = z.infer<typeof Tracked>;

const bookkeeping = new Set(['id', 'version', 'head', 'updatedAt', 'doneKeys']);

const same = (a: unknown, b: unknown): boolean => a === b || canonical(a ?? null) === canonical(b ?? null);

/** What differs between two states of a thing; personal fields by name only. */
export const changesBetween = (
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  personalFields: readonly string[],
): Pick<StoredEvent, 'changes' | 'personal'> => {
  const changes: Record<string, unknown> = {};
  const personal: string[] = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (bookkeeping.has(name) || same(before[name], after[name])) continue;
    if (personalFields.includes(name)) personal.push(name);
    else changes[name] = after[name] ?? null;
  }
  return { changes, personal: personal.sort() };
};

/** What a recorded change says beside its changes. */
export interface Happening {
  readonly type: string;
  readonly intent: Intent;
  readonly personalFields: readonly string[];
  readonly partnerId?: string | undefined;
  /** The money that moves with it; each sums to zero. */
  readonly journals?: readonly Journal[] | undefined;
  /** What was asked moves money each time it is done, so its key is remembered as long as the thing lives. */
  readonly keepsKey?: boolean | undefined;
}

const mustBalance = (journals: readonly Journal[]): void => {
  for (const journal of journals) {
    const wrong = imbalance(journal);
    if (wrong) throw new Error(wrong);
  }
};

/**
 * POSTs a thing remembers beside those that move money. A client that repeats a request after so many others on the same thing is
 * acting anew.
 */
const rememberedKeys = 16;
const shortWriteId = (intent: Intent): string => intent.writeId.slice(0, 12);
const keptMark = '.k';

type DoneKeys = NonNullable<Tracked['doneKeys']>;

/**
 * What a thing remembers after this intent. `record` does it for every change; only things whose id is not made from the first intent
 * need it then too. Nobody asks for a step of the system under a key.
 */
export const remember = (
  doneKeys: DoneKeys | undefined,
  { intent, keepsKey }: Pick<Happening, 'intent' | 'keepsKey'>,
  version: number,
): DoneKeys | undefined => {
  if (intent.by === 'system') return doneKeys;
  const mine = `${version}.${intent.bodyHash.slice(0, 12)}${keepsKey ? keptMark : ''}`;
  const all = Object.entries({ ...doneKeys, [shortWriteId(intent)]: mine });
  const { kept = [], others = [] } = Object.groupBy(all, ([, done]) => (done.endsWith(keptMark) ? 'kept' : 'others'));
  // By version: the table keeps no order among the names of a map.
  others.sort(([, a], [, b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return Object.fromEntries([...kept, ...others.slice(-rememberedKeys)]);
};

/** What the thing remembers of this intent: the version it led to, or that it came with another body. */
export const recall = (entity: Tracked, intent: Intent): 'new' | 'other_body' | { readonly version: number } => {
  const done = entity.doneKeys?.[shortWriteId(intent)];
  if (done === undefined) return 'new';
  const [version, bodyHash] = done.split('.');
  return bodyHash === intent.bodyHash.slice(0, 12) ? { version: Number(version) } : 'other_body';
};

/**
 * The next state of a thing and the event that tells of it. `before` is undefined for a new thing; `after` is the state that the
 * rules decided on, whose version, head, updatedAt and doneKeys are set here.
 */
export const record = <Entity extends Tracked>(
  before: Entity | undefined,
  after: Entity,
  happening: Happening,
): { readonly entity: Entity; readonly event: StoredEvent } => {
  const { intent, journals = [] } = happening;
  mustBalance(journals);
  const seq = (before?.version ?? 0) + 1;
  const told = {
    subject: after.id,
    seq,
    prev: before?.head ?? '',
    type: happening.type,
    by: intent.by,
    at: intent.at,
    ...(happening.partnerId ? { partnerId: happening.partnerId } : {}),
    writeId: intent.writeId,
    bodyHash: intent.bodyHash,
    ...changesBetween(before ?? {}, after, happening.personalFields),
    ...(journals.length > 0 ? { journals: [...journals] } : {}),
  };
  const hash = hashOf(told);
  const doneKeys = before && remember(before.doneKeys, happening, seq);
  const entity = { ...after, version: seq, head: hash, updatedAt: intent.at, ...(doneKeys ? { doneKeys } : {}) };
  return { entity, event: { ...told, hash } };
};

/**
 * The state that an event led to. `before` is the state it found, undefined for the first event; personal values, which events do
 * not hold, are taken from `personalSource`.
 */
export const applyEvent = <Entity extends Tracked>(
  before: Entity | undefined,
  event: StoredEvent,
  personalSource: Entity,
): Entity => {
  const state: Record<string, unknown> = { id: event.subject, ...before };
  for (const [name, value] of Object.entries(event.changes)) {
    if (value === null) delete state[name];
    else state[name] = value;
  }
  for (const name of event.personal) state[name] = personalSource[name as keyof Entity];
  // The events of a thing hold every field of it, so applying them one after another gives whole entities.
  return { ...state, version: event.seq, head: event.hash, updatedAt: event.at } as unknown as Entity;
};

/** The first broken link of a thing's history in words, or undefined when it holds: no gap, no edit, no reordering. */
export const brokenLink = (events: readonly StoredEvent[]): string | undefined => {
  let prev = '';
  for (const [index, event] of events.entries()) {
    const { hash, ...told } = event;
    if (event.seq !== index + 1)
      return `event ${index + 1} of ${event.subject} is missing; ${event.seq} stands in its place`;
    if (event.prev !== prev) return `event ${event.seq} of ${event.subject} does not follow the one before it`;
    if (hashOf(told) !== hash) return `event ${event.seq} of ${event.subject} was edited`;
    prev = hash;
  }
  return undefined;
};
