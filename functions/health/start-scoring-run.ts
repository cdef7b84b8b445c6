import { type Answer, operation } from '#functions/http/door.ts';
import { derivedId } from '#shared/core/ids.ts';
import * as contracts from '#shared/health/health-contract.ts';
import { viewScoringRun } from '#shared/health/health-contract.ts';
import { lastMomentOf, mustHaveBegun, startScoring } from '#shared/health/scoring-run.ts';
import { findReviews, insertScoringRun, reasonRequired } from '#shared/health/scoring-run-store.ts';
import { firstTryOr } from '#shared/platform/history-store.ts';
import { findProgramAt, programAt } from '#shared/program/program-store.ts';

/** POST /v1/scoring-runs. The id is made from caller and key, so a repeat meets its own first try. */
export const startScoringRun = operation(contracts.startScoringRun, async ({ body, intent, now }): Promise<Answer> => {
  const { quarter, reason } = body;
  const { program, version } = await programAt(now);
  mustHaveBegun(quarter, now, program);
  const last = lastMomentOf(quarter, program);
  const then = last < now ? await findProgramAt(last) : undefined;
  const [review] = await findReviews([quarter]);
  const id = derivedId('scr', intent.writeId);
  const about = { id, quarter, reason, by: intent.by, now, programVersion: then?.version ?? version };
  const run = startScoring({ ...about, corrects: review !== undefined });
  const save = () => {
    if (run.corrects && reason === undefined) throw reasonRequired();
    return insertScoringRun(run, intent);
  };
  const { entity, replayed } = await Promise.resolve()
    .then(save)
    .catch((refusal: unknown) => firstTryOr(refusal, run, intent));
  return { status: 201, body: viewScoringRun(entity, []), version: entity.version, replayed };
});
