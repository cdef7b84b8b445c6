import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/earnings/earning-contract.ts';
import { viewEarning } from '#shared/earnings/earning-contract.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { getProgramRules } from '#shared/program/program-store.ts';
import { getVisibleEarning } from './visible-earning.ts';

/** GET /v1/earnings/{earningId}/explanation */
export const explainEarning = operation(contracts.explainEarning, async ({ caller, params, now }) => {
  const earning = await getVisibleEarning('explain-earning', caller, params.earningId);
  const { explanation, amount } = viewEarning(earning, now);
  const events = await listEvents(earning.id, 1, earning.version);
  const program = await getProgramRules(explanation.programVersion);
  const rule = program.incentives.rules.find(({ id }) => id === explanation.rule);
  const journals = events.flatMap((event) => event.journals ?? []);
  return {
    status: 200,
    body: { earningId: earning.id, amount, explanation, ...(rule ? { rule } : {}), journals },
    version: earning.version,
  };
});
