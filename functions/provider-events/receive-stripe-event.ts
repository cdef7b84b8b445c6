import { operation } from '#functions/http/door.ts';
import { DomainError } from '#shared/core/errors.ts';
import type { Payout } from '#shared/payouts/payout.ts';
import { fail, ownIntent, recordSent, settle } from '#shared/payouts/payout-steps-store.ts';
import { findPayout } from '#shared/payouts/statement-store.ts';
import * as contracts from '#shared/payouts/stripe-contract.ts';
import { isSignedByStripe } from '#shared/payouts/stripe-signature.ts';
import { isOrdered, outcomeOf, StripeTransfer } from '#shared/payouts/stripe-transfer.ts';
import { setting } from '#shared/platform/config.ts';
import { log } from '#shared/platform/logger.ts';

type Outcome = 'settled' | 'failed' | 'ignored';

/** The payout that a transfer was made for; none when it is not what we ordered. */
const payoutFor = async (transfer: StripeTransfer): Promise<Payout | undefined> => {
  const reference = transfer.transfer_group ?? '';
  const payout = reference.startsWith('pay_') ? (await findPayout(reference))?.payout : undefined;
  if (payout?.provider !== 'stripe' || !payout.amount) return undefined;
  const isOurs = isOrdered(transfer, { reference: payout.id, amount: payout.amount });
  return isOurs && (payout.reference ?? transfer.id) === transfer.id ? payout : undefined;
};

/** Stripe may be faster than whoever waits for its answer: then it is sent first. */
const follow = async (payout: Payout, transfer: StripeTransfer, at: string): Promise<Outcome> => {
  const { outcome, reference, reason = '' } = outcomeOf(transfer);
  if (outcome === 'failed') {
    if (payout.status === 'failed') return 'ignored';
    await fail(payout, { at, intentOf: ownIntent('fail', at), reason });
    return 'failed';
  }
  if (payout.status === 'failed' || payout.status === 'paid') {
    // Nobody may send for it any more; so a request from before has come late, and somebody has to take it back.
    if (payout.status === 'failed' && payout.reference === undefined)
      log.error('transferred although failed', { payoutId: payout.id, transferId: transfer.id });
    return 'ignored';
  }
  if (payout.status === 'pending') await recordSent(payout, { outcome: 'sent', reference }, at);
  const settled = await settle(payout, { at, intentOf: ownIntent('settle', at), reference });
  return settled?.entity.status === 'paid' ? 'settled' : 'ignored';
};

/** POST /v1/provider-events/stripe. Repeated, late or about something else, it changes nothing; Stripe is told that it was heard. */
export const receiveStripeEvent = operation(contracts.receiveStripeEvent, async ({ body, signed, now }) => {
  if (!isSignedByStripe(signed.signature, { text: signed.text, secret: setting('STRIPE_WEBHOOK_SECRET'), now }))
    throw new DomainError('invalid', 'provider_event.not_signed', 'This was not signed by Stripe, or too long ago.');
  const transfer = body.type.startsWith('transfer.') ? StripeTransfer.safeParse(body.data.object).data : undefined;
  const payout = transfer && (await payoutFor(transfer));
  if (transfer && !payout) log.warn('transfer of nobody', { transferId: transfer.id });
  const outcome = payout ? await follow(payout, transfer, now) : 'ignored';
  return { status: 200, body: { outcome } };
});
