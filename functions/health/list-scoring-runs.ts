import { operation } from '#functions/http/door.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import * as contracts from '#shared/health/health-contract.ts';
import { summarizeScoringRun } from '#shared/health/health-contract.ts';
import { listScoringRuns as list } from '#shared/health/scoring-run-store.ts';

/** GET /v1/scoring-runs. How far one that is under way is, and whom it could not score, stands with it. */
export const listScoringRuns = operation(contracts.listScoringRuns, async ({ caller, query }) => {
  const { nextCursor, ...page } = pageAsked('list-scoring-runs', caller, query);
  const { runs, after } = await list(query, page);
  return { status: 200, body: { data: runs.map(summarizeScoringRun), nextCursor: nextCursor(after) } };
});
