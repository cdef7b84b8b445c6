import type { Caller } from '#shared/core/caller.ts';
import { addMonths } from '#shared/core/time.ts';
import { aCamt053, aPain002 } from '#test/payouts/a-bank-answer.ts';
import { signatureOf } from '#test/payouts/stripe-books.ts';
import { admin, adminOf, finance, manager, otherFinance, repOf } from '#test/support/people.ts';
import { type Act, type Actor, actor, day, dayMs, listEvents, pickFrom, type Stage } from './actors.ts';
import { decideOn, letOthersGo, pay, refund, register, tellUsage, win } from './money-actors.ts';
import { applicant, type Mark, marks, partnerOf } from './people-of-a-history.ts';
import type { Reply } from './recording.ts';
import { usd } from './start-of-money.ts';
import { payeesOf, thirdFinance } from './start-of-payouts.ts';
import type { Statuses } from './waiting-room.ts';

/** What people do about payouts: several start runs, approve, reject and resolve them, while accounts change and lines are disputed. */
const noteRun = ({ known }: Stage, reply: Reply | undefined): void => {
  if (!reply || reply.status >= 300) return;
  const { id, status, period } = reply.body as { id: string; status: string; period: string };
  known.runs.set(id, { status, period });
};

const monthBefore = (ms: number, months: number): string =>
  addMonths(`${day(ms).slice(0, 7)}-01`, -months).slice(0, 'YYYY-MM'.length);

/** Mostly the last month; else one before, a day, or what has not ended. Whoever started it likes to approve it too. */
const startRun: Act = async (stage, caller) => {
  const { requester, prng, now } = stage;
  const last = monthBefore(now(), 1);
  const period = prng.pick([last, last, last, last, monthBefore(now(), 2), day(now() - dayMs), day(now())]);
  const reply = await requester.request({ operation: 'start-payout-run', caller, body: { period } });
  noteRun(stage, reply);
  if (reply?.status !== 201 || prng.chance(0.6)) return;
  const approvalId = `apr_${reply.body.id}_1`;
  const own = { operation: 'decide-approval', caller, params: { approvalId }, body: { outcome: 'approve' } } as const;
  await stage.until((statuses) => statuses.has(`${approvalId} approval`));
  await requester.request({ ...own, ifMatch: 1 });
};

const decide = decideOn(/^apr_(run|ern)/);
const decideOnAnyRun = decideOn(/^apr_run/);

/** Mostly one waits until there is something to decide. */
const decideOnRun: Act = async (stage, caller, mark) => {
  const { prng, known, until } = stage;
  if (prng.chance(0.8)) {
    const isOpen = ([key, status]: readonly [string, string]) => key.startsWith('apr_run_') && status === 'open';
    await until((statuses) => {
      const approvals = [...statuses].filter(isOpen).map(([key]) => key.split(' ')[0] ?? '');
      for (const id of approvals) if (!known.approvals.has(id)) known.approvals.set(id, 1);
      return approvals.length > 0;
    });
  }
  await decideOnAnyRun(stage, caller, mark);
};

/** Whoever was made finance a moment ago tries at once. */
const decideAsNewcomer: Act = (stage, caller, mark) => {
  const id = pickFrom(stage.prng, stage.known.newcomers);
  return id === undefined ? decideOnRun(stage, caller, mark) : decideOnRun(stage, { ...finance, id }, mark);
};

const invite: Act = async ({ requester, prng, known }, caller) => {
  const body = { email: `new-${prng.int(3)}@staff.example`, role: 'finance' };
  const reply = await requester.request({ operation: 'invite-user', caller, body });
  if (reply?.status === 201) known.newcomers.push(String(reply.body.id));
};

interface SeenPayout {
  readonly id: string;
  readonly status: string;
  readonly runId: string;
  readonly provider: string;
  /** None of what was released and then carried. */
  readonly amount?: { readonly amountMinor: number };
}

/** What a run has to pay, as far as one page of it tells. */
const seePayouts = async (stage: Stage, caller: Caller): Promise<readonly SeenPayout[]> => {
  const { requester, prng, known } = stage;
  const runId = pickFrom(prng, [...known.runs.keys()]);
  const query = { limit: '10', ...(runId ? { runId } : {}) };
  const reply = await requester.request({ operation: 'list-payouts', caller, query });
  if (reply?.status !== 200) return [];
  const seen = reply.body.data as readonly SeenPayout[];
  for (const { id, ...payout } of seen) {
    known.payouts.set(id, payout);
    // What the clock started is found as well.
    if (!known.runs.has(payout.runId)) known.runs.set(payout.runId, { status: '', period: '' });
  }
  return seen;
};

/** People look where the money is: at Stripe; at their own bank, where every fourth payment by hand fails. */
const outcomeOf = ({ stripe, known }: Stage, payoutId: string): 'paid' | 'failed' => {
  const isStripe = known.payouts.get(payoutId)?.provider === 'stripe';
  if (!isStripe) return /[0-7]$/.test(payoutId) ? 'failed' : 'paid';
  const arrived = stripe
    .made()
    .some(({ transfer, isForeign }) => transfer.transfer_group === payoutId && !isForeign && !transfer.reversed);
  return arrived ? 'paid' : 'failed';
};

/** Whether there is a payout that somebody has been told to pay. */
const isUnderWay = (statuses: Statuses): boolean =>
  [...statuses].some(([key, status]) => key.includes(' statement#') && (status === 'sent' || status === 'unknown'));

/** One says what became of a payout; mostly another one is asked to confirm it at once, and sometimes the first tries that. */
const resolve: Act = async (stage, caller) => {
  const { requester, prng, known, until } = stage;
  if (prng.chance(0.8)) await until(isUnderWay);
  await seePayouts(stage, caller);
  const open = [...known.payouts].filter(
    ([, { status, provider }]) => status === 'unknown' || (status === 'sent' && provider === 'manual'),
  );
  const payoutId = pickFrom(
    prng,
    (open.length > 0 ? open : [...known.payouts]).map(([id]) => id),
  );
  if (payoutId === undefined) return;
  const outcome = outcomeOf(stage, payoutId);
  const wanted = { operation: 'resolve-payout', params: { payoutId }, body: { outcome, reason: 'Seen.' } } as const;
  const first = await requester.request({ ...wanted, caller });
  if (first?.status !== 202) return;
  const second = prng.chance(0.2) ? caller : prng.pick([finance, otherFinance, thirdFinance]);
  await requester.request({ ...wanted, caller: second });
};

/** What a bank says of each payment: by the file or by the day's statement, which also tells what came back. */
const bankAnswer = async (stage: Stage, caller: Caller): Promise<string> => {
  const { prng } = stage;
  if (prng.chance(0.8)) await stage.until(isUnderWay);
  const payouts = await seePayouts(stage, caller);
  if (prng.chance(0.6)) {
    const payments = payouts.map(({ id }) => [id, prng.pick(['ACSC', 'ACSC', 'ACSC', 'RJCT', 'PDNG'])] as const);
    return aPain002({ payments });
  }
  return aCamt053(
    payouts.map(({ id: reference, amount: asked }) => {
      // Now and then something else was booked than what was asked for.
      const amount = (((asked?.amountMinor ?? 0) + (prng.chance(0.1) ? 1 : 0)) / 100).toFixed(2);
      const booked = { reference, amount };
      return prng.chance(0.8)
        ? { ...booked, direction: 'DBIT' as const }
        : { ...booked, direction: 'CRDT' as const, returned: 'AC04' };
    }),
  );
};

const answerRun: Act = async (stage, caller) => {
  const content = await bankAnswer(stage, caller);
  const runId = pickFrom(stage.prng, [...stage.known.runs.keys()]);
  if (runId === undefined) return;
  const wanted = { operation: 'answer-payout-run', params: { runId }, body: { content } } as const;
  // The same answer comes by mail and by download.
  if (stage.prng.chance(0.3))
    stage.beside(async () => void (await stage.requester.request({ ...wanted, caller: otherFinance })));
  await stage.requester.request({ ...wanted, caller });
};

/** Stripe tells what it has, when it likes, as often as it likes; and takes something back. */
const tell: Act = async ({ requester, stripe, prng }) => {
  const transfer = pickFrom(prng, stripe.all());
  if (!transfer) return;
  const takesBack = prng.chance(0.15);
  const object = takesBack ? stripe.takeBack(transfer) : transfer;
  const body = {
    id: `evt_${prng.int(1_000_000)}`,
    object: 'event',
    type: takesBack ? 'transfer.reversed' : 'transfer.created',
    data: { object },
  };
  const signedAt = (at: string) => ({ 'stripe-signature': signatureOf(JSON.stringify(body), at) });
  await requester.request({ operation: 'receive-stripe-event', caller: applicant, body, signedAt });
};

const changePayeeAs = async ({ requester, prng }: Stage, caller: Caller, mark: Mark): Promise<void> => {
  const params = { partnerId: partnerOf(mark) };
  const seen = await requester.request({ operation: 'get-partner', caller, params });
  if (!seen?.version) return;
  const body = { payee: prng.pick(payeesOf(mark)) };
  await requester.request({ operation: 'update-partner', caller, params, body, ifMatch: seen.version });
};

const changePayee: Act = (stage, caller, mark) => changePayeeAs(stage, caller, mark);

/** Somebody of finance was a partner's administrator until yesterday, and holds on to the session. */
const changePayeeAndDecide: Act = async (stage, caller, mark) => {
  const before: Caller = { ...adminOf(partnerOf(mark)), id: caller.id };
  await changePayeeAs(stage, before, mark);
  await letOthersGo(stage, 20);
  await decideOnRun(stage, caller, mark);
};

const dispute: Act = async ({ requester, prng }, caller) => {
  const seen = await requester.request({ operation: 'list-earnings', caller, query: { limit: '10' } });
  if (seen?.status !== 200) return;
  const lines = seen.body.data as readonly { id: string; amount: { amountMinor: number } }[];
  const line = pickFrom(prng, lines);
  if (!line) return;
  const expectedAmount = prng.chance(0.5) ? { expectedAmount: usd(line.amount.amountMinor + 12_345) } : {};
  const body = { reason: 'It is wrong.', ...expectedAmount };
  await requester.request({ operation: 'dispute-earning', caller, params: { earningId: line.id }, body });
};

const grantBonus: Act = ({ requester, prng }, caller) => {
  const body = {
    partnerId: partnerOf(prng.pick(marks)),
    kind: 'bonus',
    amount: usd(prng.pick([3_000, 40_000, 90_001])),
    reason: 'Because.',
  };
  return requester.request({ operation: 'submit-bonus', caller, body });
};

const look: Act = async (stage, caller, mark) => {
  const { requester, prng, now, known } = stage;
  const limit = String(1 + prng.int(6));
  switch (prng.pick(['earnings', 'payouts', 'statements', 'statement', 'run'])) {
    case 'earnings':
      return requester.request({ operation: 'list-earnings', caller, query: { limit } });
    case 'payouts':
      return requester.request({ operation: 'list-payouts', caller, query: { limit } });
    case 'statements':
      return requester.request({ operation: 'list-statements', caller });
    case 'statement': {
      const params = { partnerId: partnerOf(mark), period: monthBefore(now(), 1 + prng.int(2)) };
      return requester.request({ operation: 'get-statement', caller, params });
    }
    case 'run': {
      const runId = pickFrom(prng, [...known.runs.keys()]);
      if (!runId) return;
      noteRun(stage, await requester.request({ operation: 'get-payout-run', caller, params: { runId } }));
    }
  }
};

/** A month goes by, so that there is something to pay. */
const nextMonth: Act = async (stage, caller, mark) => {
  if (stage.prng.chance(0.4)) await stage.passTo(stage.now() + (20 + stage.prng.int(15)) * dayMs);
  await startRun(stage, caller, mark);
};

const ofReps = [look, dispute, register] as const;
const ofAdmins = [look, look, dispute, changePayee] as const;
const ofManagers = [win, pay, refund, refund, look] as const;
const ofFinance = [
  ...[startRun, nextMonth, nextMonth, decide, decide, decideAsNewcomer, changePayeeAndDecide],
  ...[pay, refund, tellUsage, grantBonus, look],
] as const;
const ofResolvers = [resolve, resolve, answerRun] as const;

const busy = (
  caller: Caller,
  mark: Mark,
  about: { readonly acts: number; readonly can: readonly [Act, ...Act[]] },
) => ({
  ...actor(caller.id, mark, [caller, about.can]),
  acts: about.acts,
});

/** Eleven people and Stripe: two of each partner, a partner manager, three of finance who do several things at once, an administrator. */
export const payoutActors = (): readonly Actor[] => [
  ...marks.flatMap((mark) => [
    busy(repOf(partnerOf(mark)), mark, { acts: 1, can: ofReps }),
    busy(adminOf(partnerOf(mark)), mark, { acts: 0, can: ofAdmins }),
  ]),
  busy(manager, marks[0], { acts: 1, can: ofManagers }),
  busy(finance, marks[0], { acts: 1, can: [startRun] }),
  busy(otherFinance, marks[1], { acts: 2, can: [decideOnRun] }),
  busy(thirdFinance, marks[2], { acts: 2, can: [decideOnRun] }),
  busy(finance, marks[0], { acts: 1, can: ofFinance }),
  busy(otherFinance, marks[1], { acts: 2, can: ofFinance }),
  busy(finance, marks[0], { acts: 1, can: ofResolvers }),
  busy(thirdFinance, marks[2], { acts: 1, can: ofResolvers }),
  busy(admin, marks[1], { acts: 1, can: [invite, listEvents] }),
  busy(applicant, marks[0], { acts: 3, can: [tell] }),
];
