import { againUnlessSeen } from '#functions/http/again-unless-seen.ts';
import type { ChangeRequest } from '#functions/http/answer-change.ts';
import { type Answer, operation } from '#functions/http/door.ts';
import type { Intent } from '#shared/core/history.ts';
import { type BankAnswer, readBankStatus } from '#shared/payouts/bank-answer.ts';
import * as contracts from '#shared/payouts/bank-contract.ts';
import { fail, mark, settle } from '#shared/payouts/payout-steps-store.ts';
import type { BankStatus, Run } from '#shared/payouts/run.ts';
import { endRun } from '#shared/payouts/run-end-store.ts';
import { changeRun, getRun } from '#shared/payouts/run-store.ts';
import { checkIntent, commitChange, entityAt } from '#shared/platform/history-store.ts';
import { type Counted, divide, nothingSaid, type Saying, sayingsOf } from './bank-sayings.ts';
import { type HandedOver, handedOver, toldToBank } from './handed-over.ts';

type Asked = Pick<ChangeRequest, 'intent' | 'seen'>;

/** With another amount it neither arrived nor failed as we asked for it: people look at it. */
const follow = async ({ told: { line }, said, difference }: Saying, intent: Intent): Promise<Counted> => {
  const doing = { at: intent.at, intentOf: () => intent };
  if (difference !== undefined) {
    await mark(line, { ...doing, reason: difference });
    return 'differing';
  }
  if (said.outcome === 'paid') return (await settle(line, doing))?.entity.status === 'paid' ? 'settled' : 'ignored';
  const reason = `The bank says: ${said.reason ?? 'it gave no reason'}.`;
  return (await fail(line, { ...doing, reason }))?.entity.status === 'failed' ? 'failed' : 'ignored';
};

const atOnce = 16;

/** As many as are followed well within the time that the gateway waits (docs/operations.md, *Large runs*). */
const mostChanges = 5_000;

const followAll = async (about: HandedOver, answer: BankAnswer, intent: Intent): Promise<BankStatus> => {
  const told = await toldToBank(about.run);
  const sayings = await sayingsOf(answer, told, about);
  const ours = new Set(told.map(({ line }) => line.payoutId));
  const strangers = answer.payments.filter(({ reference }) => !ours.has(reference)).length;
  const { work, ...known } = divide(sayings, mostChanges);
  const counts = { ...known.counts, ignored: known.counts.ignored + strangers };
  for (let start = 0; start < work.length; start += atOnce) {
    const some = work.slice(start, start + atOnce);
    for (const counted of await Promise.all(some.map((saying) => follow(saying, intent)))) counts[counted] += 1;
  }
  return counts;
};

/** What an earlier try was answered, if one was. */
const earlier = async (run: Run, { intent, seen }: Asked): Promise<Answer | undefined> => {
  const done = checkIntent(run, intent, seen);
  if (done === undefined) return undefined;
  const { bankStatus = nothingSaid } = await entityAt(run, done);
  return { status: 200, body: bankStatus, version: done, replayed: true };
};

/** Written down last: whoever dies before it is repeated, and finds each payout past its step. */
const note = async (run: Run, bankStatus: BankStatus, asked: Asked): Promise<Answer> => {
  const before = await earlier(run, asked);
  if (before) return before;
  const change = changeRun(run, { ...run, bankStatus }, { type: 'payout_run.answered', intent: asked.intent });
  const { entity, replayed } = await commitChange(run, change);
  return { status: 200, body: entity.bankStatus, version: entity.version, replayed };
};

/** POST /v1/payout-runs/{runId}/bank-status */
export const answerPayoutRun = operation(contracts.answerPayoutRun, async ({ params, body, intent, seen }) => {
  const run = await getRun(params.runId);
  const before = await earlier(run, { intent, seen });
  if (before) return before;
  const bankStatus = await followAll(await handedOver(run), readBankStatus(body.content), intent);
  const answer = await againUnlessSeen(seen, async () => note(await getRun(run.id), bankStatus, { intent, seen }));
  await againUnlessSeen({ version: undefined }, () => endRun(run.id, intent.at));
  return answer;
});
