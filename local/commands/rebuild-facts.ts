import { type AttributeValue, DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { StoredEvent, type Tracked } from '#shared/core/history.ts';
import { type Instant, millis } from '#shared/core/time.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { readSegment } from '#shared/facts/fact-scan-store.ts';
import { type FactItem, factOf, itemOf } from '#shared/facts/fact-store.ts';
import { isNewer, newestOf, putFacts } from '#shared/facts/fact-write-store.ts';
import { factsOfStep, needsRecord } from '#shared/facts/facts-of-subject.ts';
import { type Calendar, stepsOf } from '#shared/facts/step.ts';
import { isEvent, type StoredItem } from '#shared/ledger/chains.ts';
import { activity, activityTable } from '#shared/platform/activity-table.ts';
import { getProgramRules, listProgramVersions } from '#shared/program/program-store.ts';
import { versionAt } from '#shared/program/program-version.ts';

/** A fact that is not as its event says: not there, other than it should be, or of no event. */
export interface Difference {
  readonly what: 'missing' | 'different' | 'unexpected';
  readonly key: string;
  readonly expected?: Fact;
  readonly stored?: FactItem;
}

const nameOf = (item: FactItem): string => `${item.pk?.S} ${item.sk?.S}`;
const keyOf = ({ pk, sk }: FactItem): Record<string, AttributeValue> => ({ pk: pk ?? { S: '' }, sk: sk ?? { S: '' } });
const textOf = (item: FactItem): string => JSON.stringify(Object.entries(item).sort());

/** What has expired may be there still, or not. */
const isKept = ({ x }: FactItem, now: Instant): boolean => x?.N === undefined || Number(x.N) * 1000 > millis(now);

const storedFacts = async (): Promise<Map<string, FactItem>> => {
  const found = new Map<string, FactItem>();
  let after: FactItem | undefined;
  do {
    const page = await readSegment({ segment: 0, segments: 1 }, after);
    for (const item of page.items) found.set(nameOf(item), item);
    after = page.next;
  } while (after);
  return found;
};

const isNeededRecord = ({ pk, sk }: StoredItem): boolean => needsRecord(String(pk)) && sk === 'claim';

/** The items of one thing after the other: a table is read, and was exported, thing by thing. */
async function* thingsOf(items: AsyncIterable<StoredItem>): AsyncGenerator<readonly StoredItem[]> {
  let thing: StoredItem[] = [];
  for await (const item of items) {
    if (thing.length > 0 && thing[0]?.pk !== item.pk) {
      yield thing;
      thing = [];
    }
    if (isEvent(item) || isNeededRecord(item)) thing.push(item);
  }
  if (thing.length > 0) yield thing;
}

const eventOf = ({ pk: _pk, sk: _sk, kind: _kind, ...told }: StoredItem): StoredEvent => StoredEvent.parse(told);

const factsOfThing = (thing: readonly StoredItem[], calendarAt: (at: Instant) => Calendar): readonly Fact[] => {
  const events = thing.filter(isEvent).map(eventOf);
  // What events only name is in the record, where facts need it; elsewhere nothing is read of it.
  const record = (thing.find((item) => !isEvent(item)) ?? {}) as unknown as Tracked;
  return stepsOf(
    events.toSorted((one, other) => one.seq - other.seq),
    record,
  ).flatMap((step) => factsOfStep(step, calendarAt(step.event.at)));
};

const calendars = async (): Promise<(at: Instant) => Calendar> => {
  const versions = await listProgramVersions();
  const rules = new Map<number, Calendar>();
  for (const { version } of versions) rules.set(version, await getProgramRules(version));
  return (at) => {
    const calendar = rules.get(versionAt(versions, at)?.version ?? 0);
    if (!calendar) throw new Error(`No program was in force at ${at}.`);
    return calendar;
  };
};

const expectedFacts = async (items: AsyncIterable<StoredItem>, now: Instant): Promise<Map<string, Fact>> => {
  const calendarAt = await calendars();
  const facts: Fact[] = [];
  for await (const thing of thingsOf(items)) facts.push(...factsOfThing(thing, calendarAt));
  return new Map(
    newestOf(facts.filter((fact) => isKept(itemOf(fact), now))).map((fact) => [nameOf(itemOf(fact)), fact]),
  );
};

/** Whether it is as it should be by now: an event came since the first look, or something newer has taken its place since. */
const isThereNow = async (fact: Fact, seen: FactItem | undefined): Promise<boolean> => {
  const item = itemOf(fact);
  const { Item } = await activity.send(
    new GetItemCommand({ TableName: activityTable(), Key: keyOf(item), ConsistentRead: true }),
  );
  if (!Item) return false;
  if (textOf(Item) === textOf(item)) return true;
  const hasChanged = !seen || textOf(Item) !== textOf(seen);
  const present = factOf(Item);
  // What has a rank is replaced by what is newer.
  return hasChanged && item.n !== undefined && present !== undefined && isNewer(present, fact);
};

/**
 * Makes all facts anew from what `items` says happened, which are read after the facts: whatever is stored as a fact has its event there
 * by then. What is written meanwhile is looked at a second time. All facts are in memory at once, some 300 bytes each.
 */
export const factDifferences = async (
  items: AsyncIterable<StoredItem>,
  now: Instant,
): Promise<{ readonly facts: number; readonly differences: readonly Difference[] }> => {
  const stored = await storedFacts();
  const expected = await expectedFacts(items, now);
  const differences: Difference[] = [];
  for (const [key, fact] of expected) {
    const item = stored.get(key);
    stored.delete(key);
    if (item && textOf(item) === textOf(itemOf(fact))) continue;
    if (await isThereNow(fact, item)) continue;
    differences.push({ what: item ? 'different' : 'missing', key, expected: fact, ...(item && { stored: item }) });
  }
  for (const [key, item] of stored) if (isKept(item, now)) differences.push({ what: 'unexpected', key, stored: item });
  return { facts: expected.size, differences };
};

/** Takes away what is wrong, unless it has changed since it was looked at, and puts what should be there. */
export const mendFacts = async (differences: readonly Difference[]): Promise<void> => {
  for (const { stored } of differences) {
    if (!stored) continue;
    await activity.send(
      new DeleteItemCommand({
        TableName: activityTable(),
        Key: keyOf(stored),
        ConditionExpression: 't = :t',
        ExpressionAttributeValues: { ':t': stored.t ?? { N: '0' } },
      }),
    );
  }
  await putFacts(differences.flatMap(({ expected }) => expected ?? []));
};
