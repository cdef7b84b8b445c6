import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { openStripeBooks, type StripeAnswer, stripeError, stripeSecrets } from './stripe-books.ts';

/**
 * What becomes of one call. `late`: the connection breaks, and only then it is done. `broken`: answered with 500, also to whoever repeats
 * the key, as Stripe does. `unfunded`: our own balance does not cover it. `overloaded` and `busy` are refused before anything is looked at.
 */
export type Fate =
  | 'answered'
  | 'lost'
  | 'answer lost'
  | 'late'
  | 'broken'
  | 'unfunded'
  | 'overloaded'
  | 'busy'
  | 'refused';

export interface StubCall {
  readonly what: 'send' | 'find';
  readonly reference: string;
  /** How many calls of this kind there were of this reference before. */
  readonly before: number;
  readonly at: string;
}

/** Stripe's books behind a line on which calls get lost. */
export const startStripeStub = async (fateOf: (call: StubCall) => Fate) => {
  const books = openStripeBooks();
  const calls: (StubCall & { readonly fate: Fate })[] = [];
  const stub = {
    url: '',
    at: '2026-08-05T09:00:00.000Z',
    transfers: books.transfers,
    calls,
    keysForgotten: books.keysForgotten,
    settings: {},
    close: () => {},
  };
  const before = new Map<string, number>();

  const answer = (response: ServerResponse, { status, body }: StripeAnswer): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const unready: Partial<Record<Fate, number>> = { overloaded: 429, busy: 409 };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const params = new URLSearchParams(await text(request));
    if (request.headers.authorization !== `Bearer ${stripeSecrets.key}`)
      return answer(response, { status: 401, body: stripeError('invalid_request_error', 'Invalid API Key provided.') });
    const { searchParams } = new URL(request.url ?? '', stub.url);
    const what = request.method === 'POST' ? 'send' : 'find';
    const reference = (what === 'send' ? params : searchParams).get('transfer_group') ?? '';
    const count = before.get(`${what} ${reference}`) ?? 0;
    before.set(`${what} ${reference}`, count + 1);
    const call = { what, reference, before: count, at: stub.at } as const;
    const fate = fateOf(call);
    calls.push({ ...call, fate });
    const status = unready[fate];
    if (status) return answer(response, { status, body: stripeError('invalid_request_error', 'Try again later.') });
    const act = () =>
      what === 'find'
        ? books.list(reference)
        : books.accept(String(request.headers['idempotency-key']), params, { at: stub.at, fate });
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
