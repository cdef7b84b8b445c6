import { DomainError } from '#shared/core/errors.ts';
import {
  applyEvent,
  type Happening,
  type Intent,
  recall,
  record,
  remember,
  StoredEvent,
  type Tracked,
} from '#shared/core/history.ts';
import { all, is } from './condition.ts';
import { type Failure, type Item, query, read, transact, type Write } from './table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | append an event | table | pk = subject, sk = `event#<seq, 8 digits>` |
 * | the first events of several subjects | table | pk = subject, sk = `event#00000001`, in one request |
 * | events of a subject from a number on, oldest first | table | pk = subject, sk from `event#<seq>` |
 */
const eventKey = (subject: string, seq: number) => ({ pk: subject, sk: `event#${String(seq).padStart(8, '0')}` });

export const keyReused = (): DomainError =>
  new DomainError(
    'rule',
    'idempotency.key_reused',
    'This Idempotency-Key was used before with another body. Use a new key for a new request.',
  );

/** The version does not match what the caller has seen. */
export const stale = (current: number | undefined): DomainError =>
  new DomainError('stale', 'version.stale', 'It has changed since you read it. Read it again, then decide.', {
    facts: current === undefined ? {} : { currentVersion: current },
  });

const parseEvent = (item: Item): StoredEvent => {
  const { pk: _pk, sk: _sk, kind: _kind, ...told } = item;
  return StoredEvent.parse(told);
};

/** Events of a subject, oldest first, from number `fromSeq` on, at most `limit`. */
export const listEvents = async (subject: string, fromSeq: number, limit: number): Promise<readonly StoredEvent[]> => {
  const items = await query({
    key: all(is('pk', '=', subject), {
      test: 'between',
      name: 'sk',
      from: eventKey(subject, fromSeq).sk,
      to: 'event#99999999',
    }),
    limit,
  });
  return items.map(parseEvent);
};

/** The first events of these subjects, in one request for each 100; who has none is left out. */
export const firstEvents = async (subjects: readonly string[]): Promise<readonly StoredEvent[]> =>
  (await read(subjects.map((subject) => eventKey(subject, 1)))).flatMap((item) => (item ? [parseEvent(item)] : []));

const insertEvent = (event: StoredEvent): Write => ({
  write: 'insert',
  item: { ...eventKey(event.subject, event.seq), kind: 'event', ...event },
  refuse: (image) => stale(image?.seq as number | undefined),
});

/** Done now, or done before by the same intent, of which `event` is then the stored one. */
export interface Outcome {
  readonly replayed: boolean;
  readonly event: StoredEvent;
}

/**
 * Writes the events and what belongs to them in one transaction. The first event carries the intent: when it is there already and
 * mine, this is a repeat and nothing is written. Throws `idempotency.key_reused`, `version.stale`, or what the first failed write says.
 */
export const commit = async (
  events: readonly [StoredEvent, ...StoredEvent[]],
  writes: readonly Write[],
): Promise<Outcome> => {
  const [first] = events;
  const mine = ({ index, image }: Failure): boolean => index === 0 && image?.writeId === first.writeId;
  const everything = [...events.map(insertEvent), ...writes];
  const failure = await transact(everything, mine);
  if (!failure) return { replayed: false, event: first };
  if (!mine(failure) || !failure.image) throw everything[failure.index]?.refuse(failure.image);
  if (failure.image.bodyHash !== first.bodyHash) throw keyReused();
  return { replayed: true, event: parseEvent(failure.image) };
};

/** What a command led to, and whether an earlier try of it did. */
export interface Saved<Entity> {
  readonly entity: Entity;
  readonly replayed: boolean;
}

/** The next state of a thing, ready to be written alone or with other things. */
export interface NextState<Entity> {
  readonly entity: Entity;
  readonly event: StoredEvent;
  readonly writes: readonly Write[];
}

/**
 * Commits one change of one thing, or without `before` a new one, and the events of what changes with it; a repeat that ran at the
 * same time gets what the other one wrote. Throws as `commit` does.
 */
export const commitChange = async <Entity extends Tracked>(
  before: Entity | undefined,
  next: NextState<Entity>,
  others: readonly StoredEvent[] = [],
): Promise<Saved<Entity>> => {
  const { replayed, event } = await commit([next.event, ...others], next.writes);
  return { replayed, entity: replayed ? applyEvent(before, event, next.entity) : next.entity };
};

/** Writes a thing whose id is made from the intent: where it is there already, its first event is too, and says so first. */
export const insertNew = (item: Item): Write => ({
  write: 'insert',
  item,
  refuse: () => new Error(`A new ${item.kind} met an old one of the same id without its event.`),
});

/** Writes the next state of a thing over the one that was read. Throws `version.stale` when somebody was faster. */
export const replaceAsRead = (before: Tracked, item: Item): Write => ({
  write: 'replace',
  item,
  when: is('version', '=', before.version),
  refuse: (image) => stale(image && Number(image.version)),
});

/**
 * The next state of a thing whose id is not made from the intent that makes it: somebody else may make it at the same moment, and it
 * has to remember the first intent too.
 */
export const nextOfNamed = <Entity extends Tracked>(
  before: Entity | undefined,
  after: Entity,
  { toItem, ...happening }: Happening & { readonly toItem: (entity: Entity) => Item },
): NextState<Entity> => {
  const { entity, event } = record(before, after, happening);
  if (before) return { entity, event, writes: [replaceAsRead(before, toItem(entity))] };
  const doneKeys = remember(undefined, happening, 1);
  const kept = { ...entity, ...(doneKeys ? { doneKeys } : {}) };
  const first: Write = { ...insertNew(toItem(kept)), refuse: (image) => stale(image && Number(image.version)) };
  return { entity: kept, event, writes: [first] };
};

/**
 * What an earlier try of the intent that makes this thing wrote, if one did; what the event does not hold is taken from `wanted`.
 * Throws `idempotency.key_reused` when it came with another body.
 */
export const findFirstTry = async <Entity extends Tracked>(
  wanted: Entity,
  intent: Intent,
): Promise<Saved<Entity> | undefined> => {
  const [event] = await listEvents(wanted.id, 1, 1);
  if (event && event.bodyHash !== intent.bodyHash) throw keyReused();
  return event && { replayed: true, entity: applyEvent(undefined, event, wanted) };
};

/**
 * A repeat is answered as its first try was, even when a date has passed or the rules have changed in between; what no first try did
 * stays refused.
 */
export const firstTryOr = async <Entity extends Tracked>(
  refusal: unknown,
  wanted: Entity,
  intent: Intent,
): Promise<Saved<Entity>> => {
  const first = await findFirstTry(wanted, intent);
  if (!first) throw refusal;
  return first;
};

/** What the engine may leave unsaid when several conditions fail: that what I met, and `fact` names, is held by my own first try. */
export const ownFirstTry = async (
  error: unknown,
  fact: string,
  mine: { readonly id: string; readonly intent: Intent },
): Promise<Outcome> => {
  if (!(error instanceof DomainError) || error.details.facts?.[fact] !== mine.id) throw error;
  const [event] = await listEvents(mine.id, 1, 1);
  if (event?.bodyHash !== mine.intent.bodyHash) throw error;
  return { replayed: true, event };
};

/**
 * Before a change of an existing thing: answers the version an earlier try of this intent led to, if it did. Throws
 * `idempotency.key_reused`, `version.required` when the caller must say which version it saw and does not, `version.stale`.
 */
export const checkIntent = (
  entity: Tracked,
  intent: Intent,
  seen: { readonly version: number | undefined; readonly required: boolean },
): number | undefined => {
  const memory = recall(entity, intent);
  if (memory === 'other_body') throw keyReused();
  if (memory !== 'new') return memory.version;
  if (seen.required && seen.version === undefined) {
    throw new DomainError(
      'precondition_required',
      'version.required',
      'Say with If-Match which version you have seen.',
    );
  }
  if (seen.version !== undefined && seen.version !== entity.version) throw stale(entity.version);
  return undefined;
};

/** The entity as it was at an earlier version of it; its personal values are those of today. A long history comes in several pages. */
export const entityAt = async <Entity extends Tracked>(present: Entity, version: number): Promise<Entity> => {
  if (version === present.version) return present;
  let state: Entity | undefined;
  for (let seq = 1; seq <= version; seq = (state?.version ?? version) + 1) {
    const events = await listEvents(present.id, seq, version - seq + 1);
    if (events.length === 0) break;
    for (const event of events) state = applyEvent(state, event, present);
  }
  return state ?? present;
};
