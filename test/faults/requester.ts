import { handler as approvals } from '#functions/approvals/door.ts';
import { handler as deals } from '#functions/deals/door.ts';
import { handler as documents } from '#functions/documents/door.ts';
import { handler as earnings } from '#functions/earnings/door.ts';
import { handler as events } from '#functions/events/door.ts';
import { handler as facts } from '#functions/facts/door.ts';
import { handler as health } from '#functions/health/door.ts';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import { handler as ledger } from '#functions/ledger/door.ts';
import { handler as mdf } from '#functions/mdf/door.ts';
import { handler as partners } from '#functions/partners/door.ts';
import { handler as payoutFiles } from '#functions/payout-files/door.ts';
import { handler as payouts } from '#functions/payouts/door.ts';
import { handler as providerEvents } from '#functions/provider-events/door.ts';
import { routes } from '#functions/routes.ts';
import { handler as statements } from '#functions/statements/door.ts';
import { handler as users } from '#functions/users/door.ts';
import type { Caller } from '#shared/core/caller.ts';
import { type Call, send } from '#test/support/call.ts';
import type { Prng } from './prng.ts';
import type { AnsweredCall, Reply } from './recording.ts';
import { invoke, type World } from './world.ts';

/** Sends requests as an impatient client on a bad line does: the same again under the same key until an answer is clear, and sometimes after that. */
export interface Requester {
  readonly request: (wanted: Wanted) => Promise<Reply | undefined>;
  readonly calls: readonly AnsweredCall[];
  /** From now on a patient client on a good line. */
  readonly calm: () => void;
}

export interface Wanted extends Omit<Call, 'at' | 'key' | 'caller'> {
  readonly caller: Caller;
  /** What is signed with the instant at which it is sent. */
  readonly signedAt?: (at: string) => Record<string, string>;
}

const doors: Readonly<Record<string, unknown>> = {
  approvals,
  deals,
  documents,
  earnings,
  events,
  facts,
  health,
  'known-accounts': knownAccounts,
  ledger,
  mdf,
  partners,
  payouts,
  'payout-files': payoutFiles,
  'provider-events': providerEvents,
  statements,
  users,
};

export const doorOf = (operation: string): unknown =>
  doors[routes.find((route) => route.operation === operation)?.door ?? ''];

const mostTries = 4;

export const isUnclear = (reply: Reply | undefined): boolean =>
  reply === undefined || reply.status >= 500 || reply.body.code === 'idempotency.in_flight';

export const createRequester = (world: World, prng: Prng, nextAt: () => string): Requester => {
  const calls: AnsweredCall[] = [];
  let keys = 0;
  let calm = false;
  const attempt = async (wanted: Wanted, key: string): Promise<Reply | undefined> => {
    const at = nextAt();
    const { operation, caller } = wanted;
    const place = calls.length;
    const { params = {}, ifMatch, body: given } = wanted;
    const begunAfter = world.engine.commits.length;
    const call = { operation, caller, at, params, key, ifMatch, body: given, begunAfter, reply: undefined };
    calls.push(call);
    const { signedAt, ...asked } = wanted;
    const own = signedAt ? { key: null, headers: signedAt(at) } : { key };
    const ended = await invoke(world, operation, () => send(doorOf(operation), { ...asked, at, ...own }));
    if (ended.how !== 'returned') return undefined;
    const { status, body, headers } = ended.value;
    const version = headers.etag === undefined ? undefined : Number(headers.etag.replaceAll('"', ''));
    const replayed = headers['idempotency-replayed'] === 'true';
    const reply = { status, body, version, replayed, text: JSON.stringify([body, headers]) };
    calls[place] = { ...call, answeredAfter: world.engine.commits.length, reply };
    return reply;
  };
  return {
    calls,
    calm: () => {
      calm = true;
    },
    request: async (wanted) => {
      keys += 1;
      const key = `key-${keys}`;
      let reply: Reply | undefined;
      for (let count = 1; count <= mostTries; count += 1) {
        await world.scheduler.park();
        // The line breaks while the request is under way: it goes on beside its own repetition.
        if (!calm && count < mostTries && prng.chance(0.06)) {
          world.scheduler.spawn(async () => void (await attempt(wanted, key)));
          continue;
        }
        reply = await attempt(wanted, key);
        if (!isUnclear(reply) && (calm || !prng.chance(0.08))) break;
      }
      return reply;
    },
  };
};
