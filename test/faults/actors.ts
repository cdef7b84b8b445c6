import type { Caller } from '#shared/core/caller.ts';
import { admin, finance, manager, otherManager } from '#test/support/people.ts';
import { applicant, customers, type Mark, marks, partnerOf, productLines, repsOf } from './people-of-a-history.ts';
import type { Prng } from './prng.ts';
import type { Reply } from './recording.ts';
import type { Requester } from './requester.ts';
import { anApplication } from './start-of-a-history.ts';
import type { StripeOfAHistory } from './stripe-of-a-history.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** What everybody in a history has come to know, as people do: by answers. */
export interface Known {
  readonly deals: Map<
    string,
    { readonly mark: Mark; version: number; status: string; protectedUntil: string | undefined; readonly body: object }
  >;
  readonly approvals: Map<string, number>;
  readonly applications: Map<string, { statusToken: string; website: string }>;
  readonly requests: Map<string, Noted>;
  readonly claims: Map<string, Noted>;
  readonly runs: Map<string, { readonly status: string; readonly period: string }>;
  readonly payouts: Map<string, { readonly status: string; readonly runId: string; readonly provider: string }>;
  /** Ids of people who were given the role of finance a while ago. */
  readonly newcomers: string[];
}

/** A fund request or a claim as it was last heard of. */
export interface Noted {
  readonly mark: Mark;
  readonly version: number;
  readonly status: string;
}

export interface Stage {
  readonly requester: Requester;
  readonly prng: Prng;
  readonly now: () => number;
  readonly known: Known;
  /** Lets time pass until then. */
  readonly passTo: (ms: number) => Promise<void>;
  readonly sweep: () => Promise<void>;
  /** Another of the clock's works. */
  readonly schedule: (name: string) => Promise<void>;
  /** Where payouts may have gone. */
  readonly stripe: StripeOfAHistory;
  /** Waits for what others do; it may never happen. */
  readonly until: WaitingRoom['until'];
  /** Lets somebody else go on. */
  readonly pause: () => Promise<void>;
  /** Does it at the same time as what follows. */
  readonly beside: (work: () => Promise<void>) => void;
}

export type Act = (stage: Stage, caller: Caller, mark: Mark) => Promise<unknown>;

export const dayMs = 86_400_000;
export const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const pickFrom = <T>(prng: Prng, list: readonly T[]): T | undefined => list[prng.int(list.length)];

export const noteDeal = ({ known }: Stage, mark: Mark, reply: Reply | undefined): void => {
  if (!reply || reply.status >= 300 || typeof reply.body.id !== 'string') return;
  const before = known.deals.get(reply.body.id);
  const { customer, productLine, dealType, value, expectedCloseDate, contacts, sourceNotes } = reply.body;
  known.deals.set(reply.body.id, {
    mark: before?.mark ?? mark,
    version: reply.version ?? before?.version ?? 1,
    status: String(reply.body.status),
    protectedUntil: reply.body.status === 'approved' ? String(reply.body.protectedUntil) : undefined,
    body: before?.body ?? { customer, productLine, dealType, value, expectedCloseDate, contacts, sourceNotes },
  });
};

/** Mostly one's own, sometimes somebody else's. */
export const someDeal = ({ prng, known }: Stage, mark: Mark) => {
  const all = [...known.deals];
  const own = all.filter(([, deal]) => deal.mark === mark);
  return pickFrom(prng, own.length > 0 && prng.chance(0.85) ? own : all);
};

const registration = ({ prng, now }: Stage, mark: Mark) => ({
  customer: {
    companyName: `Customer ${mark}`,
    websiteUrl: `https://www.${prng.pick(customers)}`,
    countryCode: 'DE',
  },
  productLine: prng.pick(productLines),
  dealType: 'new',
  value: { amountMinor: prng.pick([1_000_000, 5_000_000, 5_000_000, 20_000_000]), currency: 'USD' },
  expectedCloseDate: day(now() + 60 * dayMs),
  contacts: [{ firstName: 'Carl', lastName: mark, email: `carl@${mark}.example` }],
  sourceNotes: `Notes ${mark}`,
});

const register: Act = async (stage, caller, mark) => {
  const body = registration(stage, mark);
  noteDeal(stage, mark, await stage.requester.request({ operation: 'register-deal', caller, body }));
};

const check: Act = ({ requester, prng }, caller) => {
  const body = { websiteUrl: `https://${prng.pick(customers)}`, productLine: prng.pick(productLines) };
  return requester.request({ operation: 'check-deal', caller, body });
};

const listDeals: Act = ({ requester, prng }, caller) => {
  const status = prng.pick(['submitted', 'approved', 'expired', 'withdrawn', undefined]);
  const query = { limit: String(1 + prng.int(4)), ...(status ? { status } : {}) };
  return requester.request({ operation: 'list-deals', caller, query });
};

const onDeal =
  (
    operation: 'get-deal' | 'extend-deal' | 'withdraw-deal' | 'close-deal' | 'update-deal',
    bodyOf: (stage: Stage, mark: Mark) => unknown,
  ): Act =>
  async (stage, caller, mark) => {
    const [dealId, deal] = someDeal(stage, mark) ?? [];
    if (!dealId || !deal) return;
    const body = bodyOf(stage, deal.mark);
    const seen = operation === 'update-deal' || (operation !== 'get-deal' && stage.prng.chance(0.2));
    const reply = await stage.requester.request({
      operation,
      caller,
      params: { dealId },
      ...(body === undefined ? {} : { body }),
      ...(seen ? { ifMatch: deal.version } : {}),
    });
    noteDeal(stage, mark, reply);
  };

const get = onDeal('get-deal', () => undefined);
const extend = onDeal('extend-deal', (_, mark) => ({ progressNotes: `Progress ${mark}` }));
const withdraw = onDeal('withdraw-deal', () => ({}));
const close = onDeal('close-deal', ({ prng, now }, mark) => {
  const outcome = prng.pick(['won', 'lost']);
  return { outcome, closedOn: day(now()), ...(outcome === 'lost' ? { lossReason: `Lost ${mark}` } : {}) };
});
const update = onDeal('update-deal', ({ prng }, mark) => ({ notes: `Note ${prng.int(100)} ${mark}` }));

const resubmit: Act = async (stage, caller, mark) => {
  const [dealId, deal] = someDeal(stage, mark) ?? [];
  if (!dealId || !deal) return;
  const { customer, ...rest } = deal.body as {
    customer: { companyName: string; websiteUrl: string; countryCode: string };
  };
  const { companyName, websiteUrl, countryCode } = customer;
  const body = { ...rest, customer: { companyName, websiteUrl, countryCode } };
  noteDeal(
    stage,
    mark,
    await stage.requester.request({ operation: 'resubmit-deal', caller, params: { dealId }, body }),
  );
};

const approvedOf = ({ prng, known }: Stage, mark: Mark) =>
  pickFrom(
    prng,
    [...known.deals].filter(([, deal]) => deal.mark === mark && deal.protectedUntil),
  );

/** An extension, a sweep, and another partner who wants the customer, all in the last seconds of a deal's protection. */
const atTheEnd: Act = async (stage, caller, mark) => {
  const { requester, prng } = stage;
  if (!approvedOf(stage, mark)) {
    const body = { ...registration(stage, mark), value: { amountMinor: 1_000_000, currency: 'USD' } };
    noteDeal(stage, mark, await requester.request({ operation: 'register-deal', caller, body }));
  }
  const [dealId, deal] = approvedOf(stage, mark) ?? [];
  const [other, ...more] = marks.filter((it) => it !== mark);
  const rival = prng.pick([other ?? mark, ...more]);
  const [competitor] = repsOf(rival);
  if (!dealId || !deal?.protectedUntil || !competitor) return;
  const { customer, productLine } = deal.body as { customer: { domain: string }; productLine: string };
  await stage.passTo(Date.parse(deal.protectedUntil) - prng.int(15_000));
  const extension = { params: { dealId }, body: { progressNotes: `Progress ${mark}` } };
  stage.beside(async () => {
    await requester.request({ operation: 'extend-deal', caller, ...extension });
  });
  if (prng.chance(0.5)) stage.beside(stage.sweep);
  const wanted = registration(stage, rival);
  const websiteUrl = `https://www.${customer.domain}`;
  const body = { ...wanted, productLine, customer: { ...wanted.customer, websiteUrl } };
  noteDeal(stage, rival, await requester.request({ operation: 'register-deal', caller: competitor, body }));
};

export const listEvents: Act = (stage, caller, mark) => {
  const subject = someDeal(stage, mark)?.[0] ?? partnerOf(mark);
  return stage.requester.request({ operation: 'list-events', caller, query: { subject } });
};

const seePartner: Act = ({ requester, prng }, caller, mark) => {
  const partnerId = partnerOf(prng.chance(0.7) ? mark : prng.pick(marks));
  if (prng.chance(0.5)) return requester.request({ operation: 'get-partner', caller, params: { partnerId } });
  const query = { limit: '2', ...(prng.chance(0.5) ? { status: 'active' } : {}) };
  return requester.request({ operation: 'list-partners', caller, query });
};

export const inbox: Act = async (stage, caller) => {
  const query = { limit: '5', ...(stage.prng.chance(0.6) ? { status: 'open' } : {}) };
  const reply = await stage.requester.request({ operation: 'list-approvals', caller, query });
  if (reply?.status !== 200) return;
  for (const row of reply.body.data as { id: string; version: number }[])
    stage.known.approvals.set(row.id, row.version);
};

const decide: Act = async (stage, caller, mark) => {
  if (stage.known.approvals.size === 0 || stage.prng.chance(0.3)) await inbox(stage, caller, mark);
  const [approvalId, version] = pickFrom(stage.prng, [...stage.known.approvals]) ?? [];
  if (!approvalId || version === undefined) return;
  const outcome = stage.prng.pick(['approve', 'approve', 'approve', 'reject', 'return']);
  const body = { outcome, ...(outcome === 'approve' ? {} : { reason: 'Because.' }) };
  const wanted = { operation: 'decide-approval', caller, params: { approvalId }, body } as const;
  const reply = await stage.requester.request({ ...wanted, ifMatch: version });
  if (reply?.version) stage.known.approvals.set(approvalId, reply.version);
  // Where it takes two, who was the first tries to be the second too.
  if (reply?.status === 200 && reply.body.status === 'open' && reply.version)
    await stage.requester.request({ ...wanted, ifMatch: reply.version });
};

/** Staff registers for a partner, and so may not decide on it: which it tries as soon as there is something to decide. */
const registerFor: Act = async (stage, caller) => {
  const mark = stage.prng.pick(marks);
  const body = { ...registration(stage, mark), partnerId: partnerOf(mark) };
  const reply = await stage.requester.request({ operation: 'register-deal', caller, body });
  noteDeal(stage, mark, reply);
  const { approvalId } = (reply?.body.awaits ?? {}) as { readonly approvalId?: string };
  if (approvalId === undefined) return;
  stage.known.approvals.set(approvalId, 1);
  for (let tries = 0; tries < 2; tries += 1) {
    const own = { params: { approvalId }, body: { outcome: 'approve' }, ifMatch: 1 };
    const answer = await stage.requester.request({ operation: 'decide-approval', caller, ...own });
    if (answer?.status !== 404) return;
  }
};

const standing: Act = ({ requester, prng }, caller) => {
  const operation = prng.pick(['suspend-partner', 'reinstate-partner', 'reinstate-partner']);
  return requester.request({
    operation,
    caller,
    params: { partnerId: partnerOf(prng.pick(marks)) },
    body: { reason: 'Because.' },
  });
};

const recordAccount: Act = ({ requester, prng }, caller) => {
  const body = {
    companyName: 'Known',
    websiteUrl: `https://${prng.pick(customers)}`,
    openOpportunity: prng.chance(0.5),
  };
  return requester.request({ operation: 'record-known-account', caller, body });
};

const apply: Act = async ({ requester, prng, known }, caller) => {
  const website = `applicant-${prng.int(3)}.example`;
  const body = anApplication('mark-applicant', website, 'reseller');
  const reply = await requester.request({ operation: 'apply-partner', caller, body });
  if (reply?.status === 201)
    known.applications.set(String(reply.body.id), { statusToken: String(reply.body.statusToken), website });
};

const followApplication: Act = ({ requester, prng, known }, caller) => {
  const [partnerId, application] = pickFrom(prng, [...known.applications]) ?? [];
  if (!partnerId || !application) return Promise.resolve();
  const { statusToken, website } = application;
  const params = { partnerId };
  if (prng.chance(0.5))
    return requester.request({ operation: 'get-application', caller, params, query: { statusToken } });
  const body = { ...anApplication('mark-applicant', website, 'reseller'), statusToken };
  return requester.request({ operation: 'resubmit-application', caller, params, body });
};

const ofReps = [
  register,
  register,
  register,
  register,
  check,
  listDeals,
  get,
  update,
  extend,
  close,
  withdraw,
  resubmit,
  atTheEnd,
  atTheEnd,
  listEvents,
  seePartner,
] as const;
const ofManagers = [
  decide,
  decide,
  decide,
  decide,
  decide,
  inbox,
  registerFor,
  registerFor,
  registerFor,
  standing,
  recordAccount,
  listDeals,
  close,
  update,
  seePartner,
] as const;
const ofAdmins = [decide, recordAccount, listDeals, inbox, listEvents, seePartner] as const;
const ofApplicants = [apply, apply, followApplication] as const;

export interface Actor {
  readonly name: string;
  readonly act: (stage: Stage) => Promise<unknown>;
  /** How much it does at least. */
  readonly acts: number;
}

export const actor = (
  name: string,
  mark: Mark,
  [caller, acts]: readonly [Caller, readonly [Act, ...Act[]]],
): Actor => ({
  name,
  acts: 1,
  act: (stage) => stage.prng.pick(acts)(stage, caller, mark),
});

/** Eleven people: two of each partner, two partner managers, an administrator, finance, and somebody who applies. */
export const actors = (): readonly Actor[] => [
  ...marks.flatMap((mark) => repsOf(mark).map((caller) => actor(caller.id, mark, [caller, ofReps]))),
  actor('manager', marks[0], [manager, ofManagers]),
  actor('other manager', marks[1], [otherManager, ofManagers]),
  actor('admin', marks[2], [admin, ofAdmins]),
  actor('finance', marks[2], [finance, [listDeals, inbox, seePartner]]),
  actor('applicant', marks[0], [applicant, ofApplicants]),
];
