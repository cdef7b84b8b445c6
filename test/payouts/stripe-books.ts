import { createHmac } from 'node:crypto';
import { addDays, millis } from '#shared/core/time.ts';
import type { StripeTransfer } from '#shared/payouts/stripe-transfer.ts';

/** A transfer as Stripe tells it, with what a test wants different. */
export const aTransfer = (
  overrides: Partial<StripeTransfer> & { readonly destination?: string | null } & Pick<
      StripeTransfer,
      'transfer_group'
    >,
) => ({
  id: `tr_${overrides.transfer_group}`,
  object: 'transfer',
  amount: 12_000,
  amount_reversed: 0,
  created: 1_785_920_400,
  currency: 'usd',
  destination: 'acct_northwind1',
  livemode: false,
  reversed: false,
  source_type: 'card',
  ...overrides,
});

export const stripeSecrets = { key: 'sk_test_of_the_stub', webhook: 'whsec_of_the_stub' };

/** As Stripe signs what it sends (docs.stripe.com/webhooks, *Verify manually*). */
export const signatureOf = (body: string, at: string, secret: string = stripeSecrets.webhook): string => {
  const t = Math.floor(millis(at) / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
};

export type Transfer = ReturnType<typeof aTransfer>;

export interface StripeAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface Kept extends StripeAnswer {
  readonly until: string;
  readonly params: string;
}

export const stripeError = (type: string, message: string, code?: string) => ({ error: { type, message, code } });

/** Transfers of Stripe, as far as its documentation says how they behave when calls are repeated. Keys are forgotten after a day. */
export interface StripeBooks {
  /** By our reference. */
  readonly transfers: Map<string, readonly Transfer[]>;
  readonly list: (reference: string) => StripeAnswer;
  /** `broken`: answered with 500, also to whoever repeats the key, as Stripe does. */
  readonly accept: (key: string, params: URLSearchParams, how: { at: string; fate: string }) => StripeAnswer;
  readonly keysForgotten: () => number;
}

export const openStripeBooks = (): StripeBooks => {
  const transfers = new Map<string, readonly Transfer[]>();
  const keys = new Map<string, Kept>();
  let forgotten = 0;
  const create = (params: URLSearchParams): Transfer => {
    const reference = params.get('transfer_group') ?? '';
    const others = transfers.get(reference) ?? [];
    const made = aTransfer({
      id: `tr_${reference}_${others.length}`,
      transfer_group: reference,
      amount: Number(params.get('amount')),
      currency: params.get('currency') ?? '',
      destination: params.get('destination'),
    });
    transfers.set(reference, [...others, made]);
    return made;
  };
  return {
    transfers,
    list: (reference) => ({
      status: 200,
      body: { object: 'list', data: transfers.get(reference) ?? [], has_more: false },
    }),
    accept: (key, params, { at, fate }) => {
      const kept = keys.get(key);
      if (kept && at < kept.until) {
        if (kept.params === params.toString()) return kept;
        return {
          status: 400,
          body: stripeError('idempotency_error', 'Keys can only be used with the same parameters.'),
        };
      }
      if (kept) forgotten += 1;
      // What fails validation is not kept, so that the same key may be tried again.
      if (fate === 'refused')
        return { status: 400, body: stripeError('invalid_request_error', 'No such destination.') };
      const unfunded = stripeError(
        'invalid_request_error',
        'Insufficient funds in Stripe account.',
        'balance_insufficient',
      );
      const answers: Readonly<Record<string, StripeAnswer>> = {
        broken: { status: 500, body: stripeError('api_error', 'Sorry.') },
        unfunded: { status: 400, body: unfunded },
      };
      const answer = answers[fate] ?? { status: 200, body: create(params) };
      keys.set(key, { ...answer, until: addDays(at, 1), params: params.toString() });
      return answer;
    },
    keysForgotten: () => forgotten,
  };
};
