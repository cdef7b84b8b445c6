import { aTransfer, openStripeBooks, stripeError, type Transfer } from '#test/payouts/stripe-books.ts';
import { type Body, type Here, serve } from './bad-line.ts';
import type { Prng } from './prng.ts';

/** What Stripe has, beside what it would tell: which commit of the table came before, and whether it was under way for long. */
export interface Made {
  readonly transfer: Transfer;
  readonly after: number;
  readonly isLate: boolean;
  /** Somebody else used our reference. */
  readonly isForeign: boolean;
}

export interface StripeOfAHistory {
  readonly answer: (operation: string, body: Body, commits: number) => Body;
  readonly made: () => readonly Made[];
  /** What it tells of by itself, once more or for the first time. */
  readonly all: () => readonly Transfer[];
  readonly takeBack: (transfer: Transfer) => Transfer;
  /** From now on it accepts what it is sent. */
  readonly calm: () => void;
}

const hourMs = 3_600_000;

/** Stripe, in the time of a history: now and then it refuses, breaks, or knows our reference from somebody else. */
export const createStripe = (prng: Prng, nowMs: () => number): StripeOfAHistory => {
  const books = openStripeBooks();
  const made = new Map<string, Made>();
  const asked = new Set<string>();
  /** What it refuses it refuses however often it is asked. */
  const isRefused = new Map<string, boolean>();
  let isCalm = false;
  const happens = (probability: number): boolean => !isCalm && prng.chance(probability);
  const note = (reference: string, about: Omit<Made, 'transfer'>): void => {
    for (const transfer of books.transfers.get(reference) ?? [])
      if (!made.has(transfer.id)) made.set(transfer.id, { transfer, ...about });
  };
  const list = (reference: string, commits: number): Body => {
    if (!asked.has(reference) && happens(0.12)) {
      const stranger = { transfer_group: reference, amount: 1, id: `tr_stranger_${reference}` };
      books.transfers.set(reference, [...(books.transfers.get(reference) ?? []), aTransfer(stranger)]);
      note(reference, { after: commits, isLate: false, isForeign: true });
    }
    asked.add(reference);
    return { ...books.list(reference) };
  };
  const all = (): readonly Transfer[] => [...books.transfers.values()].flat();
  return {
    answer: (operation, body, commits) => {
      const params = new URLSearchParams(String(body.params));
      const reference = params.get('transfer_group') ?? '';
      if (operation === 'ListTransfers') return list(reference, commits);
      // No line holds on to a request for so long.
      if (nowMs() - Number(body.sentAtMs) > hourMs) return {};
      if (!isRefused.has(reference)) isRefused.set(reference, happens(0.06));
      const fate = isRefused.get(reference) ? 'refused' : happens(0.06) ? 'broken' : 'answered';
      const answer = books.accept(String(body.key), params, { at: new Date(nowMs()).toISOString(), fate });
      note(reference, { after: commits, isLate: body.isLate === true, isForeign: false });
      return { ...answer };
    },
    made: () => [...made.values()],
    calm: () => {
      isCalm = true;
    },
    all,
    takeBack: (transfer) => {
      const back = { ...transfer, reversed: true, amount_reversed: transfer.amount };
      const reference = transfer.transfer_group ?? '';
      const others = books.transfers.get(reference) ?? [];
      books.transfers.set(
        reference,
        others.map((each) => (each.id === transfer.id ? back : each)),
      );
      const known = made.get(transfer.id);
      if (known) made.set(transfer.id, { ...known, transfer: back });
      return back;
    },
  };
};

const tooMany = (): Response => Response.json(stripeError('rate_limit_error', 'Too many calls.'), { status: 429 });

/** A call of ours, on the bad line. */
export const callStripe = async (url: string, init: RequestInit | undefined, place: Here): Promise<Response> => {
  const isSend = init?.method === 'POST';
  const params = isSend ? String(init.body) : new URL(url).searchParams.toString();
  const key = new Headers(init?.headers).get('idempotency-key');
  const request = {
    service: 'stripe',
    operation: isSend ? 'CreateTransfer' : 'ListTransfers',
    body: { params, key, sentAtMs: place.world.nowMs() },
    label: place.invocation.label,
  } as const;
  try {
    const { status = 504, body = null } = await serve(request, place);
    return Response.json(body, { status: Number(status) });
  } catch (error) {
    if (error instanceof Error && error.name === 'ThrottlingException') return tooMany();
    throw error;
  }
};
