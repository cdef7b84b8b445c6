import { systemIntent } from '#shared/core/history.ts';
import { partnerFacts } from '#shared/facts/partner-facts.ts';
import { saveFinding } from '#shared/health/health-store.ts';
import { judgePartner, rulesOf } from '#shared/health/judge-partner.ts';
import { completeScoring, noTally, type ScoringRun } from '#shared/health/scoring-run.ts';
import { changeScoringRun } from '#shared/health/scoring-run-store.ts';
import { mustBeAdmitted } from '#shared/partners/partner-gate-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { aProgram } from '#test/support/a-program.ts';
import { aProfile, aStartedScoringRun, ask, reviewDay } from './a-scoring-run.ts';

const published = new Map<string, Promise<ScoringRun>>();

const publish = async (quarter: string): Promise<ScoringRun> => {
  const run = await aStartedScoringRun(quarter);
  const intent = systemIntent('complete', run.id, reviewDay);
  const completed = completeScoring(run, noTally, reviewDay);
  await commitChange(run, changeScoringRun(run, completed, { type: 'scoring_run.completed', intent }));
  const reply = await ask('publish-quarter', { params: { quarter }, body: {} });
  if (reply.status !== 201) throw new Error(`Not published: ${reply.text}`);
  return run;
};

/** An admitted partner was scored in a quarter, which is published; of its deeds nothing is known. */
export const aPublishedScore = async (partnerId: string, quarter: string): Promise<void> => {
  const publication = published.get(quarter) ?? publish(quarter);
  published.set(quarter, publication);
  const of = partnerFacts(partnerId, quarter, [aProfile(partnerId)]);
  const finding = judgePartner(of, rulesOf(aProgram()));
  if (!finding) throw new Error('The partner is in no program.');
  await saveFinding(finding, { run: await publication, fence: mustBeAdmitted(partnerId), now: reviewDay });
};
