import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import { firstDayOf, type Quarter } from '#shared/core/quarters.ts';
import { millis } from '#shared/core/time.ts';
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

/** With a fiscal year from January; with any other the quarter of that name has begun before. */
const latestBeginOf = (quarter: Quarter): number => millis(firstDayOf(quarter, 1)) / 1000;

const standingFrom = 'now/';

const number = (value: number): AttributeValue => ({ N: String(value) });

/** As the table holds it. */
export const itemOf = (fact: Fact): FactItem => {
  const { code, standing, replaced, ahead } = kindOf(fact.kind);
  const since = ahead ? Math.max(fact.at, latestBeginOf(fact.quarter)) : fact.at;
  return {
    pk: { S: fact.partnerId },
    sk: { S: `${standing ? standingFrom : ''}${fact.quarter}/${code}/${fact.id}` },
    ...((standing || replaced || fact.value !== 1) && { v: number(fact.value) }),
    t: number(fact.at),
    ...((standing || replaced) && { n: number(fact.rank ?? 0) }),
    ...(!standing && { x: number(since + secondsKept) }),
    ...(fact.about !== undefined && { a: { S: fact.about } }),
  };
};

/** What kind of fact it is, and of when. */
export type FactPlace = Pick<Fact, 'quarter' | 'kind'>;

const placeOf = (text: string): FactPlace | undefined => {
  const [quarter = '', code = ''] = text.slice(text.startsWith(standingFrom) ? standingFrom.length : 0).split('/');
  const kind = kindByCode(code);
  return kind && { quarter, kind };
};

/** Undefined when a newer version of Tandem wrote the item, whose kind we do not know, or when nobody looks at such facts. */
export type FactReader = (item: FactItem) => Fact | undefined;

const afterQuarter = 'YYYY-Qn/'.length;

/**
 * Reads the facts of items that somebody looks at. What stands before the ids of all their keys is a few hundred texts, and each of them
 * is read once.
 */
export const factReader = (isLookedAt: (place: FactPlace) => boolean): FactReader => {
  const places = new Map<string, FactPlace | 'nobody looks'>();
  return (item) => {
    const sk = item.sk?.S ?? '';
    const afterCode = sk.indexOf('/', sk.startsWith(standingFrom) ? standingFrom.length + afterQuarter : afterQuarter);
    const text = sk.slice(0, afterCode);
    let place = places.get(text);
    if (place === undefined) {
      const found = placeOf(text);
      place = found && isLookedAt(found) ? found : 'nobody looks';
      places.set(text, place);
    }
    if (place === 'nobody looks') return undefined;
    const fact: { -readonly [Field in keyof Fact]: Fact[Field] } = {
      partnerId: item.pk?.S ?? '',
      kind: place.kind,
      quarter: place.quarter,
      id: sk.slice(afterCode + 1),
      value: item.v?.N === undefined ? 1 : Number(item.v.N),
      at: Number(item.t?.N),
    };
    // Not spread into it, which takes as long as all the rest.
    if (item.a?.S !== undefined) fact.about = item.a.S;
    if (item.n?.N !== undefined) fact.rank = Number(item.n.N);
    return fact;
  };
};

/** The fact of an item. */
export const factOf = factReader(() => true);

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
