import { beforeAll, describe, expect, test } from 'vitest';
import { imbalance } from '#shared/core/journal.ts';
import { addDays } from '#shared/core/time.ts';
import { budgetIdOf } from '#shared/mdf/allocate-budget.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { freshPartner, now } from '#test/deals/at-the-deals-door.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { request } from '#test/support/every-door.ts';
import { admin, finance, manager, repOf } from '#test/support/people.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { allocate, aPlan, balancesOf, budgetOf, grant, submit, usd } from './a-fund-request.ts';

const endOfQuarter = '2026-10-01T00:00:00.000Z';
const daily = (time: string): Promise<void> => sweep({ schedule: 'open-quarter', time });

const inTier = async (tier: string): Promise<string> => {
  const partnerId = await anActivePartner();
  const body = { tier, reason: 'As agreed.' };
  const params = { partnerId };
  const { body: partner } = await request({ operation: 'get-partner', caller: manager, at: now, params });
  const ifMatch = Number(partner.version);
  const reply = await request({ operation: 'update-partner', caller: manager, at: now, params, body, ifMatch });
  expect(reply.status).toBe(200);
  return partnerId;
};

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

describe('when the quarter is opened', () => {
  test('then every active partner has what its tier gives, once, however often and at once it is opened', async () => {
    const [gold, platinum, authorized] = [await inTier('gold'), await inTier('platinum'), await anActivePartner()];
    await Promise.all([daily(now), daily(now), daily(now)].map((run) => run.catch(() => undefined)));
    await daily(addDays(now, 40));
    expect(await balancesOf(gold)).toMatchObject({ allocated: 500_000, available: 500_000 });
    expect(await balancesOf(platinum)).toMatchObject({ allocated: 2_000_000, available: 2_000_000 });
    expect(await budgetOf(authorized)).toEqual({});
    const [event, ...more] = await listEvents(budgetIdOf(gold, '2026-Q3'), 1, 10);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      type: 'mdf_budget.allocated',
      by: 'system',
      journals: [
        {
          lines: [
            { account: `mdf:${gold}:2026-Q3:available`, amountMinor: 500_000 },
            { account: 'program:mdf-allocated', amountMinor: -500_000 },
          ],
        },
      ],
    });
  });

  test('then what was given before stays, and what the tier gives is added', async () => {
    const gold = await inTier('gold');
    await grant(gold, 100_000);
    await daily(now);
    expect(await balancesOf(gold)).toMatchObject({ allocated: 600_000, available: 600_000 });
    const budget = await budgetOf(gold);
    expect(budget).toMatchObject({ status: 'open', expiresAt: endOfQuarter, version: 2 });
    expect(budget.allocations).toMatchObject([{ kind: 'discretionary' }, { kind: 'tier' }]);
  });

  test('then the next quarter has a budget of its own', async () => {
    const gold = await inTier('gold');
    await daily(now);
    await daily('2026-10-01T00:05:00.000Z');
    const query = { partnerId: gold };
    const { body } = await request({ operation: 'list-mdf-budgets', caller: repOf(gold), at: now, query });
    expect(body.data).toMatchObject([{ quarter: '2026-Q4' }, { quarter: '2026-Q3' }]);
  });
});

describe('when finance gives more', () => {
  test('then the budget has it, and a repeat with the same key gives it once', async () => {
    const partnerId = await freshPartner();
    const first = await allocate(partnerId, 250_000, { key: 'k1' });
    expect(first).toMatchObject({
      status: 201,
      body: { allocated: usd(250_000), available: usd(250_000), reserved: usd(0) },
      headers: { etag: '"1"' },
    });
    await grant(partnerId, 50_000);
    const again = await allocate(partnerId, 250_000, { key: 'k1', at: addDays(now, 3) });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toMatchObject({ version: 1, allocated: usd(250_000) });
    expect(await balancesOf(partnerId)).toMatchObject({ allocated: 300_000, available: 300_000 });
    const other = await allocate(partnerId, 250_001, { key: 'k1' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });

  test('then 40 grants at once are all given, and 20 tries of one are one', async () => {
    const partnerId = await freshPartner();
    const tries = Array.from({ length: 20 }, () => allocate(partnerId, 1_000, { key: 'same' }));
    const others = Array.from({ length: 4 }, () => allocate(partnerId, 1_000));
    const replies = await Promise.all([...tries, ...others]);
    const given = replies.filter(({ status, headers }) => status === 201 && !headers['idempotency-replayed']).length;
    expect(await balancesOf(partnerId)).toMatchObject({ allocated: given * 1_000, available: given * 1_000 });
    expect(replies.every(({ status }) => status === 201 || status === 412)).toBe(true);
  });

  test.each([
    ['nothing', { amount: usd(0) }, 400, '#/amount/amountMinor'],
    ['less than nothing', { amount: usd(-1) }, 400, '#/amount/amountMinor'],
    ['a part of a cent', { amount: usd(1.5) }, 400, '#/amount/amountMinor'],
    ['more than can be counted', { amount: usd(2 ** 53) }, 400, '#/amount/amountMinor'],
    ['another currency', { amount: { amountMinor: 1, currency: 'EUR' } }, 422, '#/amount/currency'],
    ['a quarter that is over', { quarter: '2026-Q2' }, 422, '#/quarter'],
    ['no quarter', { quarter: '2026-Q5' }, 400, '#/quarter'],
    ['an unknown kind', { kind: 'gift' }, 400, '#/kind'],
  ])('then %s is refused, naming the field', async (_, wrong, status, pointer) => {
    const partnerId = await freshPartner();
    const right = { partnerId, quarter: '2026-Q3', kind: 'discretionary', amount: usd(1) };
    const reply = await allocate(partnerId, 1, { body: { ...right, ...wrong } });
    expect(reply).toMatchObject({ status, body: { errors: [{ pointer }] } });
    expect(await budgetOf(partnerId)).toEqual({});
  });

  test('then what the tier gives is given once, a partner that is not there gets nothing, and nobody else gives', async () => {
    const gold = await inTier('gold');
    await daily(now);
    const tier = { partnerId: gold, quarter: '2026-Q3', kind: 'tier', amount: usd(1) };
    expect(await allocate(gold, 1, { body: tier })).toMatchObject({
      status: 409,
      body: { code: 'mdf.tier_budget_given' },
    });
    expect(await allocate('ptr_nobody', 1)).toMatchObject({ status: 404 });
    for (const caller of [manager, admin, repOf(gold)]) expect((await allocate(gold, 1, { caller })).status).toBe(403);
  });

  test('then a sum that could not be kept exactly is refused', async () => {
    const partnerId = await freshPartner();
    await grant(partnerId, Number.MAX_SAFE_INTEGER);
    expect(await allocate(partnerId, 1)).toMatchObject({ status: 422, body: { code: 'money.out_of_range' } });
  });
});

describe('when the quarter ends', () => {
  test('then what is left expires, once, and shows it at once even before the sweep', async () => {
    const partnerId = await freshPartner();
    const budgetId = await grant(partnerId, 300_000);
    expect(await budgetOf(partnerId, endOfQuarter)).toMatchObject({ status: 'expired', available: usd(0) });
    await Promise.all([1, 2, 3].map(() => sweep({ schedule: 'sweep', time: endOfQuarter })));
    expect(await balancesOf(partnerId, endOfQuarter)).toMatchObject({ available: 0, expired: 300_000 });
    const events = await listEvents(budgetId, 1, 10);
    expect(events.map(({ type }) => type)).toEqual(['mdf_budget.allocated', 'mdf_budget.expired']);
    expect(events.flatMap(({ journals = [] }) => journals.map(imbalance))).toEqual([undefined, undefined]);
    expect(events[1]?.journals?.[0]?.lines).toEqual([
      { account: `mdf:${partnerId}:2026-Q3:expired`, amountMinor: 300_000 },
      { account: `mdf:${partnerId}:2026-Q3:available`, amountMinor: -300_000 },
    ]);
  });

  test('then nothing can be asked of it any more', async () => {
    const partnerId = await freshPartner();
    await grant(partnerId, 1_000_000);
    const reply = await submit(partnerId, aPlan(), { at: endOfQuarter });
    expect(reply.body).toMatchObject({ code: 'mdf.dates_out_of_range' });
  });
});

describe('when budgets are listed', () => {
  test('then partners see their own, staff all of a quarter', async () => {
    const [mine, theirs] = [await freshPartner(), await freshPartner()];
    await grant(mine, 1);
    await grant(theirs, 1);
    const list = (caller: typeof finance, query: Record<string, string>) =>
      request({ operation: 'list-mdf-budgets', caller, at: now, query });
    expect((await list(repOf(mine), {})).body.data).toMatchObject([{ partnerId: mine }]);
    expect((await list(repOf(mine), { partnerId: theirs })).status).toBe(404);
    const all = (await list(finance, { quarter: '2026-Q3', limit: '100' })).body.data as { partnerId: string }[];
    expect(all.map(({ partnerId }) => partnerId)).toEqual(expect.arrayContaining([mine, theirs]));
    expect((await list(finance, { quarter: '2031-Q1' })).body.data).toEqual([]);
  });
});
