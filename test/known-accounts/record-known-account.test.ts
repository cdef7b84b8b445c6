import { beforeAll, describe, expect, test, vi } from 'vitest';
import { handler as deals } from '#functions/deals/door.ts';
import { handler } from '#functions/known-accounts/door.ts';
import { brokenLink } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { documents } from '#shared/platform/table.ts';
import { anActivePartner, aRegistration } from '#test/deals/a-deal.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { admin, finance, manager, repOf } from '#test/support/people.ts';

const now = '2026-07-01T12:00:00.000Z';
let serial = 0;
const freshSite = (): string => {
  serial += 1;
  return `https://www.known-${serial}.example`;
};

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const report = (overrides: Record<string, unknown> = {}) => ({
  companyName: 'Acme Industries',
  websiteUrl: freshSite(),
  openOpportunity: true,
  customerSince: '2024-02-29',
  ...overrides,
});
const tell = (body: unknown, more: Partial<Call> = {}): Promise<Reply> =>
  send(handler, { operation: 'record-known-account', caller: manager, at: now, body, ...more });

const small = { amountMinor: 1_000_000, currency: 'USD' };
const large = { amountMinor: 9_000_000, currency: 'USD' };
const registerDeal = async (websiteUrl: string, overrides: Record<string, unknown> = {}): Promise<Reply> => {
  const partner = await anActivePartner(`ptr_${websiteUrl.replace(/\W/g, '')}${JSON.stringify(overrides).length}`);
  const customer = { companyName: 'Acme', websiteUrl, countryCode: 'US' };
  const body = aRegistration({ customer, value: small, ...overrides });
  return send(deals, { operation: 'register-deal', caller: repOf(partner), at: now, body });
};

describe('when staff records an account that direct sales knows', () => {
  test('then it is known by its registrable domain, with an ETag', async () => {
    const body = report();
    const reply = await tell(body);
    expect(reply).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
      body: {
        ...body,
        status: 'known',
        version: 1,
        domain: `known-${serial}.example`,
        ownerId: manager.id,
        conflicts: [],
      },
    });
    expect(reply.body.id).toMatch(/^acc_[0-9A-Z]{26}$/);
    expect(reply.body).not.toHaveProperty('head');
  });

  test('then it is known even when nothing is open and nobody bought yet', async () => {
    const { customerSince: _since, ...body } = report({ openOpportunity: false });
    await tell(body);
    const { websiteUrl } = body;
    const partner = await anActivePartner('ptr_asks');
    const check = {
      operation: 'check-deal',
      caller: repOf(partner),
      at: now,
      body: { websiteUrl, productLine: 'platform' },
    } as const;
    expect((await send(deals, check)).body).toEqual({ outcome: 'review' });
  });

  test('then a small registration of it is no longer approved at once', async () => {
    const body = report();
    await tell(body);
    expect((await registerDeal(body.websiteUrl)).body).toMatchObject({ status: 'submitted' });
  });

  test('then another spelling of its address is the same account, and tells what is new', async () => {
    const body = report();
    const first = await tell(body);
    const again = await tell({
      companyName: 'Acme Industries',
      websiteUrl: body.websiteUrl.replace('https://www.', 'http://shop.'),
      openOpportunity: false,
    });
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id, version: 2, openOpportunity: false } });
    expect(again.body).not.toHaveProperty('customerSince');
  });

  test('then the same report under another key is recorded too, so that its key is remembered', async () => {
    const body = report();
    await tell(body);
    expect(await tell(body, { key: 'later' })).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await tell({ ...body, openOpportunity: false }, { key: 'later' })).toMatchObject({ status: 422 });
  });

  test('then its history is a chain of its own, for staff only', async () => {
    const body = report();
    const { id } = (await tell(body)).body;
    await tell({ ...body, openOpportunity: false });
    const events = await listEvents(String(id), 1, 10);
    expect(events.map((event) => event.type)).toEqual(['known-account.recorded', 'known-account.updated']);
    expect(events.map((event) => event.partnerId)).toEqual([undefined, undefined]);
    expect(brokenLink(events)).toBeUndefined();
  });
});

describe('when partners have registered the customer', () => {
  test('then an approved registration conflicts with the direct opportunity', async () => {
    const body = report();
    const deal = await registerDeal(body.websiteUrl);
    const { id: dealId, partnerId, productLine, protectedUntil } = deal.body;
    expect((await tell(body)).body.conflicts).toEqual([{ dealId, partnerId, productLine, protectedUntil }]);
  });

  test('then one on each product line does', async () => {
    const body = report();
    await registerDeal(body.websiteUrl);
    await registerDeal(body.websiteUrl, { productLine: aProgram().productLines[1]?.id });
    expect((await tell(body)).body.conflicts).toHaveLength(2);
  });

  test('then one that is only submitted does not yet', async () => {
    const body = report();
    await registerDeal(body.websiteUrl, { value: large });
    expect((await tell(body)).body.conflicts).toEqual([]);
  });

  test('then one whose protection has ended does no longer, swept or not', async () => {
    const body = report();
    await registerDeal(body.websiteUrl);
    expect((await tell(body, { at: addDays(now, 90) })).body.conflicts).toEqual([]);
  });

  test('then without an open opportunity there is nothing to conflict with', async () => {
    const body = report({ openOpportunity: false });
    await registerDeal(body.websiteUrl);
    expect((await tell(body)).body.conflicts).toEqual([]);
  });

  test('then of registrations at the same time those that were first conflict, and those that came later are reviewed', async () => {
    const lines = aProgram().productLines.map((line) => line.id);
    for (let round = 0; round < 10; round += 1) {
      const body = report();
      const [told, ...registered] = await Promise.all([
        tell(body),
        ...lines.map((productLine) => registerDeal(body.websiteUrl, { productLine })),
      ]);
      const approved = registered.filter((reply) => reply.body.status === 'approved').map((reply) => reply.body.id);
      const conflicts = told.body.conflicts as readonly { dealId: string }[];
      expect(conflicts.map((conflict) => conflict.dealId).sort()).toEqual(approved.sort());
    }
  });
});

describe('when a request is repeated', () => {
  test('then the same key and body give the first answer, whatever came after it', async () => {
    const body = report();
    const first = await tell(body, { key: 'first' });
    await tell({ ...body, openOpportunity: false }, { key: 'second' });
    const again = await tell(body, { key: 'first' });
    expect(again).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true', etag: '"1"' } });
    expect(again.body).toEqual(first.body);
    const second = await tell({ ...body, openOpportunity: false }, { key: 'second' });
    expect(second).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' }, body: { version: 2 } });
  });

  test('then the same key with another body is refused', async () => {
    const body = report();
    await tell(body, { key: 'once' });
    const other = await tell({ ...body, companyName: 'Apex' }, { key: 'once' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });

  test('then 20 tries at once record it once', async () => {
    const body = report();
    const replies = await Promise.all(Array.from({ length: 20 }, () => tell(body, { key: 'race' })));
    expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: 20 }, () => 201));
    expect(replies.filter((reply) => reply.headers['idempotency-replayed'])).toHaveLength(19);
    expect(await listEvents(String(replies[0]?.body.id), 1, 10)).toHaveLength(1);
  });

  test('then a version that has passed is told', async () => {
    const body = report();
    await tell(body);
    await tell({ ...body, openOpportunity: false });
    expect(await tell(body, { ifMatch: 1 })).toMatchObject({ status: 412, body: { code: 'version.stale' } });
  });
});

describe('when requests to the table are counted', () => {
  const countOf = async (work: () => Promise<unknown>): Promise<number> => {
    const spy = vi.spyOn(documents, 'send');
    await work();
    const { length } = spy.mock.calls;
    spy.mockRestore();
    return length;
  };

  test('then a new account is one, its repeat one, a reused key one', async () => {
    const body = report();
    const work = (more: object) => () => tell({ ...body, ...more }, { key: 'count' });
    // The program in force is read once a minute, before any of these.
    await tell(report());
    expect(await countOf(work({}))).toBe(1);
    expect(await countOf(work({}))).toBe(1);
    expect(await countOf(work({ companyName: 'Apex' }))).toBe(1);
  });

  test('then one that is known, or held, costs a wrong guess, a read and a write, and a read of the deals it is held by', async () => {
    const body = report();
    await tell(body);
    expect(await countOf(() => tell(body))).toBe(3);
    await registerDeal(body.websiteUrl);
    expect(await countOf(() => tell(body))).toBe(4);
  });
});

describe('when the request is not in order', () => {
  test.each([
    ['a partner', 403, repOf('ptr_1')],
    ['finance', 403, finance],
    ['an administrator', 201, admin],
  ] as const)('then %s gets %i', async (_label, status, caller) => {
    expect((await tell(report(), { caller })).status).toBe(status);
  });

  test('then all faulty fields are named', async () => {
    const reply = await tell({
      companyName: '',
      websiteUrl: 'localhost',
      openOpportunity: 'yes',
      customerSince: '2026-02-29',
    });
    const errors = reply.body.errors as readonly { pointer: string }[];
    expect(errors.map((error) => error.pointer)).toEqual([
      '#/companyName',
      '#/websiteUrl',
      '#/openOpportunity',
      '#/customerSince',
    ]);
  });
});
