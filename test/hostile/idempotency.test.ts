import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { contracts } from '#functions/docs/contracts.ts';
import type { Route } from '#functions/routes.ts';
import type { Operation } from '#shared/core/access.ts';
import { hashOf } from '#shared/core/canonical.ts';
import { documents } from '#shared/platform/table.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgramWithReports, publish } from '#test/support/a-program.ts';
import type { Reply } from '#test/support/call.ts';
import { ask, eventsSince, mutatingRoutes, wholeTable } from './asked.ts';
import { type Mutation, mutations, type Scene } from './mutations.ts';

let scene: Scene;

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PAYEE_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(aProgramWithReports());
  scene = { partnerId: await anActivePartner() };
});

test('when a route changes something, then it stands in the table of hostile input', () => {
  expect(mutatingRoutes.map(({ operation }) => operation).filter((operation) => !mutations[operation])).toEqual([]);
});

const mutationOf = async (operation: Operation, on: Scene = scene): Promise<Mutation> => {
  const prepare = mutations[operation];
  if (!prepare) throw new Error(`test/hostile/mutations.ts has no row for ${operation}.`);
  return prepare(on);
};

const isReplay = ({ headers }: Reply): boolean => headers['idempotency-replayed'] === 'true';

const outcomeOf = (reply: Reply): string => {
  if (reply.status >= 400) return `${reply.status} ${reply.body.code}`;
  return isReplay(reply) ? 'replayed' : 'done';
};

/** An answer beside how it came: what a repeat must get again. */
const saidBy = ({ status, body, headers }: Reply): unknown => {
  // A form for an upload is signed anew each time, since the first one holds for minutes only.
  const { upload: _signed, ...lasting } = body;
  return { status, body: lasting, etag: headers.etag };
};

type Sending = Partial<Mutation> & { readonly key?: string | null };

interface Trial {
  readonly operation: Operation;
  readonly mutation: Mutation;
  readonly key: string;
  readonly send: (more?: Sending) => Promise<Reply>;
}

const trialOf = async (operation: Operation): Promise<Trial> => {
  const mutation = await mutationOf(operation);
  const key = randomUUID();
  const send = (more: Sending = {}): Promise<Reply> => {
    const { another: _another, otherBody: _otherBody, ...asked } = { key, ...mutation, ...more };
    return ask(operation, asked);
  };
  return { operation, mutation, key, send };
};

const storedSince = async (before: ReadonlyMap<string, string>): Promise<string> => {
  const after = await wholeTable();
  const same = after.size === before.size && [...after].every(([key, item]) => before.get(key) === item);
  return same ? 'nothing stored' : 'stored';
};

/** What an answer was, and whether anything was stored for it. */
const watched = async (work: () => Promise<Reply>): Promise<string> => {
  const before = await wholeTable();
  const outcome = outcomeOf(await work());
  return `${outcome}, ${await storedSince(before)}`;
};

/** Six at once: one does it, the others get its answer or are told to wait, and what is stored is stored once. */
const sixAtOnce = async ({ send }: Trial, eventsOfOne: number): Promise<string> => {
  const before = await wholeTable();
  const replies = await Promise.all(Array.from({ length: 6 }, () => send()));
  const outcomes = replies.map(outcomeOf);
  const done = replies.filter(({ status }) => status < 400);
  const others = outcomes.filter((outcome) => !['done', 'replayed', '409 idempotency.in_flight'].includes(outcome));
  const answers = new Set(done.map((reply) => hashOf(saidBy(reply))));
  const events = (await eventsSince(before)).length;
  const once = outcomes.filter((outcome) => outcome === 'done').length === 1 && answers.size === 1;
  return once && others.length === 0 && events === eventsOfOne ? 'done once' : `${outcomes.join()}, ${events} events`;
};

/** Another keyed route on which the same caller may do something, with the same key. */
const companionOf = ({ operation, caller }: { operation: Operation; caller: Mutation['caller'] }): Operation => {
  const role = caller.kind === 'anonymous' ? 'anonymous' : caller.role;
  const companions = {
    anonymous: ['apply-partner', 'resubmit-application'],
    partner_member: ['register-deal', 'withdraw-deal'],
    partner_admin: ['invite-user', 'create-api-key'],
    partner_manager: ['record-known-account', 'suspend-partner'],
    finance: ['pay-deal', 'refund-deal'],
    admin: ['record-known-account', 'publish-program'],
  } as const satisfies Record<string, readonly Operation[]>;
  const found = companions[role].find((it) => it !== operation);
  if (!found) throw new Error(`Name two keyed routes for ${role}.`);
  return found;
};

const onOtherRoute = async ({ operation, mutation, key }: Trial): Promise<Reply> => {
  const { caller } = mutation;
  const companion = companionOf({ operation, caller });
  const partnerId = (caller.kind !== 'anonymous' && caller.partnerId) || scene.partnerId;
  const { another: _another, otherBody: _other, ...asked } = await mutationOf(companion, { partnerId });
  return ask(companion, { ...asked, caller, key });
};

/** Over a thing that is there; the first evaluation replaces nothing. */
const needsVersion = (operation: Operation): boolean =>
  contracts.some((it) => it.operation === operation && it.needsVersion === true);

const repeats = async (first: Reply, work: () => Promise<Reply>): Promise<string> => {
  let same = false;
  const outcome = await watched(async () => {
    const reply = await work();
    same = hashOf(saidBy(reply)) === hashOf(saidBy(first));
    return reply;
  });
  return same ? `${outcome}, the same answer` : `${outcome}, another answer`;
};

let busy = false;
let tries = 0;

// Outside of the SDK's retries, which leave such cancellations to us.
documents.middlewareStack.add(
  (next) => async (given) => {
    if (!busy || !('TransactItems' in given.input)) return next(given);
    tries += 1;
    const CancellationReasons = [{ Code: 'None' }, { Code: 'TransactionConflict' }];
    throw new TransactionCanceledException({ message: 'Busy.', $metadata: {}, CancellationReasons });
  },
  { step: 'initialize', name: 'busy' },
);

/** Whatever is written meets another write of the same things, however often it is tried; nobody waits between the tries. */
const whileBusy = async (work: () => Promise<Reply>): Promise<string> => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  [busy, tries] = [true, 0];
  try {
    return `${outcomeOf(await work())} after ${tries} tries`;
  } finally {
    busy = false;
    random.mockRestore();
  }
};

/** What somebody else is told who comes with the same key when it has been done: what the rules say of the thing as it is now, and nothing of the key. */
const told: Readonly<Partial<Record<Operation, string>>> = {
  'accept-agreement': '409 state.transition_not_allowed',
  'accept-success-plan': '412 version.stale',
  'acknowledge-scorecard': '409 scorecard.already_acknowledged',
  'answer-tier-appeal': '412 version.stale',
  'appeal-tier': '409 partner.already_appealed',
  'apply-partner': '409 partner.duplicate',
  'attribute-deal': '409 deal.already_attributed',
  'claw-back-mdf-claim': '409 state.transition_not_allowed',
  'close-deal': '409 state.transition_not_allowed',
  'decide-approval': '412 version.stale',
  'dispute-earning': '409 state.transition_not_allowed',
  'dispute-mdf-claim': '409 state.transition_not_allowed',
  'extend-deal': '409 state.transition_not_allowed',
  'invite-user': '409 user.email_taken',
  'publish-quarter': '409 health.already_published',
  'refund-deal': '409 deal.churned',
  'register-deal': '409 deal.already_registered',
  'reinstate-partner': '409 state.transition_not_allowed',
  'report-milestone': '409 deal.milestone_reached',
  'report-usage': '409 deal.usage_reported',
  'resolve-payout': '404 not_found',
  'resubmit-application': '409 state.transition_not_allowed',
  'resubmit-deal': '409 state.transition_not_allowed',
  'resubmit-mdf-claim': '409 state.transition_not_allowed',
  'resubmit-mdf-request': '409 state.transition_not_allowed',
  'start-payout-run': '409 payout_run.already_running',
  'start-scoring-run': '409 scoring_run.already_running',
  'submit-mdf-claim': '409 mdf.budget_exceeded',
  'suspend-partner': '409 state.transition_not_allowed',
  'terminate-partner': '409 state.transition_not_allowed',
  'withdraw-deal': '409 state.transition_not_allowed',
  'withdraw-mdf-request': '409 state.transition_not_allowed',
};

const keyed = mutatingRoutes.filter(({ method }) => method === 'POST');
const unkeyed = mutatingRoutes.filter(({ method }) => method !== 'POST');

describe('when a POST comes with an Idempotency-Key', () => {
  test.each<Route>(keyed)(
    'then $operation keeps the seven cases, and waits for nobody for ever',
    async ({ operation }) => {
      const trial = await trialOf(operation);
      const { send, mutation } = trial;
      const before = await wholeTable();
      const refused = { 'missing key': outcomeOf(await send({ key: null })), 'always busy': await whileBusy(send) };
      const afterRefusals = await storedSince(before);
      const first = await send();
      const eventsOfOne = (await eventsSince(before)).length;
      expect(eventsOfOne).toBeGreaterThan(0);
      expect({
        ...refused,
        'after both': afterRefusals,
        first: outcomeOf(first),
        replay: await repeats(first, () => send()),
        'other body': await watched(() => send({ body: mutation.otherBody ?? {} })),
        'other caller, same key': outcomeOf(await send({ caller: mutation.another })),
        'other route, same key': outcomeOf(await onOtherRoute(trial)),
        'in flight': await sixAtOnce(await trialOf(operation), eventsOfOne),
      }).toEqual({
        'missing key': '400 idempotency.key_required',
        'always busy': '409 idempotency.in_flight after 6 tries',
        'after both': 'nothing stored',
        first: 'done',
        replay: 'replayed, nothing stored, the same answer',
        'other body': '422 idempotency.key_reused, nothing stored',
        'other caller, same key': told[operation] ?? 'done',
        'other route, same key': 'done',
        'in flight': 'done once',
      });
    },
  );
});

/** PATCH, PUT and DELETE need no key: what the caller has seen, and what it wants of it, tell a repeat from a new request. */
describe('when a change comes with If-Match instead', () => {
  test.each<Route>(unkeyed)(
    'then $operation keeps the seven cases, and waits for nobody for ever',
    async ({ operation, method }) => {
      const trial = await trialOf(operation);
      const { send, mutation } = trial;
      const { ifMatch: _ifMatch, ...unseen } = (await trialOf(operation)).mutation;
      const blind = await watched(() => ask(operation, unseen));
      const before = await wholeTable();
      const alwaysBusy = `${await whileBusy(send)}, ${await storedSince(before)}`;
      const first = await send();
      const eventsOfOne = (await eventsSince(before)).length;
      expect(eventsOfOne).toBe(1);
      expect({
        'nothing seen': blind,
        'always busy': alwaysBusy,
        first: outcomeOf(first),
        replay: await repeats(first, () => send()),
        'other body': await watched(() => send(mutation.otherBody ? { body: mutation.otherBody } : {})),
        'other caller, same version': await watched(() => send({ caller: mutation.another })),
        'other thing, same version': outcomeOf(await (await trialOf(operation)).send()),
        'in flight': await sixAtOnce(await trialOf(operation), eventsOfOne),
      }).toEqual({
        'nothing seen': needsVersion(operation) ? '428 version.required, nothing stored' : 'done, stored',
        'always busy': '409 idempotency.in_flight after 6 tries, nothing stored',
        first: 'done',
        replay: 'replayed, nothing stored, the same answer',
        // There is no body to differ in.
        'other body': method === 'DELETE' ? 'replayed, nothing stored' : '412 version.stale, nothing stored',
        'other caller, same version': '412 version.stale, nothing stored',
        'other thing, same version': 'done',
        'in flight': 'done once',
      });
    },
  );
});
