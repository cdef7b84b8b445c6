import { DomainError, notFound } from '#shared/core/errors.ts';
import { applyEvent, type Intent, record } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Payee } from '#shared/payouts/payee.ts';
import { keepPayee, type PayeeChange, payeeFrom, payeeKey } from '#shared/payouts/payee-store.ts';
import {
  commit,
  entityAt,
  insertNew,
  keyReused,
  listEvents,
  type NextState,
  ownFirstTry,
  replaceAsRead,
  type Saved,
  stale,
} from '#shared/platform/history-store.ts';
import { listByStatus } from '#shared/platform/lists.ts';
import { log } from '#shared/platform/logger.ts';
import { type Item, type Key, read, type Write } from '#shared/platform/table.ts';
import { holdCompany, takeCompany, terminatedBefore } from './company-store.ts';
import { Partner, type PartnerStatus, personalPartnerFields } from './partner.ts';
import { setGate } from './partner-gate-store.ts';
import { SuccessPlan } from './success-plan.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get a partner | table | pk = partner id, sk = `partner` |
 * | a partner's success plan | table | pk = partner id, sk = `success-plan` |
 * | list partners by status, newest first | byStatus | `partners#<shard>`, `<status>#<createdAt>#<partner id>` |
 * | partners with something due | byDue | `due#<shard>`, `<instant>#<partner id>` |
 */
export const partnerKey = (partnerId: string): Key => ({ pk: partnerId, sk: 'partner' });
const planKey = (partnerId: string): Key => ({ pk: partnerId, sk: 'success-plan' });

const parse = (item: Item): Partner => Partner.parse(item);

const toItem = (partner: Partner): Item => ({
  ...partnerKey(partner.id),
  kind: 'partner',
  ...partner,
  statusKey: `partners#${shardOf(partner.id)}`,
  statusSort: `${partner.status}#${partner.createdAt}#${partner.id}`,
  summary: {
    tier: partner.tier,
    types: partner.types,
    region: partner.region,
    ...(partner.evaluationScore === undefined ? {} : { evaluationScore: partner.evaluationScore }),
  },
  ...(partner.due ? { dueKey: `due#${shardOf(partner.id)}`, dueAt: `${partner.due.at}#${partner.id}` } : {}),
});

/** Throws `not_found`. */
export const getPartner = async (partnerId: string): Promise<Partner> => {
  const [item] = await read([partnerKey(partnerId)]);
  if (!item) throw notFound();
  return parse(item);
};

const mostEvents = 1000;

/** The partner as it was at an instant, its personal values being those of today. Throws `not_found`. */
export const getPartnerAsOf = async (partnerId: string, at: string): Promise<Partner> => {
  const partner = await getPartner(partnerId);
  if (partner.updatedAt <= at) return partner;
  const events = await listEvents(partnerId, 1, mostEvents);
  const then = events.filter((event) => event.at <= at).length;
  return entityAt(partner, Math.max(1, then));
};

/** Parses a partner that was read together with other things; undefined when it is none. */
export const partnerFrom = (item: Item | undefined): Partner | undefined => (item ? parse(item) : undefined);

export interface PartnerInFull {
  readonly partner: Partner;
  readonly plan: SuccessPlan | undefined;
  readonly payee: Payee | undefined;
}

/** A partner and, once they are there, its success plan and where it is paid, without secrets. Throws `not_found`. */
export const getPartnerWithPlan = async (partnerId: string): Promise<PartnerInFull> => {
  const [item, plan, payee] = await read([partnerKey(partnerId), planKey(partnerId), payeeKey(partnerId)]);
  if (!item) throw notFound();
  return {
    partner: parse(item),
    plan: plan ? SuccessPlan.parse({ tasks: plan.tasks }) : undefined,
    payee: payeeFrom(payee),
  };
};

/** What a list of partners is narrowed by. */
export interface PartnerFilter {
  readonly status?: PartnerStatus | undefined;
  readonly tier?: string | undefined;
  /** Any of its types, not only the main one. */
  readonly type?: string | undefined;
  readonly region?: string | undefined;
}

type Summary = Readonly<Record<string, unknown>>;

/** Whether a partner, or what the index says of one, passes a filter; the status is looked at elsewhere. */
export const passes = (filter: PartnerFilter, summary: Summary): boolean =>
  (filter.tier === undefined || summary.tier === filter.tier) &&
  (filter.region === undefined || summary.region === filter.region) &&
  (filter.type === undefined || (Array.isArray(summary.types) && summary.types.includes(filter.type)));

export interface PartnerPage {
  readonly partners: readonly Partner[];
  readonly after: string | undefined;
}

/** Undefined for one that cannot be read; the log says which, and why. */
const parseOrLog = (item: Item): Partner | undefined => {
  const { success, data, error } = Partner.safeParse(item);
  if (!success) log.error('partner not readable', { partnerId: item.pk, error });
  return data;
};

/** Partners of one status or of all, newest first within a status. One that cannot be read holds up none of the others; it is named. */
export const listPartners = async (list: {
  readonly filter: PartnerFilter;
  readonly after: string | undefined;
  readonly limit: number;
}): Promise<PartnerPage & { readonly unreadable: readonly string[] }> => {
  const { items, after } = await listByStatus({
    noun: 'partners',
    prefix: list.filter.status ? `${list.filter.status}#` : '',
    keep: (summary) => passes(list.filter, summary),
    after: list.after,
    descending: true,
    limit: list.limit,
  });
  const found = items.map((item) => parseOrLog(item) ?? item.pk);
  return {
    partners: found.filter((each) => typeof each !== 'string'),
    unreadable: found.filter((each) => typeof each === 'string'),
    after,
  };
};

/** The gate says to other nouns what the partner may do; it is there from the approval on. */
const gateWrites = (before: Partner | undefined, after: Partner): readonly Write[] => {
  if (!['approved', 'active', 'suspended', 'terminated'].includes(after.status)) return [];
  const told = ({ status, tier, types, region }: Partner): string => JSON.stringify([status, tier, types, region]);
  return before && told(before) === told(after)
    ? []
    : [setGate({ ...after, partnerId: after.id, domain: after.company.domain })];
};

const happening = (partner: Partner, type: string, intent: Intent) => ({
  type,
  intent,
  personalFields: personalPartnerFields,
  partnerId: partner.id,
});

/** An application that is ready to be written; `apply` decides what it becomes. */
export interface ApplicationEntry {
  readonly id: string;
  readonly apply: (terminatedBefore: boolean) => Partner;
  readonly intent: Intent;
  readonly byStaff: boolean;
}

const insert = async (entry: ApplicationEntry, afterTermination: boolean): Promise<Saved<Partner>> => {
  const partner = entry.apply(afterTermination);
  const type = partner.status === 'approved' ? 'partner.approved' : 'partner.applied';
  const { entity, event } = record(undefined, partner, happening(partner, type, entry.intent));
  const company = takeCompany({ partner: entity, byStaff: entry.byStaff, afterTermination });
  const writes: readonly Write[] = [company, insertNew(toItem(entity)), ...gateWrites(undefined, entity)];
  const outcome = await commit([event], writes).catch((error: unknown) => ownFirstTry(error, 'partnerId', entry));
  if (!outcome.replayed) return { replayed: false, entity };
  // What the event does not hold is found again as the first try found it.
  const source = outcome.event.changes.terminatedBefore === true ? entry.apply(true) : entity;
  return { replayed: true, entity: applyEvent(undefined, outcome.event, source) };
};

/** A repeat is answered as its first try was, even when the rules have changed since; what no first try did stays refused. */
const firstTryOr = async (refusal: unknown, { id, intent }: ApplicationEntry): Promise<Saved<Partner>> => {
  const [event] = refusal instanceof DomainError && refusal.kind === 'rule' ? await listEvents(id, 1, 1) : [];
  if (!event) throw refusal;
  if (event.bodyHash !== intent.bodyHash) throw keyReused();
  return { replayed: true, entity: await entityAt(await getPartner(id), 1) };
};

/**
 * Writes an application: one request whatever comes out, and a second one only where staff brings back a company whose
 * partnership was terminated. Throws `partner.duplicate`, `idempotency.*`.
 */
export const insertPartner = (entry: ApplicationEntry): Promise<Saved<Partner>> =>
  insert(entry, false).catch((error: unknown) => {
    if (terminatedBefore(error)) return insert(entry, true);
    return firstTryOr(error, entry);
  });

/**
 * The writes of a change: the partner at its version, its gate and its company's lock where they change, and the plan of a partner
 * that becomes active.
 */
export const changePartner = (
  before: Partner,
  after: Partner,
  about: {
    readonly type: string;
    readonly intent: Intent;
    readonly plan?: SuccessPlan;
    readonly payee?: PayeeChange | undefined;
  },
): NextState<Partner> => {
  const { entity, event } = record(before, after, happening(before, about.type, about.intent));
  const company = holdCompany(before, entity);
  const writes: readonly Write[] = [
    replaceAsRead(before, toItem(entity)),
    ...gateWrites(before, entity),
    ...(company ? [company] : []),
    ...(about.payee ? keepPayee(about.payee) : []),
    ...(about.plan
      ? [
          {
            write: 'insert' as const,
            item: { ...planKey(entity.id), kind: 'success-plan', ...about.plan },
            refuse: () => stale(undefined),
          },
        ]
      : []),
  ];
  return { entity, event, writes };
};
