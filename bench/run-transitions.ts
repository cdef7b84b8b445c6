import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { linesPerChunk } from '#shared/payouts/run-lines-store.ts';
import { functionArn, type Lambda, runEngine } from '#test/states/running-engine.ts';

/** The workflow file as CDK substitutes it: `${PayChunkFunctionArn}` becomes the ARN of `pay-chunk`. */
const definition = (): object =>
  JSON.parse(
    readFileSync('workflows/payouts/payout-run.asl.json', 'utf8').replaceAll(
      /\$\{(\w+)FunctionArn\}/g,
      (_, name: string) => functionArn(name.replaceAll(/\B[A-Z]/g, '-$&').toLowerCase()),
    ),
  );

const shards = 8;
const runId = 'run_00000000000000000000000001';

/** What a run of the workflow file came to, with steps that only say where to go on. */
export interface PlayedRun {
  readonly status: string;
  readonly transitions: number;
  /** Which steps ran, each time they did. */
  readonly steps: readonly string[];
}

/** Plays a run of so many partners, spread evenly over the shards; `broken` chunks fail at every try. */
export const playRun = async (partners: number, decided: 'pay' | 'release' = 'pay', broken = 0): Promise<PlayedRun> => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-run-'));
  const chunks = Array.from({ length: shards * Math.ceil(partners / shards / linesPerChunk) }, (_, index) => index);
  const steps: string[] = [];
  const next = ['collect', 'ask', decided];
  let token = '';
  const step =
    (name: string, work: (payload: Record<string, unknown>) => unknown = () => ({})): Lambda =>
    (payload: Record<string, unknown>) => {
      steps.push(name);
      return work(payload);
    };
  const running = await runEngine({
    definition: definition(),
    databasePath: join(folder, 'states.sqlite'),
    lambdas: {
      'load-run': step('load', () => ({
        step: next.shift() ?? 'done',
        runId,
        attempt: 1,
        approvalId: `apr_${runId}_1`,
        shards: Array.from({ length: shards }, (_, shard) => ({ runId, shard })),
        chunks: chunks.map((chunk) => ({ runId, chunk: `lines#${chunk}` })),
      })),
      'collect-payouts': step('collect'),
      'freeze-run': step('freeze'),
      'request-approval': step('ask', ({ taskToken }) => {
        token = String(taskToken);
      }),
      'pay-chunk': step('pay', ({ chunk }) => {
        if (Number(String(chunk).split('#')[1]) < broken) throw new TypeError('a bug');
      }),
      'release-chunk': step('release'),
      'close-run': step('close'),
      'needs-attention': step('mark'),
    },
  });
  try {
    await running.start({ runId, attempt: 1 });
    await running.sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }));
    await running.advance(3_600_000);
    const { status = '' } = await running.describe('one');
    const journal = new DatabaseSync(join(folder, 'states.sqlite'), { readOnly: true });
    const [row] = journal.prepare('SELECT transitions FROM executions').all();
    journal.close();
    return { status, transitions: Number(row?.transitions), steps };
  } finally {
    await running.close();
    await rm(folder, { recursive: true, force: true });
  }
};
