import { DomainError } from '#shared/core/errors.ts';
import { derivedId, shardOf } from '#shared/core/ids.ts';
import { addMonths } from '#shared/core/time.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { absent, all, any, begins, type Condition, is } from '#shared/platform/condition.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { type Item, type Key, queryAll, read, type Write } from '#shared/platform/table.ts';
import { Balances, netOf, type Parts, Payout, type Statement } from './payout.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | add to a partner's statement of a period while it is open | table | pk = partner id, sk = `statement#<currency>#<period>` |
 * | statements of a partner | table | pk = partner id, sk from `statement#` |
 * | whose a payout is, and of which period | table | its first event |
 * | what is not paid yet, up to a period | byStatus | `statements#<shard of the partner>`, `<period>#<partner id>` |
 *
 * What is owed accrues at once to the statement of the period in which its hold ends. The item is the guarded balance of what is
 * payable: a run freezes it, and what comes later goes to the next one. It enters the index with the first thing on it and leaves it
 * when it has come to its end; it never moves there.
 */
const prefix = 'statement#';

export type Place = Pick<Payout, 'partnerId' | 'currency' | 'period'>;

export const statementKey = ({ partnerId, currency, period }: Place): Key => ({
  pk: partnerId,
  sk: `${prefix}${currency}#${period}`,
});

/** At most 35 characters: banks pass it on as their reference from end to end. */
export const payoutIdOf = ({ partnerId, currency, period }: Place): string =>
  derivedId('pay', partnerId, currency, period);

/** Which statement takes what comes too late for this one: after a day that of its month, after a month that of the next one. */
export const nextPeriod = (period: string): string => {
  const month = period.slice(0, 'YYYY-MM'.length);
  return period === month ? addMonths(`${month}-01`, 1).slice(0, month.length) : month;
};

/** Says that the statement was closed in the meantime; `nextPeriod` of it is to be tried then. */
export const statementClosed = (period: string): DomainError =>
  new DomainError('conflict', 'statement.closed', `The statement of ${period} is closed.`, { facts: { period } });

/** Says that the statement counts as too little from an earlier period than this one, which stays so. */
const countsLonger = (period: string): DomainError =>
  new DomainError('conflict', 'statement.counts_longer', `The statement of ${period} counts for longer already.`);

const isOpen: Condition = any(absent('status'), is('status', '=', 'open'));

const listing = ({ partnerId, period }: Place) => ({
  statusKey: `statements#${shardOf(partnerId)}`,
  statusSort: `${period}#${partnerId}`,
});

const moveOn = (place: Place, add: Readonly<Record<string, number>>, since?: string): Write => ({
  write: 'change',
  key: statementKey(place),
  change: {
    set: { kind: 'statement', ...place, status: 'open', ...listing(place), since },
    add: Object.fromEntries(Object.entries(add).filter(([, amount]) => amount !== 0)),
  },
  when: since === undefined ? isOpen : all(isOpen, any(absent('since'), is('since', '>=', since))),
  refuse: (image) =>
    since !== undefined && image?.status === 'open' ? countsLonger(place.period) : statementClosed(place.period),
});

/** What an earning puts on a statement: nothing before it is owed, while it is disputed, and once it is reversed. */
const dueOf = (earning: Earning | undefined): number =>
  earning?.statement !== undefined && (earning.status === 'on_hold' || earning.status === 'paid')
    ? earning.amount.amountMinor
    : 0;

const countersOf = (earning: Earning | undefined): Readonly<Record<string, number>> => {
  const due = dueOf(earning);
  return {
    amountDue: due,
    earnings: due === 0 ? 0 : 1,
    earned: Math.max(due, 0),
    [earning?.forFraud ? 'takenBackForFraud' : 'takenBack']: Math.max(-due, 0),
  };
};

/** The writes that make the statement follow a change of an earning. Refused with `statement.closed`. */
export const statementWrites = (before: Earning | undefined, after: Earning): readonly Write[] => {
  const [was, becomes] = [countersOf(before), countersOf(after)];
  const period = after.statement ?? before?.statement;
  if (was.amountDue === becomes.amountDue || period === undefined) return [];
  const names = new Set([...Object.keys(was), ...Object.keys(becomes)]);
  const add = Object.fromEntries([...names].map((name) => [name, (becomes[name] ?? 0) - (was[name] ?? 0)]));
  return [moveOn({ partnerId: after.partnerId, currency: after.amount.currency, period }, add)];
};

/** Two additions to one statement as one, since a transaction writes no item twice. */
export const joinStatementWrites = (writes: readonly Write[]): readonly Write[] => {
  const joined: Write[] = [];
  for (const next of writes) {
    const at = joined.findIndex(
      (write) =>
        write.write === 'change' &&
        next.write === 'change' &&
        write.key.pk === next.key.pk &&
        write.key.sk === next.key.sk,
    );
    const same = joined[at];
    if (same?.write !== 'change' || next.write !== 'change') joined.push(next);
    else {
      const add: Record<string, number> = { ...same.change.add };
      for (const [name, amount] of Object.entries(next.change.add ?? {})) add[name] = (add[name] ?? 0) + amount;
      joined[at] = { ...same, change: { ...same.change, add } };
    }
  }
  return joined;
};

/**
 * Brings forward to a later statement what cannot be paid, with the period from which it counts as too little. Refused with
 * `statement.closed`, and with `statement.counts_longer` where it counts from an earlier one: then it is to be left out.
 */
export const bringForward = (place: Place, parts: Parts, since?: string): Write =>
  moveOn(
    place,
    {
      broughtForward: netOf(parts),
      broughtTakenBack: parts.takenBack,
      broughtForFraud: parts.takenBackForFraud,
    },
    since,
  );

export const statementFrom = (item: Item): Statement => {
  const place = { partnerId: item.pk, currency: String(item.currency), period: String(item.period) };
  const history = { id: payoutIdOf(place), version: 0, head: '', createdAt: '', updatedAt: '' };
  return {
    payout: Payout.parse({ ...history, ...item }),
    balances: Balances.parse(item),
    // moveOn is its only writer.
    since: item.since as string | undefined,
  };
};

/** The write of a statement's next state, frozen, carried, sent or ended, if nothing accrued on it since it was read. */
export const replaceStatement = (before: Statement, after: Payout, refuse: Write['refuse']): Write => {
  const { version, status } = before.payout;
  const unchanged = version === 0 ? absent('version') : is('version', '=', version);
  const isEnded = ['paid', 'failed', 'carried'].includes(after.status);
  const counted = Object.entries(before.balances).map(([name, value]) =>
    value === 0 ? any(absent(name), is(name, '=', 0)) : is(name, '=', value),
  );
  const { balances, since } = before;
  const kept = Object.fromEntries(Object.entries(balances).filter(([, value]) => value !== 0));
  return {
    write: 'replace',
    item: {
      ...statementKey(after),
      kind: 'statement',
      ...kept,
      ...after,
      ...(since ? { since } : {}),
      ...(isEnded ? {} : listing(after)),
    },
    when: all(unchanged, is('status', '=', status), ...(status === 'open' ? counted : [])),
    refuse,
  };
};

/** A statement as it stands, undefined before anything is on it. */
export const findStatement = async (place: Place): Promise<Statement | undefined> => {
  const [item] = await read([statementKey(place)]);
  return item && statementFrom(item);
};

/** By the id of its payout. */
export const findPayout = async (payoutId: string): Promise<Statement | undefined> => {
  const [first] = await listEvents(payoutId, 1, 1);
  const { partnerId, currency, period } = first?.changes ?? {};
  if (typeof partnerId !== 'string' || typeof currency !== 'string' || typeof period !== 'string') return undefined;
  return findStatement({ partnerId, currency, period });
};

/** In the order of their places; what is not there is left out. */
export const readStatements = async (places: readonly Place[]): Promise<readonly Statement[]> =>
  (await read(places.map(statementKey))).flatMap((item) => (item ? [statementFrom(item)] : []));

const perQuery = 100;

/** All statements of a partner, oldest first; there is one for each month, and a few for single days. */
export const listStatements = async (partnerId: string): Promise<readonly Statement[]> => {
  const found: Statement[] = [];
  for await (const items of queryAll({ key: all(is('pk', '=', partnerId), begins('sk', prefix)), limit: perQuery }))
    found.push(...items.map(statementFrom));
  return found;
};

/**
 * Statements of a shard's partners that have not come to their end, up to the end of a period, page by page in the order of periods. A
 * day takes statements of days only.
 */
export async function* unsettledStatements(shard: number, period: string): AsyncGenerator<readonly Statement[]> {
  const isDay = period.length > 'YYYY-MM'.length;
  const upTo: Condition = { test: 'between', name: 'statusSort', from: ' ', to: isDay ? `${period}$` : `${period}-99` };
  const key = all(is('statusKey', '=', `statements#${shard}`), upTo);
  for await (const page of queryAll({ index: 'byStatus', key, limit: perQuery })) {
    const items = await read(page.map(({ pk, sk }) => ({ pk, sk })));
    const statements = items.flatMap((item) => (item ? [statementFrom(item)] : []));
    yield statements.filter(({ payout }) => !isDay || payout.period.length === period.length);
  }
}
