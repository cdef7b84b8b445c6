import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/health/health-contract.ts';
import { viewScoringRun } from '#shared/health/health-contract.ts';
import { readProgress } from '#shared/health/scoring-progress-store.ts';
import { getScoringRun as get } from '#shared/health/scoring-run-store.ts';

/** GET /v1/scoring-runs/{runId} */
export const getScoringRun = operation(contracts.getScoringRun, async ({ params }) => {
  const run = await get(params.runId);
  return { status: 200, body: viewScoringRun(run, await readProgress(run)), version: run.version };
});
