import { type Answer, operation } from '#functions/http/door.ts';
import { derivedId } from '#shared/core/ids.ts';
import * as contracts from '#shared/payouts/payout-contract.ts';
import { viewRun } from '#shared/payouts/payout-contract.ts';
import { mustHaveEnded, startRun } from '#shared/payouts/run.ts';
import { insertRun } from '#shared/payouts/run-store.ts';
import { programAt } from '#shared/program/program-store.ts';

/** POST /v1/payout-runs. The id is made from caller and key, so a repeat meets its own first try. */
export const startPayoutRun = operation(contracts.startPayoutRun, async ({ body, intent, now }): Promise<Answer> => {
  const { program } = await programAt(now);
  mustHaveEnded(body.period, now, program.timeZone);
  const id = derivedId('run', intent.writeId);
  const run = startRun({ id, period: body.period, by: intent.by, now, currency: program.currency });
  const { entity, replayed } = await insertRun(run, intent);
  return { status: 201, body: viewRun(entity), version: entity.version, replayed };
});
