import type * as z from 'zod';
import { operation } from '#functions/http/door.ts';
import { DomainError } from '#shared/core/errors.ts';
import type { Payout } from '#shared/payouts/payout.ts';
import { fail, mark, ownIntent, recordSent, settle } from '#shared/payouts/payout-steps-store.ts';
import { findPayout } from '#shared/payouts/statement-store.ts';
import * as contracts from '#shared/payouts/stripe-contract.ts';
import { isSignedByStripe } from '#shared/payouts/stripe-signature.ts';
import { isOrdered, outcomeOf, StripeTransfer, strangeTransfer } from '#shared/payouts/stripe-transfer.ts';
import { setting } from '#shared/platform/config.ts';
import { log } from '#shared/platform/logger.ts';

type Outcome = z.infer<(typeof contracts.receiveStripeEvent.answers)[200]>['outcome'];

/** The payout whose reference a transfer bears; none when it is not one that Stripe pays. */
const payoutFor = async ({ transfer_group }: StripeTransfer): Promise<Payout | undefined> => {
  const reference = transfer_group ?? '';
  const payout = reference.startsWith('pay_') ? (await findPayout(reference))?.payout : undefined;
  return payout?.provider === 'stripe' && payout.amount ? payout : undefined;
};

/** Whether it is the transfer that the payout was made by, or may be, and over what we asked for. */
const isIts = (transfer: StripeTransfer, { id, amount, reference = transfer.id }: Payout): boolean =>
  amount !== undefined && reference === transfer.id && isOrdered(transfer, { reference: id, amount });

const markIt = async (payout: Payout, reason: string, at: string): Promise<Outcome> => {
  // There is a transfer under its reference, so nothing is sent for it any more.
  if (payout.status === 'pending') await recordSent(payout, { outcome: 'unknown', reason }, at);
  await mark(payout, { at, intentOf: ownIntent('mark', at), reason });
  return 'needs_attention';
};

/** Stripe may be faster than whoever waits for its answer: then it is sent first. */
const follow = async (payout: Payout, transfer: StripeTransfer, at: string): Promise<Outcome> => {
  const { outcome, reference, reason = '', needsAttention } = outcomeOf(transfer);
  if (outcome === 'failed') {
    if (payout.status === 'failed') return 'ignored';
    await fail(payout, { at, intentOf: ownIntent('fail', at), reason, reference });
    return 'failed';
  }
  // Nobody may send for it any more; so a request from before has come late, and somebody has to take it back.
  if (payout.status === 'failed')
    return payout.reference === undefined ? markIt(payout, strangeTransfer(transfer), at) : 'ignored';
  if (payout.status === 'pending') await recordSent(payout, { outcome: 'sent', reference }, at);
  const settled = await settle(payout, { at, intentOf: ownIntent('settle', at), reference });
  if (needsAttention) return markIt(payout, needsAttention, at);
  return payout.status !== 'paid' && settled?.entity.status === 'paid' ? 'settled' : 'ignored';
};

/** A second transfer for it, or one over another amount; what was taken back whole has mended itself. */
const followStranger = (payout: Payout, transfer: StripeTransfer, at: string): Promise<Outcome> | Outcome =>
  transfer.reversed ? 'ignored' : markIt(payout, strangeTransfer(transfer), at);

/** POST /v1/provider-events/stripe. Repeated, late or about something else, it changes nothing; Stripe is told that it was heard. */
export const receiveStripeEvent = operation(contracts.receiveStripeEvent, async ({ body, signed, now }) => {
  if (!isSignedByStripe(signed.signature, { text: signed.text, secret: setting('STRIPE_WEBHOOK_SECRET'), now }))
    throw new DomainError('invalid', 'provider_event.not_signed', 'This was not signed by Stripe, or too long ago.');
  const transfer = body.type.startsWith('transfer.') ? StripeTransfer.safeParse(body.data.object).data : undefined;
  const payout = transfer && (await payoutFor(transfer));
  if (!payout) {
    if (transfer) log.warn('transfer of nobody', { transferId: transfer.id });
    return { status: 200, body: { outcome: 'ignored' } };
  }
  const outcome = await (isIts(transfer, payout) ? follow : followStranger)(payout, transfer, now);
  return { status: 200, body: { outcome } };
});
