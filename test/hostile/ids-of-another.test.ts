import { beforeAll, describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { contracts } from '#functions/docs/contracts.ts';
import { type AccessRow, access, type Operation, scopes } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { askings, type Things } from '#test/access/askings.ts';
import { thingsOfAPartner } from '#test/access/things-of.ts';
import { aSubmittedClaim } from '#test/mdf/a-claim.ts';
import { allocate, usd } from '#test/mdf/a-fund-request.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import type { Call, Reply } from '#test/support/call.ts';
import { handledRoutes } from '#test/support/every-door.ts';
import { adminOf, repOf } from '#test/support/people.ts';
import { ask } from './asked.ts';
import { put } from './marked-body.ts';

let own: Things;
let others: Things;

/** A second of everything that is listed, so that every list goes on. */
const addSeconds = async (things: Things): Promise<void> => {
  const [caller, dealer] = [adminOf(things.partnerId), repOf(things.partnerId)];
  for (const operation of ['invite-user', 'create-api-key'] as const) {
    await ask(operation, { caller, ...askings[operation].call(things, caller) });
  }
  await ask('register-deal', { caller: dealer, ...askings['register-deal'].call(things, dealer) });
  await aSubmittedClaim(things.partnerId);
  await allocate(things.partnerId, 1, {
    body: { partnerId: things.partnerId, quarter: '2026-Q4', kind: 'discretionary', amount: usd(1) },
  });
  await ask('withdraw-deal', { caller: dealer, params: { dealId: things.dealId }, body: {} });
};

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PAYEE_SECRET = 'secret';
  process.env.STRIPE_WEBHOOK_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(aProgram());
  [own, others] = [await thingsOfAPartner(), await thingsOfAPartner()];
  for (const things of [own, others]) await addSeconds(things);
});

const shapeOf = (schema: z.ZodType | undefined): readonly string[] =>
  Object.keys((schema as z.ZodObject | undefined)?.shape ?? {});

type Source = 'params' | 'query' | 'body';

interface Place {
  readonly operation: Operation;
  readonly source: Source;
  readonly name: string;
}

/** Every parameter in which a thing, or a place in a list, is named: in the path, the query or the body. */
const places: readonly Place[] = handledRoutes.flatMap(({ operation }) => {
  const contract = contracts.find((it) => it.operation === operation);
  return (['params', 'query', 'body'] as const).flatMap((source) =>
    shapeOf(contract?.[source])
      .filter((name) => name === 'cursor' || name === 'subject' || name.endsWith('Id'))
      .map((name) => ({ operation, source, name })),
  );
});

const valuesOf = ({ approvalFor, ...ids }: Things): readonly string[] => [
  ...Object.values(ids),
  approvalFor('partner_manager'),
];

const nobodys = (value: string): string => value.replace(/[0-9A-Za-z]{26}/, '0'.repeat(26));

const callersOf = (partnerId: string, row: AccessRow): readonly Caller[] => [
  repOf(partnerId),
  adminOf(partnerId),
  ...(row.scope ? [{ kind: 'api_key', id: 'key_x', role: 'partner_admin', partnerId, scopes } as const] : []),
];

const withValue = (call: Partial<Call>, { source, name }: Place, value: string): Partial<Call> => ({
  ...call,
  // Every source is an object of the call.
  [source]: put(call[source] ?? {}, [name], value),
});

/** All that an answer says, but for the request's id, and how many checks are left. */
const saidBy = ({ status, body, headers }: Reply): unknown => {
  const { requestId: _id, ...said } = body;
  const told = Object.entries(headers).filter(([name]) => !/^(x-request-id|ratelimit)/.test(name));
  return { status, said, told };
};

const cursorOf = async (operation: Operation, caller: Caller, things: Things): Promise<string | undefined> => {
  const { query, ...call } = askings[operation].call(things, caller);
  const { body } = await ask(operation, { caller, ...call, query: { ...query, limit: '1' } });
  return typeof body.nextCursor === 'string' ? body.nextCursor : undefined;
};

describe('when a partner names in any parameter what is another’s', () => {
  const named = places.filter(({ name }) => name !== 'cursor');

  test.each(named)('then $operation answers as to what is not there (in $source, $name)', async (place) => {
    const { operation } = place;
    for (const caller of callersOf(own.partnerId, access[operation])) {
      const right = askings[operation].call(own, caller);
      for (const value of valuesOf(others)) {
        // A body that makes something is sent without effect, or names another customer each time.
        const theirs = await ask(operation, {
          caller,
          ...withValue(right, place, value),
          key: `of ${value}`.replace(/ /g, '-'),
        });
        const missing = await ask(operation, {
          caller,
          ...withValue(right, place, nobodys(value)),
          key: `no ${value}`.replace(/ /g, '-'),
        });
        expect(saidBy(theirs)).toEqual(saidBy(missing));
        // A filter may as well find nothing.
        if (theirs.status < 400) expect(theirs.body).toEqual({ data: [], nextCursor: null });
      }
    }
  });

  const lists = places.filter(({ operation, name }) => name === 'cursor' && 'partner_admin' in access[operation]);
  /** A partner sees itself, its score of a quarter, and here one payout. */
  const ofOne: readonly Operation[] = ['list-partners', 'list-health', 'list-payouts'];

  test.each(lists)('then $operation goes on with nobody’s cursor but the caller’s', async ({ operation }) => {
    const row: AccessRow = access[operation];
    const ownCursor = await cursorOf(operation, adminOf(others.partnerId), others);
    // What has no second page here is tried with the cursor of another list.
    const list = ownCursor === undefined ? 'list-deals' : operation;
    const theirs = ownCursor ?? (await cursorOf(list, adminOf(others.partnerId), others)) ?? 'none';
    expect(theirs).not.toBe('none');
    expect([operation, list]).toEqual([operation, ofOne.includes(operation) ? 'list-deals' : operation]);
    const mine = (await cursorOf(list, adminOf(own.partnerId), own)) ?? 'none';
    for (const caller of callersOf(own.partnerId, row)) {
      const { query, ...call } = askings[operation].call(own, caller);
      const goOn = (cursor: string): Promise<Reply> =>
        ask(operation, { caller, ...call, query: { ...query, limit: '1', cursor } });
      const nonsense = saidBy(await goOn('AAAAAAAAAAAAAAAAAAAAAAAAAAAA'));
      expect(saidBy(await goOn(theirs))).toEqual(nonsense);
      const isMine = list === operation && caller.id === adminOf(own.partnerId).id;
      const reply = await goOn(mine);
      if (isMine) expect(reply.status).toBe(200);
      else expect(saidBy(reply)).toEqual(nonsense);
    }
  });
});
