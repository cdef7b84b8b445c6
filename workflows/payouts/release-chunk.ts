import { release } from '#shared/payouts/payout-steps-store.ts';
import { readChunk } from '#shared/payouts/run-lines-store.ts';
import type { ChunkInput } from './pay-chunk.ts';

const atOnce = 8;

/** The step Release of payout-run.asl.json: the run was rejected, and everything in it is as if it had not been. */
export const handler = async ({ runId, chunk, at }: ChunkInput): Promise<void> => {
  const lines = await readChunk(runId, chunk);
  for (let start = 0; start < lines.length; start += atOnce)
    await Promise.all(lines.slice(start, start + atOnce).map((line) => release(line, runId, at)));
};
