import { beforeAll, describe, expect, test } from 'vitest';
import { type AccessRow, access, type Operation, scopes } from '#shared/core/access.ts';
import { type Caller, isStaff, roles } from '#shared/core/caller.ts';
import { now } from '#test/partners/a-partner.ts';
import { stripeSecrets } from '#test/payouts/stripe-books.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import type { Reply } from '#test/support/call.ts';
import { handledRoutes, request } from '#test/support/every-door.ts';
import { askings, type Things } from './askings.ts';
import { thingsOfAPartner, thingsOfNobody } from './things-of.ts';

let own: Things;
let others: Things;

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PAYEE_SECRET = 'secret';
  process.env.STRIPE_WEBHOOK_SECRET = stripeSecrets.webhook;
  await testTable({ activity: true });
  await publish(aProgram());
  [own, others] = [await thingsOfAPartner(), await thingsOfAPartner()];
});

const ownerships = ['own', 'another’s', 'missing'] as const;
type Ownership = (typeof ownerships)[number];
const thingsOf = (ownership: Ownership): Things => ({ own, 'another’s': others, missing: thingsOfNobody })[ownership];

/** Everybody who might ask: nobody, people of each role, and keys of each role made for this, for all else, or for nothing. */
const callersOf = (operation: Operation): readonly (readonly [label: string, caller: Caller])[] => {
  const row: AccessRow = access[operation];
  const keys = {
    'made for it': row.scope === undefined ? scopes : [row.scope],
    'made for all else': scopes.filter((scope) => scope !== row.scope),
    'made for nothing': [],
  };
  return [
    ['nobody signed in', { kind: 'anonymous', id: 'anonymous' }],
    ['a partner’s person without a partner', { kind: 'user', id: 'usr_lost', role: 'partner_admin' }],
    ...roles.flatMap((role): (readonly [string, Caller])[] => {
      const of = isStaff(role) ? {} : { partnerId: own.partnerId };
      return [
        [role, { kind: 'user', id: `usr_${role}`, role, ...of }],
        ...Object.entries(keys).map(([made, granted]): [string, Caller] => [
          `a key of a ${role} ${made}`,
          { kind: 'api_key', id: `key_${role}`, role, scopes: granted, ...of },
        ]),
      ];
    }),
  ];
};

/** Straight from the table: not at all, its own only, or whatever there is. */
const reachIn = (row: AccessRow, caller: Caller): 'none' | 'own' | 'any' => {
  if (row.anyone) return 'any';
  if (caller.kind === 'anonymous') return 'none';
  if (caller.kind === 'api_key' && !(row.scope && caller.scopes?.includes(row.scope))) return 'none';
  if (!isStaff(caller.role) && caller.partnerId === undefined) return 'none';
  return row[caller.role] ?? 'none';
};

type Expected = 'refused' | 'not found' | 'let in' | 'let in or not found';

const expectedOf = (operation: Operation, caller: Caller, ownership: Ownership): Expected => {
  const { about } = askings[operation];
  const reach = reachIn(access[operation], caller);
  if (reach === 'none') return 'refused';
  if (about === 'nothing') return access[operation as 'get-program'].anyone ? 'let in or not found' : 'let in';
  if (ownership === 'own' || (reach === 'any' && ownership === 'another’s')) return 'let in';
  // A list of a partner that is not there may be empty, or say so.
  return reach === 'any' && about === 'named' ? 'let in or not found' : 'not found';
};

const answered = (reply: Reply): Expected | string => {
  if (reply.status === 403 && reply.body.code === 'auth.forbidden') return 'refused';
  if (reply.status === 404 && reply.body.code === 'not_found') return 'not found';
  return reply.status >= 500 || reply.status === 403 || reply.status === 400
    ? `${reply.status} ${reply.body.code} ${reply.body.detail}`
    : 'let in';
};

const ask = (operation: Operation, caller: Caller, ownership: Ownership): Promise<Reply> =>
  request({ operation, caller, at: now, ...askings[operation].call(thingsOf(ownership), caller) });

const fits = (expected: Expected, actual: string): boolean =>
  expected === 'let in or not found' ? ['let in', 'not found'].includes(actual) : actual === expected;

describe('when the access table says who may', () => {
  test.each(handledRoutes)(
    'then $operation lets in whom it names, to what is theirs, and nobody else',
    async ({ operation }) => {
      const wrong: string[] = [];
      for (const [label, caller] of callersOf(operation)) {
        for (const ownership of ownerships) {
          const actual = answered(await ask(operation, caller, ownership));
          const expected = expectedOf(operation, caller, ownership);
          if (!fits(expected, actual)) wrong.push(`${label}, ${ownership}: ${actual} instead of ${expected}`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );
});

/** All that an answer says, but for the id of the request. */
const saidBy = ({ status, body, headers }: Reply): unknown => {
  const { requestId: _id, ...said } = body;
  const { 'x-request-id': _header, ...told } = headers;
  return { status, said, told };
};

const aboutPartners = handledRoutes.filter((route) => askings[route.operation].about !== 'nothing');

describe('when a partner asks for what is another’s', () => {
  test.each(aboutPartners)('then $operation answers as if it were not there', async ({ operation }) => {
    for (const [, caller] of callersOf(operation)) {
      if (reachIn(access[operation], caller) === 'any') continue;
      expect(saidBy(await ask(operation, caller, 'another’s'))).toEqual(
        saidBy(await ask(operation, caller, 'missing')),
      );
    }
  });

  test.each(handledRoutes)('then no answer of $operation holds anything of another partner', async ({ operation }) => {
    for (const [, caller] of callersOf(operation)) {
      if (reachIn(access[operation], caller) !== 'own') continue;
      const { text } = await ask(operation, caller, 'own');
      for (const id of [others.partnerId, others.dealId, others.userId, others.apiKeyId])
        expect(text).not.toContain(id);
    }
  });
});

describe('when a route is in the table of contents', () => {
  test.each(handledRoutes)('then $operation is answered by its door', async ({ operation }) => {
    const anybody: Caller = { kind: 'user', id: 'usr_x', role: 'partner_manager' };
    const { status, body } = await ask(operation, anybody, 'own');
    // A door answers a route without a handler as a thing that is not there.
    const refusedFirst = reachIn(access[operation], anybody) === 'none';
    const tokenIsGuessed = operation === 'get-application' || operation === 'resubmit-application';
    if (!tokenIsGuessed) expect({ status, code: body.code }).not.toMatchObject({ status: 404 });
    if (refusedFirst) expect(status).toBe(403);
  });
});
