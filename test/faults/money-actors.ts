import type { Caller } from '#shared/core/caller.ts';
import { quarterOf } from '#shared/core/quarters.ts';
import { admin, finance, manager, otherFinance, otherManager } from '#test/support/people.ts';
import {
  type Act,
  type Actor,
  actor,
  day,
  dayMs,
  inbox,
  listEvents,
  type Noted,
  noteDeal,
  pickFrom,
  type Stage,
  someDeal,
} from './actors.ts';
import { type Mark, marks, partnerOf, productLines, repsOf } from './people-of-a-history.ts';
import type { Reply } from './recording.ts';
import { aClaimOf, aPlan, aSmallDeal, documentIdsOf, usd } from './start-of-money.ts';

/** What people do about money: deals that are won and paid, funds asked for, claims, and whoever decides on them, at once. */
type Things = 'requests' | 'claims';

/** Notes what an answer says of a fund request or a claim, and of the decision that it waits for. */
const note = ({ known }: Stage, things: Things, mark: Mark, reply: Reply | undefined): void => {
  if (!reply || reply.status >= 300 || typeof reply.body.id !== 'string') return;
  const { id, status, awaits } = reply.body as { id: string; status: string; awaits?: { approvalId: string } };
  const before = known[things].get(id);
  known[things].set(id, {
    mark: before?.mark ?? mark,
    version: reply.version ?? before?.version ?? 1,
    status,
  });
  const isNew = awaits && before?.version !== reply.version && !known.approvals.has(awaits.approvalId);
  if (isNew) known.approvals.set(awaits.approvalId, 1);
};

/** Mostly one's own, in one of these states; sometimes anybody's, in any. */
const some = (
  { prng, known }: Stage,
  things: Things,
  about: { readonly mark: Mark; readonly in: readonly string[] },
): readonly [string, Noted] | undefined => {
  const all = [...known[things]];
  const fit = all.filter(([, { mark, status }]) => mark === about.mark && about.in.includes(status));
  return pickFrom(prng, fit.length > 0 || prng.chance(0.8) ? fit : all);
};

/** Whoever waits for others lets them go first for a while. */
export const letOthersGo = async ({ pause }: Stage, turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await pause();
};

const planOf = ({ prng, now }: Stage, mark: Mark) => {
  const from = day(now() + prng.int(6) * dayMs);
  const to = day(Date.parse(from) + prng.int(10) * dayMs);
  const amount = prng.pick([100_000, 150_000, 150_000, 200_000, 450_000, 600_000]);
  const plan = aPlan(`Webinar ${mark}`, { from, to, quarter: quarterOf(from, 1) });
  return { ...plan, expectedCost: usd(amount * 2), requestedAmount: usd(amount) };
};

const askForFunds: Act = async (stage, caller, mark) => {
  const body = planOf(stage, mark);
  note(stage, 'requests', mark, await stage.requester.request({ operation: 'submit-mdf-request', caller, body }));
};

/** Two ask at the same time for what may be there only once. */
const raceForFunds: Act = async (stage, caller, mark) => {
  const [, other = caller] = repsOf(mark);
  stage.beside(() => askForFunds(stage, other, mark).then(() => {}));
  await askForFunds(stage, caller, mark);
};

const claimOf = ({ prng, now }: Stage, mark: Mark) => {
  const amount = prng.pick([50_000, 100_000, 150_000, 300_000, 510_000, 550_000]);
  const ids = documentIdsOf(prng.chance(0.05) ? prng.pick(marks) : mark);
  const first = prng.int(ids.length);
  // The same twice, now and then.
  const second = (first + (prng.chance(0.05) ? 0 : 1 + prng.int(ids.length - 1))) % ids.length;
  const documents = [ids[first] ?? '', ids[second] ?? ''] as const;
  return aClaimOf(amount, { number: `R-${prng.int(20)}`, day: day(now()), documents });
};

const claim: Act = async (stage, caller, mark) => {
  const [requestId] = some(stage, 'requests', { mark, in: ['approved'] }) ?? [];
  if (!requestId) return;
  const wanted = { operation: 'submit-mdf-claim', caller, params: { requestId }, body: claimOf(stage, mark) } as const;
  // The other of the two sends the same at the same time.
  if (stage.prng.chance(0.3)) {
    const [, other = caller] = repsOf(mark);
    stage.beside(async () => note(stage, 'claims', mark, await stage.requester.request({ ...wanted, caller: other })));
  }
  note(stage, 'claims', mark, await stage.requester.request(wanted));
};

const claimAtTheEnd: Act = async (stage, caller, mark) => {
  const [requestId] = some(stage, 'requests', { mark, in: ['approved'] }) ?? [];
  if (!requestId) return;
  const params = { requestId };
  const seen = await stage.requester.request({ operation: 'get-mdf-request', caller, params });
  note(stage, 'requests', mark, seen);
  if (typeof seen?.body.claimUntil !== 'string') return;
  if (stage.prng.chance(0.5)) return;
  await stage.passTo(Date.parse(seen.body.claimUntil) - stage.prng.int(15_000));
  stage.beside(stage.sweep);
  const body = claimOf(stage, mark);
  note(stage, 'claims', mark, await stage.requester.request({ operation: 'submit-mdf-claim', caller, params, body }));
};

const dispute: Act = async (stage, caller, mark) => {
  const [claimId] = some(stage, 'claims', { mark, in: ['rejected', 'partially_approved'] }) ?? [];
  if (!claimId) return claim(stage, caller, mark);
  const wanted = { operation: 'dispute-mdf-claim', params: { claimId }, body: { reason: `No, ${mark}` } } as const;
  return note(stage, 'claims', mark, await stage.requester.request({ ...wanted, caller }));
};

const answer: Act = async (stage, caller, mark) => {
  const { requester, prng } = stage;
  const [claimId] = some(stage, 'claims', { mark, in: ['returned'] }) ?? [];
  const [requestId] = some(stage, 'requests', { mark, in: ['returned'] }) ?? [];
  if (claimId) {
    const again = { operation: 'resubmit-mdf-claim', params: { claimId }, body: claimOf(stage, mark) } as const;
    return note(stage, 'claims', mark, await requester.request({ ...again, caller }));
  }
  if (!requestId) return claim(stage, caller, mark);
  const params = { requestId };
  const reply = prng.chance(0.8)
    ? await requester.request({ operation: 'resubmit-mdf-request', caller, params, body: planOf(stage, mark) })
    : await requester.request({ operation: 'withdraw-mdf-request', caller, params, body: {} });
  return note(stage, 'requests', mark, reply);
};

const withdrawFunds: Act = async (stage, caller, mark) => {
  const [requestId] = some(stage, 'requests', { mark, in: ['submitted', 'returned'] }) ?? [];
  if (!requestId) return askForFunds(stage, caller, mark);
  const withdrawal = { operation: 'withdraw-mdf-request', params: { requestId }, body: {} } as const;
  return note(stage, 'requests', mark, await stage.requester.request({ ...withdrawal, caller }));
};

const lists = ['list-mdf-requests', 'list-mdf-claims', 'list-mdf-budgets', 'list-earnings'] as const;

const look: Act = async (stage, caller, mark) => {
  const { requester, prng } = stage;
  const operation = prng.pick(lists);
  const reply = await requester.request({ operation, caller, query: { limit: String(1 + prng.int(6)) } });
  if (reply?.status !== 200) return;
  const found = pickFrom(prng, reply.body.data as readonly { id: string }[]);
  if (operation === 'list-earnings' && found) {
    const params = { earningId: found.id };
    await requester.request({ operation: prng.pick(['get-earning', 'explain-earning']), caller, params });
  }
  const [claimId] = some(stage, 'claims', { mark, in: ['submitted', 'approved'] }) ?? [];
  if (!claimId || operation !== 'list-mdf-claims') return;
  note(stage, 'claims', mark, await requester.request({ operation: 'get-mdf-claim', caller, params: { claimId } }));
};

export const register: Act = async (stage, caller, mark) => {
  const { requester, prng, now } = stage;
  const deal = aSmallDeal(mark, `buyer-${prng.int(8)}.example`);
  const value = usd(prng.pick([999_999, 1_000_000, 1_500_001]));
  const expectedCloseDate = day(now() + 60 * dayMs);
  const body = { ...deal, productLine: prng.pick(productLines), value, expectedCloseDate };
  noteDeal(stage, mark, await requester.request({ operation: 'register-deal', caller, body }));
};

const dealIn = ({ prng, known }: Stage, status: string) =>
  pickFrom(
    prng,
    [...known.deals].filter(([, deal]) => deal.status === status),
  );

/** Staff wins a deal; a day may be named on which the customer pays. A partner only proposes it. */
export const win: Act = async (stage, caller, mark) => {
  const { requester, prng, now } = stage;
  const [dealId] = dealIn(stage, 'approved') ?? someDeal(stage, mark) ?? [];
  if (!dealId) return;
  const invoicePaidOn = prng.chance(0.5) ? { invoicePaidOn: day(now() + prng.pick([0, 1, 20]) * dayMs) } : {};
  const body = { outcome: 'won', closedOn: day(now()), ...invoicePaidOn };
  noteDeal(stage, mark, await requester.request({ operation: 'close-deal', caller, params: { dealId }, body }));
};

const attribute: Act = async (stage, caller, mark) => {
  const { requester, prng } = stage;
  const [dealId] = dealIn(stage, 'approved') ?? [];
  if (!dealId) return;
  const partnerId = partnerOf(prng.pick(marks));
  const body = { partnerId, role: 'influenced', evidence: 'They met.', sharePercent: prng.pick([0, 33]) };
  noteDeal(stage, mark, await requester.request({ operation: 'attribute-deal', caller, params: { dealId }, body }));
};

export const pay: Act = async (stage, caller, mark) => {
  const { requester, prng, now } = stage;
  const [dealId] = dealIn(stage, 'won') ?? someDeal(stage, mark) ?? [];
  if (!dealId) return;
  const body = { amount: usd(prng.pick([333_333, 333_333, 500_000, 999_999, 1_000_000])), paidOn: day(now()) };
  noteDeal(stage, mark, await requester.request({ operation: 'pay-deal', caller, params: { dealId }, body }));
};

export const refund: Act = async (stage, caller, mark) => {
  const { requester, prng, now } = stage;
  const [dealId] = dealIn(stage, 'won') ?? someDeal(stage, mark) ?? [];
  if (!dealId) return;
  const amount = usd(prng.pick([100_000, 333_333, 500_000, 1_000_000]));
  const what = prng.chance(0.15) ? { kind: 'churn' } : { kind: 'refund', amount };
  const body = { ...what, occurredOn: day(now()), reason: 'Because.' };
  noteDeal(stage, mark, await requester.request({ operation: 'refund-deal', caller, params: { dealId }, body }));
};

/** A month is told; whoever hears that it was told before corrects it, and sometimes somebody corrects what was never told. */
export const tellUsage: Act = async (stage, caller, mark) => {
  const { requester, prng, now } = stage;
  const [dealId] = dealIn(stage, 'won') ?? someDeal(stage, mark) ?? [];
  if (!dealId) return;
  const period = day(now()).slice(0, 'YYYY-MM'.length);
  const tell = async (corrects: boolean): Promise<Reply | undefined> => {
    const body = { period, amount: usd(prng.pick([0, 33_333, 100_000, 250_001])), corrects };
    const reply = await requester.request({ operation: 'report-usage', caller, params: { dealId }, body });
    noteDeal(stage, mark, reply);
    return reply;
  };
  const reply = await tell(prng.chance(0.1));
  if (reply?.body.code === 'deal.usage_reported') await tell(true);
};

const allocate: Act = ({ requester, prng, now }, caller) => {
  const quarter = quarterOf(day(now() + prng.pick([0, 60]) * dayMs), 1);
  const kind = prng.pick(['discretionary', 'discretionary', 'tier']);
  const body = { partnerId: partnerOf(prng.pick(marks)), quarter, kind, amount: usd(prng.pick([100_000, 200_000])) };
  return requester.request({ operation: 'allocate-mdf-budget', caller, body });
};

const clawBack: Act = async (stage, caller, mark) => {
  const paid = [...stage.known.claims].filter(([, { status }]) => /approved/.test(status));
  const [claimId] = pickFrom(stage.prng, paid) ?? [];
  if (!claimId) return look(stage, caller, mark);
  const wanted = { operation: 'claw-back-mdf-claim', params: { claimId }, body: { reason: 'It is false.' } } as const;
  return note(stage, 'claims', mark, await stage.requester.request({ ...wanted, caller }));
};

const seeBooks: Act = ({ requester, prng }, caller) =>
  requester.request({ operation: prng.pick(['get-trial-balance', 'list-journals']), caller });

const standing: Act = ({ requester, prng }, caller) => {
  const operation = prng.pick(['suspend-partner', 'reinstate-partner', 'reinstate-partner']);
  const params = { partnerId: partnerOf(prng.pick(marks)) };
  return requester.request({ operation, caller, params, body: { reason: 'Because.' } });
};

/** What a decision made of its subject is told to all. */
const tellAll = ({ known, prng }: Stage, approvalId: string, reply: Reply | undefined): void => {
  if (!reply?.version) return;
  known.approvals.set(approvalId, reply.version);
  const { subject, status } = reply.body as { subject?: { id: string }; status?: string };
  const thing = known.requests.get(subject?.id ?? '') ?? known.claims.get(subject?.id ?? '');
  if (status !== 'open' && prng.chance(0.8)) known.approvals.delete(approvalId);
  if (!subject || !thing || status === 'open') return;
  const decisions = reply.body.decisions as readonly { approvedAmount?: { amountMinor: number } }[];
  const amount = reply.body.amount as { amountMinor: number } | undefined;
  const isPart = status === 'approved' && decisions.at(-1)?.approvedAmount?.amountMinor !== amount?.amountMinor;
  const noted = { ...thing, version: thing.version + 1, status: isPart ? 'partially_approved' : String(status) };
  if (known.requests.has(subject.id)) known.requests.set(subject.id, { ...noted, status: String(status) });
  else known.claims.set(subject.id, noted);
};

const verdictOf = ({ prng }: Stage, approvalId: string) => {
  const isRun = approvalId.startsWith('apr_run');
  const outcome = prng.pick(['approve', 'approve', 'approve', 'approve', 'reject', isRun ? 'approve' : 'return']);
  const isPart = outcome === 'approve' && approvalId.startsWith('apr_clm') && prng.chance(0.4);
  return {
    outcome,
    ...(outcome === 'approve' ? {} : { reason: 'Because.' }),
    ...(isPart ? { approvedAmount: usd(prng.pick([1, 33_333, 50_000])) } : {}),
  };
};

export const decideOn =
  (mine: RegExp): Act =>
  async (stage, caller, mark) => {
    const { known, prng, requester } = stage;
    if (known.approvals.size === 0 || prng.chance(0.2)) await inbox(stage, caller, mark);
    const all = [...known.approvals];
    const fit = all.filter(([id]) => mine.test(id)).slice(-4);
    const [approvalId, version] = pickFrom(prng, fit.length > 0 && prng.chance(0.9) ? fit : all) ?? [];
    if (!approvalId || version === undefined) return;
    const body = verdictOf(stage, approvalId);
    const wanted = { operation: 'decide-approval', caller, params: { approvalId }, body } as const;
    let reply = await requester.request({ ...wanted, ifMatch: version });
    for (let tries = 0; tries < 3 && reply?.status === 404; tries += 1) {
      // It is being put.
      await letOthersGo(stage, 40);
      reply = await requester.request({ ...wanted, ifMatch: version });
    }
    // Mostly people know that something is decided.
    if (reply?.body.code === 'approval.closed' && prng.chance(0.8)) known.approvals.delete(approvalId);
    if (reply?.status === 412 && typeof reply.body.currentVersion === 'number')
      known.approvals.set(approvalId, reply.body.currentVersion);
    tellAll(stage, approvalId, reply);
    // Where it takes two, who was the first tries to be the second too.
    if (reply?.status === 200 && reply.body.status === 'open' && reply.version)
      tellAll(stage, approvalId, await requester.request({ ...wanted, ifMatch: reply.version }));
  };

const decideAsManager = decideOn(/^apr_(mdr|deal)/);
const decideAsFinance = decideOn(/^apr_(clm|mdr)/);

const ofReps = [
  askForFunds,
  askForFunds,
  raceForFunds,
  claim,
  claim,
  claim,
  claimAtTheEnd,
  dispute,
  dispute,
  answer,
  answer,
  withdrawFunds,
  look,
  register,
  register,
  win,
] as const;
const ofManagers = [
  decideAsManager,
  decideAsManager,
  decideAsManager,
  decideAsManager,
  decideAsManager,
  decideAsManager,
  win,
  win,
  win,
  attribute,
  pay,
  refund,
  look,
  standing,
] as const;
const ofFinance = [
  decideAsFinance,
  decideAsFinance,
  decideAsFinance,
  decideAsFinance,
  decideAsFinance,
  decideAsFinance,
  decideAsFinance,
  pay,
  pay,
  pay,
  refund,
  refund,
  tellUsage,
  tellUsage,
  tellUsage,
  tellUsage,
  allocate,
  clawBack,
  seeBooks,
  look,
] as const;

const person = (caller: Caller, mark: Mark, acts: readonly [Act, ...Act[]]): Actor => ({
  ...actor(caller.id, mark, [caller, acts]),
  acts: caller.kind !== 'anonymous' && caller.partnerId === undefined ? 4 : 2,
});

/** Eleven people: two of each partner, two partner managers, two of finance, and an administrator. */
export const moneyActors = (): readonly Actor[] => [
  ...marks.flatMap((mark) => repsOf(mark).map((caller) => person(caller, mark, ofReps))),
  person(manager, marks[0], ofManagers),
  person(otherManager, marks[1], ofManagers),
  person(finance, marks[2], ofFinance),
  person(otherFinance, marks[0], ofFinance),
  person(admin, marks[1], [decideAsManager, inbox, listEvents]),
];
