import { againUnlessSeen } from '#functions/http/again-unless-seen.ts';
import { type Answer, operation } from '#functions/http/door.ts';
import { isCode, notFound } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import type { Payout } from '#shared/payouts/payout.ts';
import * as contracts from '#shared/payouts/payout-contract.ts';
import { viewPayout } from '#shared/payouts/payout-contract.ts';
import { isAgreed, mustBeOpen, proposePayout, type Resolution } from '#shared/payouts/payout-resolution.ts';
import { accept, fail, settle, stepPayout } from '#shared/payouts/payout-steps-store.ts';
import { endRun } from '#shared/payouts/run-end-store.ts';
import { findPayout } from '#shared/payouts/statement-store.ts';
import { checkIntent, entityAt } from '#shared/platform/history-store.ts';

/** Two people see the same: the first one's word is kept, the second one's ends it. */
const resolve = async (payout: Payout, resolution: Resolution, intent: Intent): Promise<Answer> => {
  mustBeOpen(payout, resolution);
  // Both words are about the payout as it was read: a word that was taken back since, or was told without knowing more, ends nothing.
  const asked = { at: intent.at, intentOf: () => intent, seen: payout.version };
  const { outcome, reference, reason } = resolution;
  const isEnded = isAgreed(payout, resolution, intent.by);
  const stays = payout.status === outcome;
  const end = () => {
    if (stays) return accept(payout, asked);
    return outcome === 'paid' ? settle(payout, { ...asked, reference }) : fail(payout, { ...asked, reason });
  };
  const saved = await (isEnded ? end() : propose(payout, resolution, intent));
  if (!saved) throw notFound();
  if (isEnded && payout.runId) await endRun(payout.runId, intent.at).catch(leaveToTheSweep);
  const { entity, replayed } = saved;
  return { status: isEnded ? 200 : 202, body: viewPayout(entity, true), version: entity.version, replayed };
};

const propose = (payout: Payout, resolution: Resolution, intent: Intent) =>
  stepPayout(payout, {
    to: payout.period,
    intentOf: () => intent,
    seen: payout.version,
    decide: ({ payout: present }) => ({
      after: proposePayout(present, resolution, intent),
      type: 'payout.resolution_proposed',
    }),
  });

/** Somebody else ends the run at this moment, or it is looked at again when it is due. */
const leaveToTheSweep = (error: unknown): undefined => {
  if (isCode(error, 'version.stale')) return undefined;
  throw error;
};

/** POST /v1/payouts/{payoutId}/resolution */
export const resolvePayout = operation(contracts.resolvePayout, ({ params, body, intent, seen }) =>
  againUnlessSeen(seen, async () => {
    const found = await findPayout(params.payoutId);
    if (!found || found.payout.version === 0) throw notFound();
    const { payout } = found;
    const done = checkIntent(payout, intent, seen);
    if (done === undefined) return resolve(payout, body, intent);
    const then = await entityAt(payout, done);
    const status = then.proposal ? 202 : 200;
    return { status, body: viewPayout(then, true), version: done, replayed: true };
  }),
);
