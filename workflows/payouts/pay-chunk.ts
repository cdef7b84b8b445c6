import { millis } from '#shared/core/time.ts';
import type { Payee } from '#shared/payouts/payee.ts';
import { getPayee } from '#shared/payouts/payee-store.ts';
import { fail, mark, ownIntent, recordSent, settle } from '#shared/payouts/payout-steps-store.ts';
import type { Found, Provider, Sent } from '#shared/payouts/provider.ts';
import { type Line, readChunk } from '#shared/payouts/run-lines-store.ts';
import { findStatement } from '#shared/payouts/statement-store.ts';
import { log } from '#shared/platform/logger.ts';
import { providerNamed } from './provider-named.ts';

/** The step Pay of payout-run.asl.json, for one chunk of the manifest. */
export interface ChunkInput {
  readonly runId: string;
  readonly chunk: string;
  readonly at: string;
}

const refuse = (line: Line, told: { readonly reason: string; readonly reference?: string }, at: string) =>
  fail(line, { ...told, at, intentOf: ownIntent('fail', at) });

/** What the provider says of it: `sent` may have become `paid` since, or `failed`. */
const follow = async (line: Line, told: Sent | Found, at: string): Promise<void> => {
  const known = told.reference ? { reference: told.reference } : {};
  switch (told.outcome) {
    case 'failed':
      await refuse(line, { ...known, reason: told.reason ?? 'The provider refused it.' }, at);
      return;
    case 'unknown':
    case 'forgotten':
      await recordSent(line, { outcome: 'unknown', ...known, ...(told.reason ? { reason: told.reason } : {}) }, at);
      return;
    case 'sent':
      await recordSent(line, { outcome: 'sent', ...known }, at);
      return;
    case 'paid':
      await recordSent(line, { outcome: 'sent', ...known }, at);
      await settle(line, { at, intentOf: ownIntent('settle', at), reference: told.reference });
      if (told.needsAttention) await mark(line, { at, intentOf: ownIntent('mark', at), reason: told.needsAttention });
      return;
    case 'absent':
      return;
  }
};

const msPerMinute = 60_000;

/**
 * Throws while somebody who read the details before they were changed may still be sending, as a function does that was thought dead:
 * what is called failed now is paid once more with the next statement.
 */
const mustHaveSettled = (payee: Payee | undefined, { sendingMinutes }: Provider, at: string): void => {
  if (payee && millis(at) < millis(payee.changedAt) + sendingMinutes * msPerMinute)
    throw new Error('The payment details have just been changed: whether it was sent before shows later.');
};

/** Asks the provider by our reference before it is told: what it knows is never sent again, what it may have forgotten neither. */
const pay = async (line: Line, { runId, at }: ChunkInput): Promise<void> => {
  const payout = (await findStatement(line))?.payout;
  // Whoever died after it was sent has not asked what became of it.
  if (payout?.runId !== runId || !['pending', 'sent'].includes(payout.status)) return;
  const { amount = { amountMinor: line.amountMinor, currency: line.currency } } = payout;
  const order = { reference: payout.id, partnerId: line.partnerId, amount, payeeVersion: line.payeeVersion, at };
  const provider = providerNamed(payout.provider ?? 'bank-file');
  const found = await provider.find(order);
  if (found.outcome !== 'absent') return follow(line, found, at);
  if (payout.status !== 'pending') return;
  // Asked only now: what the provider was told before somebody changed the details is on its way.
  const payee = await getPayee(line.partnerId);
  if (payee?.version === line.payeeVersion)
    return follow(line, await provider.send({ ...order, accountId: payee.accountId }), at);
  mustHaveSettled(payee, provider, at);
  await refuse(line, { reason: 'The payment details were changed after the run was collected.' }, at);
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
