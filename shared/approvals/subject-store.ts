import type { Awaited } from '#shared/core/awaited.ts';
import type { Intent, StoredEvent } from '#shared/core/history.ts';
import type { Deal } from '#shared/deals/deal.ts';
import type { Terms } from '#shared/deals/deal-registration.ts';
import { changeDeal, dealFrom, dealKey, listDeals } from '#shared/deals/deal-store.ts';
import { listWaitingBonuses } from '#shared/earnings/bonus-store.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { changeEarning, earningFrom, findEarningKey } from '#shared/earnings/earning-store.ts';
import type { Claim, ClaimStatus } from '#shared/mdf/claim.ts';
import { listClaims } from '#shared/mdf/claim-list-store.ts';
import { changeClaim, claimFrom, claimKey } from '#shared/mdf/claim-store.ts';
import type { FundRequest } from '#shared/mdf/fund-request.ts';
import { requestKey } from '#shared/mdf/request-deal-store.ts';
import { listRequests } from '#shared/mdf/request-list-store.ts';
import { changeRequest, requestFrom } from '#shared/mdf/request-store.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { changePartner, listPartners, partnerFrom, partnerKey } from '#shared/partners/partner-store.ts';
import type { Run } from '#shared/payouts/run.ts';
import { changeRun, listRuns, runFrom, runKey } from '#shared/payouts/run-store.ts';
import { type Item, type Key, read, type Write } from '#shared/platform/table.ts';
import { type Approval, type SubjectType, subjectTypes } from './approval.ts';
import { approvalFrom, approvalKey } from './approval-store.ts';

/**
 * What decisions are about. The last required decision and its effect are one transaction, so this is where the approvals noun
 * meets the stores of others.
 *
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | an approval and its subject | table | the keys of both, in one request |
 * | subjects that wait for a decision | byStatus | `deals#…`, `submitted#` and `approved#` with a proposed close; `partners#…`, `applied#`; `mdf-requests#…`, `submitted#`; `mdf-claims#…`, `submitted#` and what is disputed; `earnings#…`, `submitted#` |
 * | where an earning stands, of which only the id is known | table | its first event |
 */
export interface Entities {
  readonly partner: Partner;
  readonly deal: Deal;
  readonly mdf_request: FundRequest;
  readonly mdf_claim: Claim;
  readonly earning: Earning;
  readonly payout_run: Run;
}

export interface SubjectOf<T extends SubjectType> {
  readonly type: T;
  readonly entity: Entities[T];
}
export type Subject = { readonly [T in SubjectType]: SubjectOf<T> }[SubjectType];

/** A subject's next state, ready to be written with the decision that led to it. */
export interface SubjectChange {
  readonly event: StoredEvent;
  readonly writes: readonly Write[];
}

export interface About {
  readonly intent: Intent;
  readonly terms: Terms;
}

interface Waiting<Entity> {
  readonly entities: readonly Entity[];
  readonly after: string | undefined;
}

/** What the approvals noun has to know of one type of subjects. */
interface Row<Entity> {
  /** What its ids begin with. */
  readonly prefix: string;
  readonly keyOf: (id: string) => Key | Promise<Key>;
  readonly parse: (item: Item | undefined) => Entity | undefined;
  /** Undefined where it is about many. */
  readonly partnerIdOf: (entity: Entity) => string | undefined;
  readonly change: (before: Entity, after: Entity, about: About & { readonly type: string }) => SubjectChange;
  /** Lists of those that wait for a decision, page by page. */
  readonly waiting: readonly ((after: string | undefined) => Promise<Waiting<Entity>>)[];
}

const limit = 100;

const waitingDeals =
  (status: 'submitted' | 'approved') =>
  async (after: string | undefined): Promise<Waiting<Deal>> => {
    const page = await listDeals({ status, waiting: true, after, limit });
    return { entities: page.deals, after: page.after };
  };

const waitingClaims =
  (status: ClaimStatus) =>
  async (after: string | undefined): Promise<Waiting<Claim>> => {
    const page = await listClaims({ status, waiting: true }, { after, limit });
    return { entities: page.claims, after: page.after };
  };

const rows: { readonly [T in SubjectType]: Row<Entities[T]> } = {
  partner: {
    prefix: 'ptr_',
    keyOf: partnerKey,
    parse: partnerFrom,
    partnerIdOf: ({ id }) => id,
    change: changePartner,
    waiting: [
      async (after) => {
        const page = await listPartners({ filter: { status: 'applied' }, after, limit });
        return { entities: page.partners, after: page.after };
      },
    ],
  },
  deal: {
    prefix: 'deal_',
    keyOf: dealKey,
    parse: dealFrom,
    partnerIdOf: ({ partnerId }) => partnerId,
    change: changeDeal,
    waiting: [waitingDeals('submitted'), waitingDeals('approved')],
  },
  mdf_request: {
    prefix: 'mdr_',
    keyOf: requestKey,
    parse: (item) => requestFrom(item)?.request,
    partnerIdOf: ({ partnerId }) => partnerId,
    change: changeRequest,
    waiting: [
      async (after) => {
        const page = await listRequests({ status: 'submitted', waiting: true }, { after, limit });
        return { entities: page.requests.map(({ request }) => request), after: page.after };
      },
    ],
  },
  mdf_claim: {
    prefix: 'clm_',
    keyOf: claimKey,
    parse: claimFrom,
    partnerIdOf: ({ partnerId }) => partnerId,
    change: changeClaim,
    // Those that were decided on wait when they are disputed.
    waiting: [waitingClaims('submitted'), waitingClaims('rejected'), waitingClaims('partially_approved')],
  },
  earning: {
    prefix: 'ern_',
    keyOf: findEarningKey,
    parse: earningFrom,
    partnerIdOf: ({ partnerId }) => partnerId,
    change: (before, after, { intent }) => changeEarning(before, after, intent),
    waiting: [(after) => listWaitingBonuses(after, limit)],
  },
  payout_run: {
    prefix: 'run_',
    keyOf: runKey,
    parse: runFrom,
    partnerIdOf: () => undefined,
    change: changeRun,
    waiting: [
      async (after) => {
        const page = await listRuns({ status: 'awaiting_approval' }, { after, limit });
        return { entities: page.runs, after: page.after };
      },
    ],
  },
};

/** The type of a subject by its id; what no row knows is asked for as a deal, and is not there. */
const typeOf = (subjectId: string): SubjectType =>
  subjectTypes.find((type) => subjectId.startsWith(rows[type].prefix)) ?? 'deal';

const keyOf = async (subjectId: string): Promise<Key> => rows[typeOf(subjectId)].keyOf(subjectId);

const parseAs = <T extends SubjectType>(type: T, item: Item | undefined): SubjectOf<T> | undefined => {
  const entity = rows[type].parse(item);
  return entity && { type, entity };
};

const subjectFrom = (subjectId: string, item: Item | undefined): Subject | undefined =>
  // What is parsed as a type is a subject of that type, whichever it is.
  parseAs(typeOf(subjectId), item) as Subject | undefined;

export const awaitedBy = (subject: Subject): Awaited | undefined => subject.entity.awaits;

const partnerOf = <T extends SubjectType>({ type, entity }: SubjectOf<T>): string | undefined =>
  rows[type].partnerIdOf(entity);
export const partnerIdOf = (subject: Subject): string | undefined => partnerOf(subject);

export const readSubject = async (subjectId: string): Promise<Subject | undefined> => {
  const [item] = await read([await keyOf(subjectId)]);
  return subjectFrom(subjectId, item);
};

interface Both {
  readonly approval: Approval | undefined;
  readonly subject: Subject | undefined;
}

const readOnce = async (approvalId: string, subjectId: string): Promise<Both> => {
  const [approval, subject] = await read([approvalKey(approvalId), await keyOf(subjectId)]);
  return { approval: approvalFrom(approval), subject: subjectFrom(subjectId, subject) };
};

/**
 * Reads an approval together with its subject; either may be missing. They come in one answer, but each as of its own moment: a
 * decision in between shows on the subject alone, so what does not fit together is read once more.
 */
export const readBoth = async (approvalId: string, subjectId: string): Promise<Both> => {
  const both = await readOnce(approvalId, subjectId);
  const { approval, subject } = both;
  const fits = approval?.status !== 'open' || !subject || awaitedBy(subject)?.approvalId === approvalId;
  return fits ? both : readOnce(approvalId, subjectId);
};

const listWaitingOf = async <T extends SubjectType>(type: T): Promise<readonly SubjectOf<T>[]> => {
  const found: SubjectOf<T>[] = [];
  for (const listPage of rows[type].waiting) {
    let after: string | undefined;
    do {
      const page = await listPage(after);
      found.push(...page.entities.map((entity) => ({ type, entity })));
      after = page.after;
    } while (after !== undefined);
  }
  return found;
};

/** Every subject that waits for a decision, of every type. */
export const listWaiting = async (): Promise<readonly Subject[]> => {
  const found: Subject[] = [];
  // Each list holds subjects of its own type, so each member is a subject.
  for (const type of subjectTypes) found.push(...((await listWaitingOf(type)) as readonly Subject[]));
  return found;
};

type CommonFields = { readonly needsAttention: string | undefined } | { readonly awaits: Awaited };

/** A change that all types of subjects know, by its event's last word. */
const changeSubject = <T extends SubjectType>(
  { type, entity }: SubjectOf<T>,
  fields: CommonFields,
  about: About & { readonly happened: string },
): SubjectChange => {
  const { happened, intent, terms } = about;
  return rows[type].change(entity, { ...entity, ...fields }, { type: `${type}.${happened}`, intent, terms });
};

/** The subject marked for a person, with the reason, or no more; nothing else about it changes. */
export const markSubject = (subject: Subject, needsAttention: string | undefined, about: About): SubjectChange =>
  changeSubject(subject, { needsAttention }, { ...about, happened: needsAttention ? 'marked' : 'unmarked' });

/** Another execution will be started for what the subject waits for. */
export const askAgain = (subject: Subject, awaits: Awaited, about: About): SubjectChange =>
  changeSubject(subject, { awaits: { ...awaits, attempt: awaits.attempt + 1 } }, { ...about, happened: 'asked_again' });
