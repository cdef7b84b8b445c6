import { type Intent, record, type StoredEvent, type Tracked } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { partnerKey } from '#shared/partners/partner-store.ts';
import { commit, firstEvents, keyReused } from '#shared/platform/history-store.ts';
import { read } from '#shared/platform/table.ts';
import type { FactRecord } from './fact-report.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | facts that were told before, by source and id | table | their first events, in one request |
 * | which partners are there | table | pk = partner id, sk = `partner` |
 * | put facts that are told | table | their events, with that of the request, in one transaction |
 *
 * A fact that was told is an event and nothing else: it never changes.
 */
export const knownFacts = async (factIds: readonly string[]): Promise<ReadonlyMap<string, StoredEvent>> =>
  new Map((await firstEvents(factIds)).map((event) => [event.subject, event]));

export const partnersThere = async (partnerIds: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set((await read(partnerIds.map(partnerKey))).flatMap((item) => item?.pk ?? []));

/** One request's facts. Its own event is the memory of its key. */
const batchOf = (intent: Intent, facts: number): StoredEvent => {
  const batch: Tracked & { readonly facts: number } = {
    id: derivedId('fcb', intent.writeId),
    status: 'reported',
    version: 0,
    head: '',
    createdAt: intent.at,
    updatedAt: intent.at,
    facts,
  };
  return record(undefined, batch, { type: 'facts.reported', intent, personalFields: [] }).event;
};

const eventOf = (fact: FactRecord, intent: Intent): StoredEvent =>
  record(undefined, fact, { type: 'fact.reported', intent, personalFields: [], partnerId: fact.partnerId }).event;

/** The event of this request, when it came before; throws `idempotency.key_reused` when it came with another body. */
export const findBatch = async (intent: Intent): Promise<StoredEvent | undefined> => {
  const [batch] = await firstEvents([derivedId('fcb', intent.writeId)]);
  if (batch && batch.bodyHash !== intent.bodyHash) throw keyReused();
  return batch;
};

/** DynamoDB takes a hundred items at once, and the request's own event is one of them. */
const perTransaction = 99;

/**
 * Writes facts that are not there yet. With more than 99 the last go into a second transaction: whoever repeats the request after the
 * first brings the rest. Answers whether another try of it has written them. Throws `version.stale` when one of them was told at the
 * same time.
 */
export const insertFacts = async (
  facts: readonly FactRecord[],
  intent: Intent,
  batch: StoredEvent | undefined,
): Promise<boolean> => {
  const events = facts.map((fact) => eventOf(fact, intent));
  const first = events.slice(0, batch ? 0 : perTransaction);
  if (!batch && first.length > 0) {
    const { replayed } = await commit([batchOf(intent, facts.length), ...first], []);
    if (replayed) return true;
  }
  const [next, ...others] = events.slice(first.length);
  return next !== undefined && (await commit([next, ...others], [])).replayed;
};
