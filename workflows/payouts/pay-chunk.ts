import { getPayee } from '#shared/payouts/payee-store.ts';
import type { Payout } from '#shared/payouts/payout.ts';
import { fail, ownIntent, recordSent, settle } from '#shared/payouts/payout-steps-store.ts';
import { type Order, type Provider, providerNamed } from '#shared/payouts/provider.ts';
import { type Line, readChunk } from '#shared/payouts/run-lines-store.ts';
import { findStatement } from '#shared/payouts/statement-store.ts';
import { log } from '#shared/platform/logger.ts';

/** The step Pay of payout-run.asl.json, for one chunk of the manifest. */
export interface ChunkInput {
  readonly runId: string;
  readonly chunk: string;
  readonly at: string;
}

const refuse = (line: Line, reason: string, at: string) => fail(line, { reason, at, intentOf: ownIntent('fail', at) });

/** Asks the provider by our reference before it is told: what it knows is never sent again, what it may have forgotten neither. */
const send = async (line: Line, order: Order, provider: Provider): Promise<unknown> => {
  const { at } = order;
  const found = await provider.find(order);
  const known = found.reference ? { reference: found.reference } : {};
  switch (found.outcome) {
    case 'absent': {
      // Asked only now: what the provider was told before somebody changed the details is on its way.
      const payee = await getPayee(line.partnerId);
      if (payee?.version !== line.payeeVersion) {
        return refuse(line, 'The payment details were changed after the run was collected.', at);
      }
      const sent = await provider.send(order);
      if (sent.outcome === 'failed') return refuse(line, sent.reason ?? 'The provider refused it.', at);
      return recordSent(line, { ...sent, outcome: sent.outcome }, at);
    }
    case 'failed':
      return refuse(line, found.reason ?? 'The provider refused it.', at);
    case 'forgotten':
      return recordSent(line, { outcome: 'unknown', ...known }, at);
    case 'sent':
      return recordSent(line, { outcome: 'sent', ...known }, at);
    case 'paid':
      await recordSent(line, { outcome: 'sent', ...known }, at);
      return settle(line, { at, intentOf: ownIntent('settle', at), reference: found.reference });
  }
};

const isMine = (payout: Payout | undefined, runId: string): payout is Payout =>
  payout?.status === 'pending' && payout.runId === runId;

const pay = async (line: Line, { runId, at }: ChunkInput): Promise<void> => {
  const found = await findStatement(line);
  const payout = found?.payout;
  if (!isMine(payout, runId)) return;
  const { amount = { amountMinor: line.amountMinor, currency: line.currency } } = payout;
  const order = { reference: payout.id, partnerId: line.partnerId, amount, payeeVersion: line.payeeVersion, at };
  await send(line, order, providerNamed(payout.provider ?? 'bank-file'));
};

const atOnce = 8;

/** Pays the lines of a chunk; one that fails stops no other. Throws in the end when some could not be told, so that it is tried again. */
export const handler = async (input: ChunkInput): Promise<void> => {
  const lines = await readChunk(input.runId, input.chunk);
  let failed = 0;
  for (let start = 0; start < lines.length; start += atOnce) {
    const some = lines.slice(start, start + atOnce);
    const outcomes = await Promise.allSettled(some.map((line) => pay(line, input)));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') continue;
      failed += 1;
      log.error('payout not sent', { payoutId: some[index]?.payoutId, error: outcome.reason as Error });
    }
  }
  if (failed > 0) throw new Error(`${failed} payouts of ${input.runId} could not be sent.`);
};
