import { BatchWriteItemCommand, ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { activity, activityTable } from '#shared/platform/activity-table.ts';
import type { Fact } from './fact.ts';
import { kindOf } from './fact-kinds.ts';
import { itemOf } from './fact-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | put facts of events | activity | pk = partner id, sk = `<quarter>/<code>/<id>` |
 * | put what stands, unless something newer stands there | activity | pk = partner id, sk = `now/<quarter>/<code>/<id>` |
 *
 * Key and content of a fact follow from its event alone, so it may be put again at any time, and in any order.
 */
const perRequest = 25;
const attempts = 8;

const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));

/** Throws when the table left some unwritten at every try; all may be put again. */
const putBatch = async (facts: readonly Fact[]): Promise<void> => {
  let left = facts.map((fact) => ({ PutRequest: { Item: itemOf(fact) } }));
  for (let attempt = 1; left.length > 0; attempt += 1) {
    if (attempt > attempts) throw new Error('The activity table left facts unwritten at all tries.');
    if (attempt > 1) await pause(attempt);
    const { UnprocessedItems } = await activity.send(
      new BatchWriteItemCommand({ RequestItems: { [activityTable()]: left } }),
    );
    // What comes back is what was sent.
    left = (UnprocessedItems?.[activityTable()] ?? []) as typeof left;
  }
};

/** By rank, then value: what is replaced comes from one thing, whose events are numbered, while their times may go back. */
const isNotNewerByRank = 'attribute_not_exists(pk) OR n < :n OR (n = :n AND v <= :v)';
/** By time, then rank, then value: whichever comes first, the same one stands in the end. */
const isNotNewer = 'attribute_not_exists(pk) OR t < :t OR (t = :t AND (n < :n OR (n = :n AND v <= :v)))';

const putStanding = async (fact: Fact): Promise<void> => {
  const item = itemOf(fact);
  const { replaced } = kindOf(fact.kind);
  try {
    await activity.send(
      new PutItemCommand({
        TableName: activityTable(),
        Item: item,
        ConditionExpression: replaced ? isNotNewerByRank : isNotNewer,
        ExpressionAttributeValues: {
          ...(replaced ? {} : { ':t': item.t ?? { N: '0' } }),
          ':n': item.n ?? { N: '0' },
          ':v': item.v ?? { N: '1' },
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
};

const keyOf = ({ partnerId, quarter, kind, id }: Fact): string => JSON.stringify([partnerId, quarter, kind, id]);

/** Of two facts of one key, whether the one takes the place of the other. */
export const isNewer = (one: Fact, other: Fact): boolean => {
  const byTime = kindOf(one.kind).replaced ? 0 : one.at - other.at;
  return (byTime || (one.rank ?? 0) - (other.rank ?? 0) || one.value - other.value) > 0;
};

/** One of each key: of what stands the newest. Facts of events are the same whenever their keys are. */
export const newestOf = (facts: readonly Fact[]): readonly Fact[] => {
  const kept = new Map<string, Fact>();
  for (const fact of facts) {
    const key = keyOf(fact);
    const other = kept.get(key);
    if (!other || isNewer(fact, other)) kept.set(key, fact);
  }
  return [...kept.values()];
};

/** Puts facts that may be there already; what stands gives way to nothing older. */
export const putFacts = async (facts: readonly Fact[]): Promise<void> => {
  const { standing = [], passing = [] } = Object.groupBy(newestOf(facts), ({ kind }) =>
    kindOf(kind).standing || kindOf(kind).replaced ? 'standing' : 'passing',
  );
  for (let start = 0; start < passing.length; start += perRequest) {
    await putBatch(passing.slice(start, start + perRequest));
  }
  await Promise.all(standing.map(putStanding));
};
