import { notFound } from '#shared/core/errors.ts';
import { type Intent, record } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Journal } from '#shared/core/journal.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { statementWrites } from '#shared/payouts/statement-store.ts';
import { absent, all, begins, type Condition, is } from '#shared/platform/condition.ts';
import {
  commit,
  listEvents,
  type NextState,
  type Outcome,
  replaceAsRead,
  stale,
} from '#shared/platform/history-store.ts';
import { type Item, type Key, query, read, type Write } from '#shared/platform/table.ts';
import { Earning, earningLifecycle, personalEarningFields } from './earning.ts';
import { accrualJournals, disputeEndJournals, disputeJournals, reversalJournals } from './earning-journals.ts';
import { isDisputed } from './line-dispute.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get an earning | table | pk = partner id, sk = `earning#<createdAt>#<earning id>` |
 * | whose an earning is, and when it was made | table | its first event |
 * | list a partner's earnings, newest first | table | pk = partner id, sk from `earning#` |
 *
 * An earning stands with its partner and in no index, so that one accrues for 6 write units: the earning, its event with the
 * journals, and the statement. Only a bonus that waits for its approval is listed (bonus-store.ts).
 */
const prefix = 'earning#';

type Place = Pick<Earning, 'id' | 'partnerId' | 'createdAt'>;

export const earningKey = ({ id, partnerId, createdAt }: Place): Key => ({
  pk: partnerId,
  sk: `${prefix}${createdAt}#${id}`,
});

/** What waits for a decision stands in a list, so that a lost question is asked again. */
const listed = ({ id, createdAt, partnerId, awaits }: Earning) => ({
  statusKey: `earnings#${shardOf(id)}`,
  statusSort: `submitted#${createdAt}#${id}`,
  summary: { partnerId, awaits: awaits?.kind },
});

const toItem = (earning: Earning): Item => ({
  ...earningKey(earning),
  ...earning,
  ...(earning.awaits ? listed(earning) : {}),
});

const parse = (item: Item): Earning => Earning.parse(item);

export const earningFrom = (item: Item | undefined): Earning | undefined => item && parse(item);

/** Earnings by their places, in that order; what is not there is undefined. */
export const readEarnings = async (places: readonly Place[]): Promise<readonly (Earning | undefined)[]> =>
  (await read(places.map(earningKey))).map((item) => (item ? parse(item) : undefined));

/** Where an earning stands, by its first event; where there is none, a place where nothing is. */
export const findEarningKey = async (earningId: string): Promise<Key> => {
  const [first] = await listEvents(earningId, 1, 1);
  const { partnerId, createdAt } = first?.changes ?? {};
  return earningKey({ id: earningId, partnerId: String(partnerId ?? earningId), createdAt: String(createdAt ?? '') });
};

/** Throws `not_found`. */
export const getEarning = async (earningId: string): Promise<Earning> => {
  const [item] = await read([await findEarningKey(earningId)]);
  if (!item) throw notFound();
  return parse(item);
};

const happening = (earning: Earning, type: string, intent: Intent) => ({
  type,
  intent,
  personalFields: personalEarningFields,
  partnerId: earning.partnerId,
});

const typeOf: Readonly<Record<Earning['status'], string>> = {
  submitted: 'earning.submitted',
  rejected: 'earning.rejected',
  pending: 'earning.expected',
  on_hold: 'earning.accrued',
  reversed: 'earning.reversed',
  paid: 'earning.paid',
};

/** Its journals count from the instant of the intent, which a statement must know; mostly it is when the earning was made. */
const owedSince = (earning: Earning, at: string): Earning =>
  earning.createdAt === at ? earning : { ...earning, accruedAt: at };

/**
 * A new earning with its event, its journals when it is owed already (beside `others`), and what it adds to the statement. Refused with
 * `version.stale` when it is there already (unless by the same intent as the transaction's first event), `statement.closed`.
 */
export const bookEarning = (earning: Earning, intent: Intent, others: readonly Journal[] = []): NextState<Earning> => {
  const journals = earning.status === 'on_hold' ? accrualJournals(earning, intent.at) : [];
  const about = { ...happening(earning, typeOf[earning.status], intent), journals: [...journals, ...others] };
  const owed = earning.status === 'on_hold' ? owedSince(earning, intent.at) : earning;
  const { entity, event } = record(undefined, owed, about);
  return {
    entity,
    event,
    writes: [{ write: 'insert', item: toItem(entity), refuse: () => stale(1) }, ...statementWrites(undefined, entity)],
  };
};

/** A dispute leaves the status what it is. */
const disputeStep = (before: Earning, after: Earning): 'earning.disputed' | 'earning.dispute_ended' | undefined => {
  if (!before.disputed && after.disputed) return 'earning.disputed';
  return !before.disputed?.endedAt && after.disputed?.endedAt ? 'earning.dispute_ended' : undefined;
};

const journalsOf = (before: Earning, after: Earning, at: string) => {
  const step = disputeStep(before, after);
  if (step) return step === 'earning.disputed' ? disputeJournals(after) : disputeEndJournals(after);
  if (before.status === 'on_hold' && after.status === 'reversed') return reversalJournals(before, at);
  if (before.status !== 'on_hold' && after.status === 'on_hold') return accrualJournals(after, at);
  return [];
};

/** Nobody has to answer about what is reversed; a line in dispute is reversed from where it was held. */
const nextOf = (before: Earning, after: Earning): Earning => {
  if (after.status !== 'reversed' || !isDisputed(before)) return after;
  const { awaits: _awaits, holdUntil, ...rest } = after;
  return before.holdUntil === undefined || holdUntil === undefined ? rest : { ...rest, holdUntil };
};

/**
 * The next state of an earning: it accrues, is reduced before it is owed, or is reversed. Throws `state.transition_not_allowed`; refused with
 * `version.stale`, `statement.closed`.
 */
export const changeEarning = (
  before: Earning,
  after: Earning,
  intent: Intent,
  others: readonly Journal[] = [],
): NextState<Earning> => {
  const moves = before.status !== after.status;
  const type = moves
    ? typeOf[moveTo(earningLifecycle, before.status, after.status)]
    : (disputeStep(before, after) ?? 'earning.changed');
  const about = { ...happening(before, type, intent), journals: [...journalsOf(before, after, intent.at), ...others] };
  const isOwedNow = moves && after.status === 'on_hold';
  const next = isOwedNow ? owedSince(after, intent.at) : nextOf(before, after);
  const { entity, event } = record(before, next, about);
  return {
    entity,
    event,
    writes: [replaceAsRead(before, toItem(entity)), ...statementWrites(before, entity)],
  };
};

/** Writes one change of one earning, with what else must be written with it. */
export const saveEarning = ({ event, writes }: NextState<Earning>, others: readonly Write[] = []): Promise<Outcome> =>
  commit([event], [...writes, ...others]);

/** What is written with it is refused with `version.stale` when somebody has changed the earning since it was read. */
export const mustBeAsRead = (earning: Earning): Write => ({
  write: 'check',
  key: earningKey(earning),
  when: is('version', '=', earning.version),
  refuse: () => stale(undefined),
});

/** The same, when the earning is there. */
export const mustNotBeThere = (place: Place): Write => ({
  write: 'check',
  key: earningKey(place),
  when: absent('pk'),
  refuse: () => stale(undefined),
});

export interface EarningPage {
  readonly earnings: readonly Earning[];
  /** Sort key of the last one, to go on after it; undefined at the end. */
  readonly after: string | undefined;
}

const perQuery = 100;

/** A partner's earnings, newest first, those that `keep` keeps. */
export const listEarningsOfPartner = async (list: {
  readonly partnerId: string;
  readonly keep: (earning: Earning) => boolean | Promise<boolean>;
  readonly after: string | undefined;
  readonly limit: number;
}): Promise<EarningPage> => {
  const earnings: Earning[] = [];
  let { after } = list;
  for (;;) {
    const range: Condition = after ? { test: 'between', name: 'sk', from: prefix, to: after } : begins('sk', prefix);
    const items = await query({ key: all(is('pk', '=', list.partnerId), range), descending: true, limit: perQuery });
    const seen = after;
    for (const item of items.filter(({ sk }) => sk !== seen)) {
      const earning = parse(item);
      if (await list.keep(earning)) {
        if (earnings.length === list.limit) return { earnings, after };
        earnings.push(earning);
      }
      after = item.sk;
    }
    if (items.length < perQuery) return { earnings, after: undefined };
  }
};
