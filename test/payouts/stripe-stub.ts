import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { addDays, millis } from '#shared/core/time.ts';
import type { StripeTransfer } from '#shared/payouts/stripe-transfer.ts';

/**
 * What becomes of one call. `late`: the connection breaks, and only then it is done. `broken`: answered with 500, also to whoever repeats
 * the key, as Stripe does. `overloaded` and `busy` are refused before anything is looked at.
 */
export type Fate = 'answered' | 'lost' | 'answer lost' | 'late' | 'broken' | 'overloaded' | 'busy' | 'refused';

export interface StubCall {
  readonly what: 'send' | 'find';
  readonly reference: string;
  /** How many calls of this kind there were of this reference before. */
  readonly before: number;
  readonly at: string;
}

interface Kept {
  readonly until: string;
  readonly params: string;
  readonly status: number;
  readonly body: unknown;
}

export const stripeSecrets = { key: 'sk_test_of_the_stub', webhook: 'whsec_of_the_stub' };

/** As Stripe signs what it sends (docs.stripe.com/webhooks, *Verify manually*). */
export const signatureOf = (body: string, at: string, secret: string = stripeSecrets.webhook): string => {
  const t = Math.floor(millis(at) / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
};

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

const errorOf = (type: string, message: string) => ({ error: { type, message } });

/** Transfers of Stripe, as far as its documentation says how they behave when calls are repeated. Keys are forgotten after a day. */
export const startStripeStub = async (fateOf: (call: StubCall) => Fate) => {
  const transfers = new Map<string, ReturnType<typeof aTransfer>[]>();
  const keys = new Map<string, Kept>();
  const calls: (StubCall & { readonly fate: Fate })[] = [];
  const stub = {
    url: '',
    at: '2026-08-05T09:00:00.000Z',
    transfers,
    calls,
    keysForgotten: 0,
    settings: {},
    close: () => {},
  };
  const before = new Map<string, number>();

  const list = (reference: string) => ({ object: 'list', data: transfers.get(reference) ?? [], has_more: false });
  const create = (params: URLSearchParams) => {
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
  const accept = (key: string, params: URLSearchParams, fate: Fate): Pick<Kept, 'status' | 'body'> => {
    const kept = keys.get(key);
    if (kept && stub.at < kept.until) {
      if (kept.params === params.toString()) return kept;
      return { status: 400, body: errorOf('idempotency_error', 'Keys can only be used with the same parameters.') };
    }
    if (kept) stub.keysForgotten += 1;
    // What fails validation is not kept, so that the same key may be tried again.
    if (fate === 'refused') return { status: 400, body: errorOf('invalid_request_error', 'No such destination.') };
    const answer =
      fate === 'broken' ? { status: 500, body: errorOf('api_error', 'Sorry.') } : { status: 200, body: create(params) };
    keys.set(key, { ...answer, until: addDays(stub.at, 1), params: params.toString() });
    return answer;
  };
  const answer = (response: ServerResponse, { status, body }: Pick<Kept, 'status' | 'body'>): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const unready: Partial<Record<Fate, number>> = { overloaded: 429, busy: 409 };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const params = new URLSearchParams(await text(request));
    if (request.headers.authorization !== `Bearer ${stripeSecrets.key}`)
      return answer(response, { status: 401, body: errorOf('invalid_request_error', 'Invalid API Key provided.') });
    const { searchParams } = new URL(request.url ?? '', stub.url);
    const what = request.method === 'POST' ? 'send' : 'find';
    const reference = (what === 'send' ? params : searchParams).get('transfer_group') ?? '';
    const count = before.get(`${what} ${reference}`) ?? 0;
    before.set(`${what} ${reference}`, count + 1);
    const call = { what, reference, before: count, at: stub.at } as const;
    const fate = fateOf(call);
    calls.push({ ...call, fate });
    const status = unready[fate];
    if (status) return answer(response, { status, body: errorOf('invalid_request_error', 'Try again later.') });
    const act = () =>
      what === 'find'
        ? { status: 200, body: list(reference) }
        : accept(String(request.headers['idempotency-key']), params, fate);
    if (fate === 'late') setTimeout(act, 20);
    const done = fate === 'lost' || fate === 'late' ? undefined : act();
    if (!done || fate === 'answer lost') request.socket.destroy();
    else answer(response, done);
  };

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has such an address.
  stub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stub.close = () => void server.close();
  stub.settings = { STRIPE_URL: stub.url, STRIPE_SECRET_KEY: stripeSecrets.key };
  Object.assign(process.env, stub.settings);
  return stub;
};
