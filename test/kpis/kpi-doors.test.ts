import { beforeAll, describe, expect, it } from 'vitest';
import { openKpiRecords } from '#local/commands/kpi-records.ts';
import { company, type Fact } from '#shared/facts/fact.ts';
import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { type PartnerFacts, tellProfile } from '#shared/facts/partner-facts.ts';
import { keepSums } from '#shared/kpis/kpi-store.ts';
import { addToSums, noSums } from '#shared/kpis/kpi-sums.ts';
import { transact } from '#shared/platform/table.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import type { Call } from '#test/support/call.ts';
import { request } from '#test/support/every-door.ts';
import { admin, finance, manager } from '#test/support/people.ts';
import { wholeItems } from '#test/support/whole-table.ts';

const at = '2026-10-03T08:00:00.000Z';
const program = aProgram();
const profile = { status: 'active', tier: 'gold', region: 'amer', types: ['reseller'] };

const ask = (operation: Call['operation'], call: Partial<Call> = {}) =>
  request({ operation, caller: manager, at, ...call });

const second = (day: string): number => Date.parse(`${day}T12:00:00Z`) / 1000;

const fact = (partnerId: string, kind: FactKindId, told: { value: number; day: string; id: string }): Fact => ({
  partnerId,
  kind,
  quarter: '2026-Q3',
  id: told.id,
  value: told.value,
  at: second(told.day),
});

const factsOf = (partnerId: string): readonly Fact[] => [
  { partnerId, kind: 'partner.profile', quarter: '2024-Q1', id: '', value: 1, at: 0, about: tellProfile(profile) },
  fact(partnerId, 'deal.won.sourced.new', { value: 4_000_000, day: '2026-07-10', id: 'a' }),
  fact(partnerId, 'deal.won.sourced.renewal', { value: 1_000_000, day: '2026-08-10', id: 'b' }),
  fact(partnerId, 'deal.lost', { value: 900_000, day: '2026-08-11', id: 'c' }),
  fact(partnerId, 'deal.registered.new', { value: 900_000, day: '2026-09-11', id: 'd' }),
  fact(partnerId, 'deal.approved', { value: 6_000_000, day: '2026-09-11', id: 'e' }),
];

const direct: readonly Fact[] = [
  fact(company, 'direct.won.new', { value: 15_000_000, day: '2026-07-01', id: 'x' }),
  fact(company, 'direct.lost', { value: 15_000_000, day: '2026-07-02', id: 'y' }),
  fact(company, 'direct.pipeline', { value: 14_000_000, day: '2026-07-03', id: 'z' }),
];

let partners: readonly string[] = [];

const sumsOf = (those: readonly PartnerFacts[]) => {
  const sums = noSums();
  for (const each of those) addToSums(sums, each, program);
  return sums;
};

const run = { quarter: '2026-Q3', runId: 'scr_1', at, programVersion: 1 };

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(program);
  partners = [await anActivePartner(), await anActivePartner()];
  const all = [...partners.map(factsOf), direct].flat();
  await putFacts(all);
  const looked = partners.map((partnerId) => ({ partnerId, quarter: '2026-Q3', profile, facts: factsOf(partnerId) }));
  const own = { partnerId: company, quarter: '2026-Q3', profile: { ...profile, types: [] }, facts: direct };
  expect(await transact(keepSums(run, sumsOf([...looked, own])))).toBeUndefined();
});

interface Told {
  readonly group: string;
  readonly period: string;
  readonly figures: readonly { readonly kpi: string; readonly reason?: string }[];
}

const figure = (rows: unknown, kpi: string, where: { group?: string; period?: string } = {}) =>
  (rows as readonly Told[])
    .find(({ group, period }) => group === (where.group ?? group) && period === (where.period ?? period))
    ?.figures.find((each) => each.kpi === kpi);

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

describe('GET /v1/kpis', () => {
  it('when a quarter was computed, then figures come with what they are made of', async () => {
    const { status, body } = await ask('get-kpis', { query: { quarter: '2026-Q3' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ quarter: '2026-Q3', by: 'quarter', groupBy: 'all', nextCursor: null });
    expect(body.computed).toEqual({ runId: 'scr_1', at, programVersion: 1 });
    expect(figure(body.data, 'sourced-revenue')).toEqual({
      kpi: 'sourced-revenue',
      amount: usd(10_000_000),
      from: { 'sourced revenue': 10_000_000 },
    });
    expect(figure(body.data, 'revenue-share')).toMatchObject({ value: 40 });
    expect(figure(body.data, 'win-rate')).toMatchObject({ value: 66.67, from: { won: 4, lost: 2 } });
  });

  it('when nobody has told, then there is a reason and no zero', async () => {
    const { body } = await ask('get-kpis', { query: { quarter: '2026-Q3', kpi: 'leads-sent' } });
    expect(figure(body.data, 'leads-sent')).toEqual({
      kpi: 'leads-sent',
      reason: 'In this period nobody has told of “A lead was sent to the partner” (lead.sent).',
    });
  });

  it('when partners are held beside direct sales, then the difference is told', async () => {
    const { body } = await ask('get-kpis', { query: { quarter: '2026-Q3' } });
    expect(body.comparisons).toContainEqual(expect.objectContaining({ name: 'Win rate', difference: 16.67 }));
  });

  it('when targets are looked at, then each has its state', async () => {
    const { body } = await ask('get-kpis', { query: { quarter: '2026-Q3' } });
    const states = (body.targets as { id: string; state: string }[]).map(({ id, state }) => [id, state]);
    expect(Object.fromEntries(states)).toEqual({
      'pipeline-from-partners': 'reached',
      'new-revenue-with-partners': 'unknown',
      'retention-by-integrations': 'unknown',
      'app-churn': 'unknown',
      'app-uptime': 'unknown',
    });
  });

  it.each([
    ['tier', 'gold'],
    ['type', 'reseller'],
    ['region', 'amer'],
  ])('when it is asked by %s, then the partners of %s are one group', async (groupBy, group) => {
    const { body } = await ask('get-kpis', { query: { quarter: '2026-Q3', groupBy, by: 'year' } });
    expect(figure(body.data, 'sourced-revenue', { group, period: '2026' })).toMatchObject({ amount: usd(10_000_000) });
  });

  it('when it is asked by partner and month, then pages of partners come with their own figures', async () => {
    const query = { quarter: '2026-Q3', groupBy: 'partner', by: 'month', limit: '1' };
    const { body } = await ask('get-kpis', { query });
    const [first] = body.data as readonly Told[];
    expect(partners).toContain(first?.group);
    expect((body.data as readonly Told[]).map(({ period }) => period)).toEqual(['2026-07', '2026-08', '2026-09']);
    expect(figure(body.data, 'sourced-revenue', { period: '2026-08' })).toMatchObject({ amount: usd(1_000_000) });
    const next = await ask('get-kpis', { query: { ...query, cursor: String(body.nextCursor) } });
    expect(partners).toContain((next.body.data as readonly Told[])[0]?.group);
    expect((next.body.data as readonly Told[])[0]?.group).not.toBe(first?.group);
  });

  it('when no run of the quarter is complete, then that is said', async () => {
    const { status, body } = await ask('get-kpis', { query: { quarter: '2026-Q2' } });
    expect([status, body.code]).toEqual([409, 'kpis.not_computed']);
  });
});

describe('sums of a quarter', () => {
  it('when an earlier run comes late, then it does not take the place of a later one', async () => {
    const sums = sumsOf([]);
    const late = { ...run, runId: 'scr_0', at: '2026-10-02T08:00:00.000Z' };
    expect(await transact(keepSums(late, sums))).toMatchObject({ index: 0 });
    expect(await transact(keepSums({ ...run, quarter: '2025-Q4' }, sums))).toBeUndefined();
    expect(await transact(keepSums({ ...run, quarter: '2025-Q4' }, sums))).toBeUndefined();
  });
});

describe('program costs', () => {
  const params = { quarter: '2026-Q3' };
  const body = { costs: [{ kind: 'people', amount: usd(2_000_000) }], marginPercent: 80 };
  const enter = (call: Partial<Call>) => ask('enter-program-costs', { caller: finance, params, body, ...call });

  it('when finance enters them, then figures of costs are told, and only of the whole program', async () => {
    expect((await ask('get-program-costs', { params })).status).toBe(404);
    const first = await enter({});
    expect(first.body).toMatchObject({ version: 1, quarter: '2026-Q3', total: usd(2_000_000) });
    const { body: told } = await ask('get-kpis', { query: { quarter: '2026-Q3' } });
    expect(figure(told.data, 'partner-cac')).toMatchObject({ amount: usd(1_000_000) });
    expect(figure(told.data, 'return-on-gross-profit')).toMatchObject({ value: 300 });
    const { body: byTier } = await ask('get-kpis', { query: { quarter: '2026-Q3', groupBy: 'tier' } });
    expect(figure(byTier.data, 'partner-cac')?.reason).toMatch(/not for parts of it/);
    const { body: year } = await ask('get-kpis', { query: { quarter: '2026-Q3', by: 'year' } });
    expect(figure(year.data, 'partner-cac')?.reason).toBe(
      'Finance has not entered the program costs of 2026-Q1, 2026-Q2.',
    );
  });

  it('when they are there, then whoever replaces them has seen them, and the history says who', async () => {
    const lost = await enter({});
    expect([lost.body.version, lost.headers['idempotency-replayed']]).toEqual([1, 'true']);
    expect((await enter({ body: { ...body, marginPercent: 80.5 } })).body.code).toBe('version.required');
    expect((await enter({ ifMatch: 7 })).body.code).toBe('version.stale');
    const changed = { ...body, marginPercent: 81.25, note: 'With the last invoice.' };
    expect((await enter({ ifMatch: 1, body: changed })).body).toMatchObject({ version: 2, marginPercent: 81.25 });
    const again = await enter({ ifMatch: 1, body: changed });
    expect([again.body.version, again.headers['idempotency-replayed']]).toEqual([2, 'true']);
  });

  it.each([
    ['somebody else than finance', { caller: admin }, 403, 'auth.forbidden'],
    [
      'another currency',
      { body: { ...body, costs: [{ kind: 'tools', amount: { amountMinor: 1, currency: 'EUR' } }] } },
      422,
      'money.currency_mismatch',
    ],
    ['a margin above 100', { body: { ...body, marginPercent: 101 } }, 400, 'request.invalid'],
    ['what is no quarter', { params: { quarter: '2026-Q5' } }, 400, 'request.invalid'],
  ])('when %s enters them, then it is refused', async (_label, call, status, code) => {
    const reply = await enter({ params: { quarter: '2026-Q4' }, ...call });
    expect([reply.status, reply.body.code]).toEqual([status, code]);
  });
});

describe('the report of a year', () => {
  it('when it is asked for, then the year stands there in sentences and figures', async () => {
    const { status, body } = await ask('get-kpi-report', { query: { year: '2026' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ year: '2026', upTo: '2026-Q3' });
    expect(body.summary).toContain(
      'Partners sourced USD 100,000.00 of revenue and won 2 net-new customers; expansions brought USD 0.00 of it.',
    );
    expect(body.summary).toContain('Win rate: 66.67 % with partners, 50 % in direct sales.');
  });

  it('when Markdown is asked for, then it is a page with tables and says what is not known', async () => {
    const { text, headers } = await ask('get-kpi-report', {
      query: { year: '2026' },
      headers: { accept: 'text/markdown' },
    });
    expect(headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(text).toContain('| Sourced revenue | USD 100,000.00 | USD 100,000.00 |');
    expect(text).toContain('| tier gold | USD 100,000.00 |');
    expect(text).toMatch(/- Leads sent to partners: In this period nobody has told of/);
  });

  it('when it is made from the stored items, then it is the same', async () => {
    const records = openKpiRecords('2026');
    for (const item of await wholeItems()) records.take(item);
    const { body } = await ask('get-kpi-report', { query: { year: '2026' } });
    expect(JSON.parse(JSON.stringify(records.close()))).toEqual(body);
    expect(() => openKpiRecords('2031').close()).toThrow('No scoring run of a quarter of 2031 is complete');
  });

  it('when nothing of the year is computed, then that is said', async () => {
    expect((await ask('get-kpi-report', { query: { year: '2031' } })).body.code).toBe('kpis.not_computed');
  });
});

describe('GET /v1/kpi-definitions', () => {
  it('when it is read, then each KPI has formula, sources, unit and users', async () => {
    const { body } = await ask('list-kpi-definitions');
    const data = body.data as { id: string; formula: string; sources: unknown[]; users: unknown[] }[];
    expect(data.length).toBeGreaterThan(50);
    expect(new Set(data.map(({ id }) => id)).size).toBe(data.length);
    expect(data.every(({ formula, users }) => formula.length > 10 && users.length > 0)).toBe(true);
  });
});
