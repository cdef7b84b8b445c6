import type { Caller } from '#shared/core/caller.ts';
import { finance, otherFinance } from '#test/support/people.ts';
import type { Play, Scene } from './scripted-history.ts';
import { thirdFinance } from './start-of-payouts.ts';

/** What a run does, one thing after the other, while Stripe pays; it begins where histories of payouts begin. */
const period = '2026-04';

const startedBy = async ({ ask }: Play, caller: Caller): Promise<string> =>
  String((await ask('start-payout-run', caller, { body: { period } }))?.body.id);

/** So large that it takes two; whoever comes second is told when one was enough. */
const decidedBy = async ({ ask }: Play, runId: string, about: { by: readonly Caller[]; body?: object }) => {
  const params = { approvalId: `apr_${runId}_1` };
  for (const caller of about.by) {
    const seen = await ask('get-approval', caller, { params });
    const body = about.body ?? { outcome: 'approve' };
    await ask('decide-approval', caller, { params, body, ifMatch: seen?.version ?? 1 });
  }
};

/** What each scene must bring about: so that it does what its words say. */
export const outcomesOfPayouts: Readonly<Record<string, readonly string[]>> = {
  'a run is approved by two and paid by Stripe': ['payout.frozen', 'payout.paid', 'payout_run.completed'],
  'a run is rejected, and another one paid': ['payout.released', 'payout_run.released', 'payout.paid'],
};

/** What each scene is about, in words. */
export const scenesOfPayouts: Readonly<Record<string, Scene>> = {
  'a run is approved by two and paid by Stripe': async (play) => {
    await decidedBy(play, await startedBy(play, finance), { by: [otherFinance, thirdFinance] });
    await play.recover();
  },
  'a run is rejected, and another one paid': async (play) => {
    const body = { outcome: 'reject', reason: 'The rate is wrong.' };
    await decidedBy(play, await startedBy(play, finance), { by: [otherFinance], body });
    await play.recover();
    await decidedBy(play, await startedBy(play, otherFinance), { by: [finance, thirdFinance] });
    await play.recover();
  },
};
