import { randomUUID } from 'node:crypto';
import { handler as health } from '#functions/health/door.ts';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { millis } from '#shared/core/time.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { tellProfile } from '#shared/facts/partner-facts.ts';
import { assess } from '#shared/health/assessment.ts';
import { saveAssessment } from '#shared/health/assessment-store.ts';
import { completeScoring, noTally, type ScoringRun, startScoring } from '#shared/health/scoring-run.ts';
import { changeScoringRun, insertScoringRun } from '#shared/health/scoring-run-store.ts';
import { commitChange, listEvents } from '#shared/platform/history-store.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { manager } from '#test/support/people.ts';
import { factsOfEvents } from '#workflows/facts/facts-of-events.ts';
import { handler as closeScoring } from '#workflows/health/close-scoring.ts';
import { handler as loadScoring } from '#workflows/health/load-scoring.ts';
import { handler as scoreSegment } from '#workflows/health/score-segment.ts';

/** The third day of the quarter after the one that is scored. */
export const reviewDay = '2026-07-03T09:00:00.000Z';
export const quarter = '2026-Q2';

let quarters = 0;

/** A quarter that nothing else is about. */
export const aQuarter = (): string => {
  quarters += 1;
  return `${2000 + Math.floor(quarters / 4)}-Q${(quarters % 4) + 1}`;
};

export const ask = (operation: Call['operation'], more: Partial<Call> = {}): Promise<Reply> =>
  send(health, { operation, at: reviewDay, caller: manager, ...more });

/** A run that has just begun. */
export const aStartedScoringRun = async (of: string = aQuarter()): Promise<ScoringRun> => {
  const id = derivedId('scr', randomUUID());
  const run = startScoring({ id, quarter: of, by: manager.id, now: reviewDay, corrects: false, programVersion: 1 });
  return (await insertScoringRun(run, systemIntent('start', id, reviewDay))).entity;
};

/** A quarter that was scored to its end, and not published. */
export const aScoredQuarter = async (of: string = aQuarter()): Promise<string> => {
  const run = await aStartedScoringRun(of);
  const intent = systemIntent('complete', run.id, reviewDay);
  const completed = completeScoring(run, noTally, reviewDay);
  await commitChange(run, changeScoringRun(run, completed, { type: 'scoring_run.completed', intent }));
  return run.quarter;
};

/** A manager has judged one signal. */
export const anAssessment = async (partnerId: string, of: string): Promise<void> => {
  const signals = [{ id: 'consistency', category: 'relationship' }];
  const about = { partnerId, quarter: of, by: manager.id, now: reviewDay, signals, raters: 1 as const };
  const assessment = assess(undefined, { consistency: { score: 4, note: 'Steady.' } }, about);
  await saveAssessment(undefined, assessment, systemIntent('assess', assessment.id, reviewDay));
};

const inSeconds = (at: string): number => millis(at) / 1000;

/** A fact in the middle of the quarter that is scored. */
export const aFact = (partnerId: string, fact: Partial<Fact> = {}): Fact => ({
  partnerId,
  kind: 'deal.won.sourced.new',
  quarter,
  id: randomUUID().slice(0, 26),
  value: 2_500_000,
  at: inSeconds('2026-05-15T12:00:00.000Z'),
  ...fact,
});

/** What tells that a partner is active. */
export const aProfile = (partnerId: string, status = 'active'): Fact =>
  aFact(partnerId, {
    kind: 'partner.profile',
    quarter: '1000-Q1',
    id: '',
    value: 1,
    at: inSeconds('2000-02-15T12:00:00.000Z'),
    about: tellProfile({ status, tier: 'authorized', region: 'amer', types: ['reseller'] }),
  });

/** What the workflow does, to its end, or until all are scored; a worker that hands back is called again. */
export const drive = async (runId: string, at: string = reviewDay, isClosed = true): Promise<void> => {
  const { step, segments } = await loadScoring({ runId, attempt: 1, at });
  if (step === 'done') return;
  for (const each of segments) for (let isDone = false; !isDone; ) ({ isDone } = await scoreSegment({ ...each, at }));
  if (isClosed) await closeScoring({ runId, attempt: 1, at });
};

/** What the stream's reader of facts makes of these things. */
export const tellFacts = async (...subjects: readonly string[]): Promise<void> => {
  for (const subject of subjects) await putFacts(await factsOfEvents(await listEvents(subject, 1, 100)));
};

/** Starts a run by its door; answers its id. */
export const start = async (body: Record<string, unknown> = { quarter }, at: string = reviewDay): Promise<string> => {
  const reply = await ask('start-scoring-run', { body, at });
  if (reply.status !== 201) throw new Error(`No run: ${reply.text}`);
  return String(reply.body.id);
};

export const run = async (body?: Record<string, unknown>, at?: string): Promise<string> => {
  const runId = await start(body, at);
  await drive(runId, at);
  return runId;
};
