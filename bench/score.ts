import { readFileSync } from 'node:fs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { progressOn } from '#local/import/progress.ts';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { rulesOf } from '#shared/health/judge-partner.ts';
import { planScoring, startScoring } from '#shared/health/scoring-run.ts';
import { changeScoringRun, insertScoringRun } from '#shared/health/scoring-run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { documents } from '#shared/platform/table.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import { publish } from '#test/support/a-program.ts';
import { handler as closeScoring } from '#workflows/health/close-scoring.ts';
import { handler as scoreSegment } from '#workflows/health/score-segment.ts';
import { type Finding, quantile } from './figure.ts';
import { answerScans, makeRing, type Ring } from './score-pages.ts';
import { projectTo } from './score-projection.ts';
import { scoredQuarter } from './some-facts.ts';

const sizes = [10_000, 100_000];
/** Different partners, after which they come again; more of them in memory would be work for the garbage collector that no worker has. */
const different = 250;
const at = '2026-07-03T09:00:00.000Z';
const progress = progressOn(process.stderr);

const cpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** CPU of the SDK's own unwrapping of the same items, and nothing else, for one partner. */
const unmarshalling = (ring: Ring): number => {
  const before = cpuUs();
  for (const item of ring.items) unmarshall(item as Parameters<typeof unmarshall>[0]);
  return (cpuUs() - before) / different;
};

let runs = 0;

/** A run of one segment: what is measured is its worker, from its first call to its last. */
const aRun = async (): Promise<string> => {
  runs += 1;
  const id = derivedId('scr', 'bench', String(runs));
  const about = { id, quarter: scoredQuarter, by: 'system', now: at, corrects: false, programVersion: 1 };
  const { entity } = await insertScoringRun(startScoring(about), systemIntent('bench', id, at));
  const intent = systemIntent('plan', id, at);
  await commitChange(entity, changeScoringRun(entity, planScoring(entity, 1), { type: 'scoring_run.planned', intent }));
  return id;
};

/** What a run wrote, by the kinds of its items. */
const written: Record<string, number> = {};

const countWrites = (): void => {
  documents.middlewareStack.add(
    (next) => (args) => {
      const input = args.input as {
        readonly TransactItems?: readonly { readonly Put?: { readonly Item?: { readonly kind?: string } } }[];
      };
      for (const { Put } of input.TransactItems ?? []) {
        const kind = Put?.Item?.kind ?? 'other';
        written[kind] = (written[kind] ?? 0) + 1;
      }
      return next(args);
    },
    { step: 'initialize', name: 'count' },
  );
};

export interface Scored {
  readonly partners: number;
  readonly cpuUsPerPartner: number;
  readonly readUnitsPerPartner: number;
  readonly bytesPerFact: number;
  readonly scoresWritten: number;
  readonly checkpoints: number;
}

/** Scores so many partners of whom an earlier run has stored what this one finds. */
const scoreOnce = async (ring: Ring, partners: number): Promise<Scored> => {
  const runId = await aRun();
  const reading = answerScans(ring, partners);
  for (const kind of Object.keys(written)) delete written[kind];
  const before = cpuUs();
  for (let isDone = false; !isDone; ) {
    ({ isDone } = await scoreSegment({ runId, segment: 0, at }));
    const done = Math.round((reading.bytes / ring.bytes.reduce((sum, each) => sum + each, 0)) * different);
    progress.tick(`${Math.min(partners, done)} of ${partners} partners scored`);
  }
  const spentUs = cpuUs() - before - reading.stubCpuUs;
  const checkpoints = written['scoring-progress'] ?? 0;
  const scoresWritten = written.health ?? 0;
  await closeScoring({ runId, attempt: 1, at });
  return {
    partners,
    cpuUsPerPartner: spentUs / partners,
    readUnitsPerPartner: reading.readUnits / partners,
    bytesPerFact: reading.bytes / partners / 200,
    scoresWritten,
    checkpoints,
  };
};

const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The worker of scoring runs over 10,000 and 100,000 partners of 200 facts each, of whom nothing has changed. */
export const measureScore = async (rounds: number): Promise<Finding> => {
  const program = parseProgram(readFileSync('examples/program.yaml', 'utf8'));
  await publish(program);
  countWrites();
  progress.note(`Making ${different} partners of 200 facts`);
  const ring = makeRing(different, rulesOf(program));
  // Until the code is as fast as it gets, as in a worker that goes on for minutes.
  await scoreOnce(ring, 10_000);
  const rows: Scored[] = [];
  const sdk: number[] = [];
  // In turn, so that code that gets faster as it runs does so for both.
  for (let round = 1; round <= rounds; round += 1) {
    for (const size of sizes) {
      progress.note(`${size} partners, ${round} of ${rounds}`);
      sdk.push(unmarshalling(ring), unmarshalling(ring));
      rows.push(await scoreOnce(ring, size));
    }
  }
  const of = (size: number, what: (row: Scored) => number): number =>
    median(rows.filter(({ partners }) => partners === size).map(what));
  const [small = 0, large = 0] = sizes;
  const sdkUs = median(sdk);
  const cpu = (size: number): number => of(size, ({ cpuUsPerPartner }) => cpuUsPerPartner);
  const units = of(large, ({ readUnitsPerPartner }) => readUnitsPerPartner);
  const wrote = Math.max(...rows.map(({ scoresWritten }) => scoresWritten));
  const checkpoints = of(large, (row) => row.checkpoints / row.partners);
  return {
    figures: [
      {
        name: 'read units per partner with 200 facts in all',
        value: units,
        unit: 'units',
        must: 3,
        stretch: 2.5,
        note: `by AWS's rule from the bytes of the items, ${of(large, (row) => row.bytesPerFact).toFixed(1)} a fact, page by page of one megabyte`,
      },
      { name: 'writes for unchanged scores', value: wrote, unit: 'writes', must: 0, stretch: 0 },
      {
        name: 'CPU per partner ÷ SDK unmarshalling alone',
        value: cpu(large) / sdkUs,
        must: 1.2,
        stretch: 0.6,
        note: `${cpu(large).toFixed(0)} µs for the worker's whole work (facts, score, scorecard, tier, figures, digest, its checkpoints) without reading the answer's JSON, which both would; ${sdkUs.toFixed(0)} µs for unwrapping the same items by @aws-sdk/util-dynamodb`,
      },
      {
        name: 'growth from 10,000 to 100,000 partners, away from linear',
        value: Math.abs(cpu(large) / cpu(small) - 1),
        must: 0.1,
        note: `CPU per partner: ${cpu(small).toFixed(0)} µs at 10,000, ${cpu(large).toFixed(0)} µs at 100,000`,
      },
      ...projectTo({
        partners: 1_000_000,
        readUnits: units,
        cpuUs: cpu(large),
        checkpoints,
        bytes: of(large, (row) => row.bytesPerFact * 200),
      }),
    ],
    details: rows.map((row) => ({
      ...row,
      cpuUsPerPartner: Number(row.cpuUsPerPartner.toFixed(1)),
      readUnitsPerPartner: Number(row.readUnitsPerPartner.toFixed(3)),
      bytesPerFact: Number(row.bytesPerFact.toFixed(1)),
    })),
  };
};
