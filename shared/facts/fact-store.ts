import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Quarter } from '#shared/core/quarters.ts';
import { activity, activityTable } from '#shared/platform/activity-table.ts';
import type { Fact } from './fact.ts';
import { kindByCode, kindOf } from './fact-kinds.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | facts of a partner, or of the company, from a quarter on | activity | pk = partner id, sk from `<quarter>/` |
 *
 * An item is read for every partner and quarter, so it is at most 100 bytes: pk is the partner, or `company`; sk is
 * `<quarter>/<code of the kind>/<id>`, with `now/` before it where something holds until something newer is told: the last word of each
 * quarter stays, so that a past quarter can be looked at as it was, and all of them are found behind the quarters. `v` is the
 * value, 1 where it is left out; `t` when it was so, and `x` when the table forgets it, in seconds since 1970. Few have `a`, what they
 * belong to. What stands, or is replaced, has `n`, its rank among those of the same second; what stands is not forgotten.
 */
export type FactItem = Record<string, AttributeValue>;

/** Of ten quarters, none of which has more days: so a fact stays for nine quarters after the end of its own. */
const secondsKept = 10 * 92 * 86_400;

const standingFrom = 'now/';

const number = (value: number): AttributeValue => ({ N: String(value) });

/** As the table holds it. */
export const itemOf = (fact: Fact): FactItem => {
  const { code, standing, replaced } = kindOf(fact.kind);
  return {
    pk: { S: fact.partnerId },
    sk: { S: `${standing ? standingFrom : ''}${fact.quarter}/${code}/${fact.id}` },
    ...((standing || replaced || fact.value !== 1) && { v: number(fact.value) }),
    t: number(fact.at),
    ...((standing || replaced) && { n: number(fact.rank ?? 0) }),
    ...(!standing && { x: number(fact.at + secondsKept) }),
    ...(fact.about !== undefined && { a: { S: fact.about } }),
  };
};

/** The fact of an item; undefined when a newer version of Tandem wrote it, whose kind we do not know. */
export const factOf = (item: FactItem): Fact | undefined => {
  const key = item.sk?.S ?? '';
  const sk = key.startsWith(standingFrom) ? key.slice(standingFrom.length) : key;
  const afterQuarter = sk.indexOf('/');
  const afterCode = sk.indexOf('/', afterQuarter + 1);
  const kind = kindByCode(sk.slice(afterQuarter + 1, afterCode));
  if (!kind) return undefined;
  return {
    partnerId: item.pk?.S ?? '',
    kind,
    quarter: sk.slice(0, afterQuarter),
    id: sk.slice(afterCode + 1),
    value: Number(item.v?.N ?? 1),
    at: Number(item.t?.N),
    ...(item.a?.S !== undefined && { about: item.a.S }),
    ...(item.n?.N !== undefined && { rank: Number(item.n.N) }),
  };
};

/** Facts of a partner, or of the `company`: those of the quarters from one to another, both among them, and what stood by then, whenever it was told. */
export const listFacts = async (
  partnerId: string,
  quarters: { readonly from: Quarter; readonly to: Quarter },
): Promise<readonly Fact[]> => {
  const facts: Fact[] = [];
  let after: FactItem | undefined;
  do {
    const page = await activity.send(
      new QueryCommand({
        TableName: activityTable(),
        // What stands sorts behind all quarters.
        KeyConditionExpression: 'pk = :partner AND sk >= :from',
        ExpressionAttributeValues: { ':partner': { S: partnerId }, ':from': { S: quarters.from } },
        ConsistentRead: true,
        ...(after && { ExclusiveStartKey: after }),
      }),
    );
    for (const item of page.Items ?? []) {
      const fact = factOf(item);
      if (fact && fact.quarter <= quarters.to) facts.push(fact);
    }
    after = page.LastEvaluatedKey;
  } while (after);
  return facts;
};
