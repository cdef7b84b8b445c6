import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { contracts } from '#functions/docs/contracts.ts';
import type { Operation } from '#shared/core/access.ts';
import type { FieldError } from '#shared/core/errors.ts';
import { fullBody } from '#test/openapi/schemas.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgramWithReports, publish } from '#test/support/a-program.ts';
import type { Reply } from '#test/support/call.ts';
import { ask, mutatingRoutes, wholeTable } from './asked.ts';
import { type Mutation, mutations } from './mutations.ts';

let own: string;
let others: string;

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PAYEE_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(aProgramWithReports());
  [own, others] = [await anActivePartner(), await anActivePartner()];
});

const bodyOf = (operation: Operation): z.ZodType | undefined =>
  contracts.find((it) => it.operation === operation)?.body;
const withBody = mutatingRoutes.filter(({ operation }) => bodyOf(operation));

/** Those whose bodies name criteria of the program. */
const criteria: readonly Operation[] = ['apply-partner', 'resubmit-application', 'evaluate-partner'];
const withRecords = withBody.filter(({ operation }) => criteria.includes(operation));

const mutationOf = async (operation: Operation): Promise<Mutation> => {
  const prepare = mutations[operation];
  if (!prepare) throw new Error(`test/hostile/mutations.ts has no row for ${operation}.`);
  return prepare({ partnerId: own });
};

const instant = '2020-01-01T00:00:00.000Z';
const money = { amountMinor: 1, currency: 'USD' };

/** What only the system, the program or somebody else sets, and what no JSON should bring. */
const privileged = (): Readonly<Record<string, unknown>> => ({
  // A literal would set the prototype instead.
  ...JSON.parse('{"__proto__": {"role": "admin", "planted": true}}'),
  constructor: { prototype: { planted: true } },
  prototype: { planted: true },
  toString: 'planted',
  hasOwnProperty: 'planted',
  id: 'deal_planted',
  pk: 'planted',
  sk: 'planted',
  kind: 'user',
  status: 'approved',
  version: 99,
  head: 'planted',
  createdAt: instant,
  updatedAt: instant,
  doneKeys: { planted: '1.planted' },
  statusKey: 'planted',
  statusSort: 'planted',
  dueKey: 'planted',
  dueAt: instant,
  due: { what: 'expire', at: instant },
  expiresAt: 1,
  partnerId: others,
  ownerId: 'usr_planted',
  tier: 'platinum',
  tierReason: 'planted',
  approvals: 99,
  awaits: { approvalId: 'apr_planted_1' },
  attributions: [{ partnerId: others, role: 'sourced', sharePercent: 100 }],
  sharePercent: 100,
  programVersion: 99,
  approvedAt: instant,
  protectedUntil: '2099-01-01T00:00:00.000Z',
  extendedAt: instant,
  warnedDays: [1],
  firstDealApprovedAt: instant,
  agreement: { version: 'planted', acceptedAt: instant },
  signer: { name: 'planted', title: 'planted' },
  checks: [],
  evaluationScore: 5,
  needsAttention: 'planted',
  terminatedBefore: false,
  closing: { outcome: 'won', closedOn: '2020-01-01' },
  steps: [],
  decisions: [],
  requiredRole: 'admin',
  submittedBy: 'usr_planted',
  by: 'usr_planted',
  at: instant,
  grantedAt: instant,
  grantedBy: 'usr_planted',
  mailbox: 'planted@acme.example',
  tokenHash: 'planted',
  token: 'tk_live_planted',
  callerId: 'usr_planted',
  scopes: ['partners:read', 'known-accounts:write'],
  role: 'admin',
  openDeals: 0,
  autoApproveBelow: money,
  payableAt: instant,
  holdUntil: instant,
  'customer.domain': 'planted.example',
  $where: 'planted',
});

/** An object of the contract that may be told its members: where a body, or something in it, is a strict object. */
interface Place {
  readonly pointer: string;
  readonly members: ReadonlySet<string>;
  /** In a record of the program's own names, what stands under one of them. */
  readonly sample?: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every object in a right body, with the names its schema knows; a record knows none. */
const placesIn = (value: unknown, schema: unknown, pointer = '#'): readonly Place[] => {
  if (schema instanceof z.ZodNullable) return placesIn(value, schema.unwrap(), pointer);
  if (schema instanceof z.ZodUnion) {
    return placesIn(
      value,
      schema.options.find((it) => (it as z.ZodType).safeParse(value).success),
      pointer,
    );
  }
  if (schema instanceof z.ZodOptional) return placesIn(value, schema.unwrap(), pointer);
  if (schema instanceof z.ZodArray && Array.isArray(value)) return placesIn(value[0], schema.element, `${pointer}/0`);
  if (!isObject(value)) return [];
  if (schema instanceof z.ZodRecord) {
    const inner = Object.entries(value).flatMap(([name, it]) => placesIn(it, schema.valueType, `${pointer}/${name}`));
    return [{ pointer, members: new Set(), sample: Object.values(value)[0] }, ...inner];
  }
  if (!(schema instanceof z.ZodObject)) return [];
  const members = new Set(Object.keys(schema.shape));
  const inner = [...members].flatMap((name) => placesIn(value[name], schema.shape[name], `${pointer}/${name}`));
  return [{ pointer, members }, ...inner];
};

/** A copy of a body with more members in the object at `pointer`; names such as `__proto__` become members like any other. */
const planted = (body: unknown, pointer: string, members: Readonly<Record<string, unknown>>): object => {
  const copy = structuredClone(body) as Record<string, unknown>;
  const at = pointer
    .split('/')
    .slice(1)
    .reduce((inner, step) => inner[step] as Record<string, unknown>, copy);
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(at, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return copy;
};

const pointersOf = ({ body }: Reply): ReadonlySet<string> =>
  new Set(((body.errors ?? []) as readonly FieldError[]).map(({ pointer }) => pointer));

/** Fields of a contract that look privileged and may be named by whoever may call it: here the other partner is what an attribution is about. */
const allowed: Readonly<Partial<Record<Operation, readonly string[]>>> = {
  'attribute-deal': ['partnerId', 'sharePercent'],
  // Finance names the partner that it gives to.
  'allocate-mdf-budget': ['partnerId'],
  // So does whoever asks for a bonus, and says what it is.
  'submit-bonus': ['partnerId'],
  // A source has ids of its own, and staff tells of any partner; a row of a strange kind is refused by itself.
  'report-facts': ['id', 'kind', 'partnerId'],
};

describe('when a body brings what its sender may not set', () => {
  test.each(withBody)('then $operation refuses all of it by name, everywhere', async ({ operation }) => {
    const mutation = await mutationOf(operation);
    const { another: _another, otherBody: _other, ...right } = mutation;
    const before = await wholeTable();
    // The right body, and one with everything in it that may be there.
    const places = [right.body, fullBody(operation)].flatMap((base) =>
      placesIn(base, bodyOf(operation)).map((place) => ({ ...place, base })),
    );
    expect(places.length).toBeGreaterThan(1);
    for (const { base, pointer, members, sample } of places) {
      if (sample !== undefined) continue;
      const strange = Object.entries(privileged()).filter(([name]) => !members.has(name));
      const body = planted(base, pointer, Object.fromEntries(strange));
      const reply = await ask(operation, { ...right, body });
      const named = pointersOf(reply);
      const unnamed = strange.map(([name]) => `${pointer}/${name}`).filter((it) => !named.has(it));
      expect([reply.status, pointer, unnamed]).toEqual([400, pointer, []]);
    }
    expect(await wholeTable()).toEqual(before);
    // It was the planting that was refused: without it the request is right.
    expect((await ask(operation, right)).status).toBeLessThan(300);
  });

  test.each(withRecords)('then $operation takes no criterion of such a name', async ({ operation }) => {
    const { another: _another, otherBody: _other, ...right } = await mutationOf(operation);
    const before = await wholeTable();
    for (const { pointer, sample } of placesIn(right.body, bodyOf(operation))) {
      if (sample === undefined) continue;
      for (const name of Object.keys(privileged())) {
        if (name === '__proto__') continue;
        const body = planted(right.body, pointer, { [name]: sample });
        const reply = await ask(operation, { ...right, body });
        expect([name, reply.status, [...pointersOf(reply)]]).toEqual([
          name,
          expect.toSatisfy((status: number) => status === 400 || status === 422),
          [`${pointer}/${name}`],
        ]);
      }
    }
    expect(await wholeTable()).toEqual(before);
  });

  test.each(withRecords)('then a prototype among the criteria of $operation is left out', async ({ operation }) => {
    const { another: _another, otherBody: _other, ...right } = await mutationOf(operation);
    const record = placesIn(right.body, bodyOf(operation)).find(({ sample }) => sample !== undefined);
    const members = JSON.parse('{"__proto__": {"score": 5, "note": "planted", "admin": true}}');
    await ask(operation, { ...right, body: planted(right.body, record?.pointer ?? '#', members) });
    const stored = [...(await wholeTable()).values()].filter((item) => /planted|__proto__/.test(item));
    expect(stored).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });

  test.each(withBody)('then what $operation knows by such a name is not given by it', async ({ operation }) => {
    const mutation = await mutationOf(operation);
    const { another: _another, otherBody: _other, ...right } = mutation;
    const before = await wholeTable();
    for (const { pointer, members } of placesIn(right.body, bodyOf(operation))) {
      for (const [name, value] of Object.entries(privileged())) {
        if (!members.has(name) || allowed[operation]?.includes(name)) continue;
        const { status } = await ask(operation, { ...right, body: planted(right.body, pointer, { [name]: value }) });
        expect([pointer, name, status]).toEqual([
          pointer,
          name,
          expect.toSatisfy((it: number) => it >= 400 && it < 500),
        ]);
      }
    }
    expect(await wholeTable()).toEqual(before);
  });
});
