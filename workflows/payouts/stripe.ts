import * as z from 'zod';
import type { Found, Order, Provider, Sent } from '#shared/payouts/provider.ts';
import { isOrdered, outcomeOf, StripeTransfer, strangeTransfer } from '#shared/payouts/stripe-transfer.ts';
import { setting } from '#shared/platform/config.ts';

/**
 * Transfers to connected accounts by Stripe's REST API (docs.stripe.com/api/transfers, /idempotent_requests), version 2025-04-30.
 *
 * Why no payout is ever transferred twice: before it sends, everybody asks for transfers that bear our reference. Two that find none send
 * under the same key, which Stripe keeps for a day at least; so the second one gets the first one's transfer. A key that is forgotten is
 * older than a day, and a transfer so old is in every list. A second transfer would need a sender that sleeps for a day between asking
 * and sending: no function lives that long.
 */
const apiVersion = '2025-04-30.basil';
/** Beyond it nothing is known; far below the time a function has. */
const patienceMs = 10_000;

interface Heard {
  readonly status: number;
  readonly body: unknown;
}

const call = async (path: string, more: RequestInit = {}): Promise<Heard> => {
  const response = await fetch(`${setting('STRIPE_URL')}${path}`, {
    ...more,
    redirect: 'error',
    headers: {
      ...more.headers,
      authorization: `Bearer ${setting('STRIPE_SECRET_KEY')}`,
      'stripe-version': apiVersion,
    },
    signal: AbortSignal.timeout(patienceMs),
  });
  return { status: response.status, body: await response.json() };
};

const StripeError = z.object({
  error: z.object({ type: z.string(), code: z.string().optional(), message: z.string().optional() }),
});

/** Whatever became of it: it is asked again later, and told again only then. */
const nothingKnown = ({ status }: Heard, { reference }: Order): Error =>
  new Error(`Stripe answered ${status} of ${reference}: nothing is known of it.`);

const TransferList = z.object({ data: z.array(StripeTransfer), has_more: z.boolean() });

const find = async (order: Order): Promise<Found> => {
  const query = new URLSearchParams({ transfer_group: order.reference, limit: '2' });
  const heard = await call(`/v1/transfers?${query}`);
  if (heard.status !== 200) throw nothingKnown(heard, order);
  const { data } = TransferList.parse(heard.body);
  const [only, ...others] = data;
  if (!only) return { outcome: 'absent' };
  // Somebody else uses our references, or paid by hand: people find out, nothing is sent.
  if (others.length > 0 || !isOrdered(only, order)) {
    const reason =
      others.length > 0
        ? `Stripe knows of several transfers for it, the last being ${only.id}.`
        : strangeTransfer(only);
    return { outcome: 'forgotten', reference: only.id, reason };
  }
  return outcomeOf(only);
};

/** Not the payout is at fault: the key, its rights, too many calls, or another try that is on its way. */
const isOurs = (status: number): boolean => [401, 403, 409, 429].includes(status);

const refusalOf = (heard: Heard, { reference }: Order): Sent => {
  const { type, code, message } = StripeError.parse(heard.body).error;
  // Our account is to blame, not the partner's: it is told again later. Stripe may repeat the refusal to the same key for a day.
  if (code === 'balance_insufficient')
    throw new Error(`Our balance at Stripe does not cover ${reference}: it is not sent yet.`);
  // The reference was used with another amount or account: whether that one was paid, people find out.
  if (type === 'idempotency_error')
    return { outcome: 'unknown', reason: 'Stripe knows its reference with another amount or account.' };
  return { outcome: 'failed', reason: `Stripe refused it: ${message ?? type}` };
};

const send = async (order: Order): Promise<Sent> => {
  const { reference, amount, partnerId, accountId } = order;
  if (accountId === undefined) return { outcome: 'failed', reason: 'The partner has told no account at Stripe.' };
  const heard = await call('/v1/transfers', {
    method: 'POST',
    headers: { 'idempotency-key': reference },
    body: new URLSearchParams({
      amount: String(amount.amountMinor),
      currency: amount.currency.toLowerCase(),
      destination: accountId,
      transfer_group: reference,
      'metadata[payoutId]': reference,
      'metadata[partnerId]': partnerId,
    }),
  });
  if (heard.status === 200) return outcomeOf(StripeTransfer.parse(heard.body));
  if (heard.status < 400 || heard.status >= 500 || isOurs(heard.status)) throw nothingKnown(heard, order);
  return refusalOf(heard, order);
};

/** Twice as long as a function lives. */
const sendingMinutes = 30;

export const stripe: Provider = { name: 'stripe', sendingMinutes, find, send };
