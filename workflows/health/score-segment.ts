import { isCode } from '#shared/core/errors.ts';
import { millis } from '#shared/core/time.ts';
import { type FactReader, factReader } from '#shared/facts/fact-store.ts';
import { partnerFacts } from '#shared/facts/partner-facts.ts';
import type { Finding } from '#shared/health/health.ts';
import { saveFinding } from '#shared/health/health-store.ts';
import { judgePartner, type Rules, rulesOf } from '#shared/health/judge-partner.ts';
import { lookedAtIn } from '#shared/health/looked-at.ts';
import { factsOf, type Neighbours, partnersOfSegment, placeBehind } from '#shared/health/neighbours-store.ts';
import {
  keepProgress,
  type ParkedPartner,
  type Progress,
  readProgressOf,
  stillThere,
} from '#shared/health/scoring-progress-store.ts';
import { addTallies, endOfQuarter, noTally, type ScoringRun, type Tally } from '#shared/health/scoring-run.ts';
import { getScoringRun } from '#shared/health/scoring-run-store.ts';
import { storedMark } from '#shared/health/stored-mark.ts';
import { addCells, addToCells, type KpiCells } from '#shared/kpis/kpi-cells.ts';
import { packSums, unpackSums } from '#shared/kpis/kpi-store.ts';
import { noSums } from '#shared/kpis/kpi-sums.ts';
import { log } from '#shared/platform/logger.ts';
import { getProgramRules } from '#shared/program/program-store.ts';
import { applyTierJudgement } from '#workflows/partners/apply-tier.ts';

/** The step ScoreSegment of scoring-run.asl.json, for one segment of the facts. */
export interface SegmentInput {
  readonly runId: string;
  readonly segment: number;
  readonly at: string;
}

export interface SegmentOutcome extends Omit<SegmentInput, 'at'> {
  readonly isDone: boolean;
}

/** A megabyte of facts each: what is done before a worker keeps how far it is and is called again, and what one that dies does anew. */
const pagesPerCall = 16;

interface Work {
  readonly run: ScoringRun;
  readonly rules: Rules;
  readonly at: string;
  /** Of the quarter. */
  readonly endsAtSeconds: number;
  readonly progress: Progress;
  readonly read: FactReader;
  /** Every partner that is looked at is added. */
  readonly cells: KpiCells;
}

/** What came of one partner. */
interface Outcome {
  readonly tally: Tally;
  readonly parked?: ParkedPartner;
}

const one = (what: 'changed' | 'unchanged' | 'parked'): Tally => ({ ...noTally, partners: 1, [what]: 1 });
const longestReason = 300;

/** Sets a partner aside that cannot be scored; the others do not wait for it. */
const park = (partnerId: string, error: unknown): Outcome => {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, longestReason);
  log.error('partner not scored', { partnerId, error: error as Error });
  return { tally: one('parked'), parked: { partnerId, reason } };
};

/**
 * Another try ends as this one did: the table never takes what it refuses with a `ValidationException`, and what is stored cannot be read or
 * reckoned with. Whatever else goes wrong while it is written may be others at work.
 */
const isForGood = (error: unknown): boolean =>
  error instanceof Error && ['ValidationException', 'ZodError', 'TypeError', 'RangeError'].includes(error.name);

/** Who is no partner of ours has no tier. */
const followTier = async ({ partnerId, tier }: Finding, { rules, at }: Work): Promise<void> => {
  try {
    await applyTierJudgement(partnerId, tier, { program: rules.program, now: at });
  } catch (error) {
    if (!isCode(error, 'not_found')) throw error;
  }
};

/**
 * What a run has written it follows up, again where a worker died in between. What was written before the quarter had ended nobody has
 * followed up yet: figures of a quarter say nothing of a tier until then.
 */
const standing = async (
  finding: Finding,
  work: Work,
  stored: { readonly isOwn: boolean; readonly atSeconds: number },
): Promise<Outcome> => {
  if (stored.isOwn || stored.atSeconds < work.endsAtSeconds) await followTier(finding, work);
  return { tally: one(stored.isOwn ? 'changed' : 'unchanged') };
};

const save = async (finding: Finding, work: Work): Promise<Outcome> => {
  const { run, progress, at } = work;
  const stored = await saveFinding(finding, { run, fence: stillThere(run.id, progress), now: at });
  return standing(finding, work, { isOwn: stored.runId === run.id, atSeconds: millis(stored.scoredAt) / 1000 });
};

/** What is stored stands in the facts, so nothing is read, nor written, of a partner whose score has not changed. */
const follow = (finding: Finding, stored: ReturnType<typeof storedMark>, work: Work): Promise<Outcome> => {
  const { run } = work;
  if (stored?.digest !== finding.digest) return save(finding, work);
  return standing(finding, work, { isOwn: stored.isBy(run.id), atSeconds: stored.atSeconds });
};

const score = async (neighbours: Neighbours, work: Work): Promise<Outcome> => {
  const { partnerId } = neighbours;
  const { run, rules, cells } = work;
  let isReckoned = false;
  try {
    const of = partnerFacts(partnerId, run.quarter, factsOf(neighbours, work.read));
    const finding = judgePartner(of, rules);
    addToCells(cells, finding ? { ...of, points: finding.points } : of, rules.program);
    if (!finding) return { tally: noTally };
    const stored = storedMark(of);
    isReckoned = true;
    return await follow(finding, stored, work);
  } catch (error) {
    if (isReckoned && !isForGood(error)) throw error;
    return park(partnerId, error);
  }
};

const atOnce = 8;
const parkedPerSegment = 50;

const scorePage = async (partners: readonly Neighbours[], work: Work): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (let start = 0; start < partners.length; start += atOnce)
    outcomes.push(...(await Promise.all(partners.slice(start, start + atOnce).map((each) => score(each, work)))));
  return outcomes;
};

const after = (progress: Progress, outcomes: readonly Outcome[], last: Neighbours | undefined): Progress => ({
  ...progress,
  tally: outcomes.map(({ tally }) => tally).reduce(addTallies, progress.tally),
  parked: [...progress.parked, ...outcomes.flatMap(({ parked }) => parked ?? [])].slice(0, parkedPerSegment),
  ...(last ? { after: placeBehind(last) } : {}),
});

/** Scores from where the segment stands, and keeps how far it came; undefined when another worker overtook it. */
const goOn = async (work: Work): Promise<Progress | undefined> => {
  const { run, at, progress, cells } = work;
  let reached = progress;
  let pages = 0;
  const part = { segment: progress.segment, segments: run.segments ?? 1 };
  for await (const { partners, isLast } of partnersOfSegment(part, progress.after)) {
    reached = { ...after(reached, await scorePage(partners, work), partners.at(-1)), isDone: isLast };
    pages += 1;
    // One whose facts fill all of them is read to its end.
    if (pages >= pagesPerCall && reached.after !== progress.after) break;
  }
  const sums = progress.sums ? unpackSums(progress.sums) : noSums();
  addCells(sums, cells);
  return keepProgress(run.id, { ...reached, at, sums: packSums(sums) });
};

/** Scores the partners of a segment, or some of them: it is called again until it is done. */
export const handler = async ({ runId, segment, at }: SegmentInput): Promise<SegmentOutcome> => {
  const run = await getScoringRun(runId);
  if (run.status !== 'running') return { runId, segment, isDone: true };
  const found = await readProgressOf(runId, segment, at);
  // It is there before anything is written under it.
  const progress = found.step > 0 ? found : await keepProgress(runId, found);
  if (!progress || progress.isDone) return { runId, segment, isDone: progress !== undefined };
  const rules = rulesOf(await getProgramRules(run.programVersion));
  try {
    const reached = await goOn({
      run,
      rules,
      at,
      endsAtSeconds: millis(endOfQuarter(run.quarter, rules.program)) / 1000,
      progress,
      read: factReader(lookedAtIn(run.quarter, rules)),
      cells: new Map(),
    });
    return { runId, segment, isDone: reached?.isDone ?? false };
  } catch (error) {
    // Another worker overtook it.
    if (!isCode(error, 'version.stale')) throw error;
    return { runId, segment, isDone: false };
  }
};
