import { systemIntent } from '#shared/core/history.ts';
import { beginPaying, nextStep, type RunStep } from '#shared/payouts/run.ts';
import { listChunks } from '#shared/payouts/run-lines-store.ts';
import { changeRun, getRun } from '#shared/payouts/run-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';

/** What every execution of payout-run.asl.json is started with. */
export interface RunInput {
  readonly runId: string;
  /** Of this execution. */
  readonly attempt: number;
  /** When the state was entered. */
  readonly at: string;
}

/** Where the workflow goes on. */
export interface Whereabouts {
  readonly step: RunStep;
  readonly runId: string;
  readonly attempt: number;
  /** Of the open decision; empty when none is. */
  readonly approvalId: string;
  readonly shards: readonly { readonly runId: string; readonly shard: number }[];
  readonly chunks: readonly { readonly runId: string; readonly chunk: string }[];
}

const shards = [0, 1, 2, 3, 4, 5, 6, 7];

/** The step Load of payout-run.asl.json: the record says what is done, so that any execution can take over from a lost one. */
export const handler = async ({ runId, attempt, at }: RunInput): Promise<Whereabouts> => {
  const run = await getRun(runId);
  const step = nextStep(run);
  if (run.status === 'approved') {
    const intent = systemIntent('begin-paying', `${runId}@${run.version}`, at);
    await commitChange(run, changeRun(run, beginPaying(run), { type: 'payout_run.paying', intent }));
  }
  const chunks = step === 'pay' || step === 'release' ? await listChunks(runId) : [];
  return {
    step,
    runId,
    attempt,
    approvalId: run.awaits?.approvalId ?? '',
    shards: shards.map((shard) => ({ runId, shard })),
    chunks: chunks.map((chunk) => ({ runId, chunk })),
  };
};
