import { randomUUID } from 'node:crypto';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { bookEarning, saveEarning } from '#shared/earnings/earning-store.ts';
import { freezePayout } from '#shared/payouts/payout-life.ts';
import { payoutOf } from '#shared/payouts/payout-of.ts';
import { ownIntent, recordSent, settle, stepPayout } from '#shared/payouts/payout-steps-store.ts';
import { anEarning } from '#test/earnings/an-earning.ts';
import { payDay } from '#test/payouts/a-run.ts';
import type { Scenario } from './ops.ts';

const runId = derivedId('run', 'bench');
const terms = { minimumMinor: 0, payableFrom: payDay, lacksTaxForm: () => false, now: payDay };

/** What a run does with one partner: it takes its statement, sends the payout, and hears that it has arrived. */
const throughARun = async (partnerId: string): Promise<undefined> => {
  const place = { partnerId, currency: 'USD', period: '2026-07' };
  await stepPayout(place, {
    to: '2026-08',
    intentOf: ownIntent('freeze', payDay),
    decide: (statement) => {
      if (statement.payout.status !== 'open') return undefined;
      const taking = { runId, payeeVersion: 1, provider: 'bank-file', now: payDay };
      return { after: freezePayout(statement, payoutOf(statement, terms), taking), type: 'payout.frozen' };
    },
  });
  await recordSent(place, { outcome: 'sent' }, payDay);
  await settle(place, { at: payDay, intentOf: ownIntent('settle', payDay), reference: 'NOTPROVIDED-20260807-0001' });
  return undefined;
};

const anEarner = async (earnings: number): Promise<string> => {
  const partnerId = derivedId('ptr', randomUUID());
  for (let number = 1; number <= earnings; number += 1) {
    const id = derivedId('ern', partnerId, String(number));
    await saveEarning(bookEarning(anEarning({ id, partnerId }), systemIntent('earn', id, payDay)));
  }
  return partnerId;
};

const partnerWith = (earnings: number): Scenario => {
  const arranged = async () => {
    const partnerId = await anEarner(earnings);
    return () => throughARun(partnerId);
  };
  return {
    command: `one partner through a run, ${earnings} earning${earnings === 1 ? '' : 's'}`,
    // Each step is a read and a transaction; what is past a step is read only.
    requests: { success: 6, replay: 3, refusal: 3 },
    arrange: arranged,
    refused: async () => {
      const partnerId = await anEarner(1);
      await throughARun(partnerId);
      return () => throughARun(partnerId);
    },
    mustUnits: 13,
    stretchUnits: 9,
  };
};

/** The cost of paying a partner, which is the same for any number of earnings. */
export const payoutScenarios: readonly Scenario[] = [partnerWith(1), partnerWith(100)];
