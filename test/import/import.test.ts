import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { freePort } from '#local/free-port.ts';
import { askAll, connectApi } from '#local/import/api-client.ts';
import { readCrmFolder } from '#local/import/crm-files.ts';
import { crmPlan } from '#local/import/crm-plan.ts';
import { laptopOf } from '#local/import/laptop.ts';
import { loadPlan } from '#local/import/load-plan.ts';
import { progressOn } from '#local/import/progress.ts';
import { type StartedSystem, startSystem } from '#local/import/started-system.ts';
import { aPaidYear, type PaidYear } from '#test/import/a-paid-year.ts';
import { aReviewedYear } from '#test/import/a-reviewed-year.ts';
import { openOffice } from '#test/import/a-years-finance.ts';
import { checkTheQuarters } from '#test/import/check-the-quarters.ts';
import { crmFolder, readCrmTables, unlessMissing } from '#test/import/crm-data.ts';
import { recompute } from '#test/import/recompute.ts';
import { type ExpectedEarnings, recomputeEarnings, salesIn } from '#test/import/recompute-earnings.ts';
import { recomputeFacts } from '#test/import/recompute-facts.ts';

const Row = z.object({ rowId: z.string(), registration: z.string(), close: z.string(), final: z.string() });
const Report = z.object({ rows: z.array(Row) });

const Partner = z.object({ id: z.string(), company: z.object({ name: z.string() }) });
const Kind = z.enum(['commission', 'bonus', 'spiff', 'rebate']);
const Earning = z.object({
  id: z.string(),
  kind: Kind,
  status: z.string(),
  amount: z.object({ amountMinor: z.number(), currency: z.literal('USD') }),
});
type Sums = ExpectedEarnings;

const Compared = z.object({ booked: z.int(), replayed: z.int(), difference: z.int() });
const Replayed = z.object({
  isInForce: z.boolean(),
  deals: z.int(),
  total: Compared,
  pending: Compared,
  byPartner: z.array(Compared.extend({ name: z.string() })),
});
type Replayed = z.infer<typeof Replayed>;

const sumsOf = (earnings: readonly z.infer<typeof Earning>[]): Sums => {
  const of = (kind: z.infer<typeof Kind>) => earnings.filter((earning) => earning.kind === kind);
  const sum = (kind: z.infer<typeof Kind>) => of(kind).reduce((total, { amount }) => total + amount.amountMinor, 0);
  const each = <Result>(figure: (kind: z.infer<typeof Kind>) => Result) => ({
    commission: figure('commission'),
    bonus: figure('bonus'),
    spiff: figure('spiff'),
    rebate: figure('rebate'),
  });
  return { ...each(sum), count: each((kind) => of(kind).length) };
};

/** By status, in cents; what comes to nothing is left out. */
const amountsByStatus = (earnings: readonly z.infer<typeof Earning>[]) =>
  Object.fromEntries(
    [...Map.groupBy(earnings, ({ status }) => status)]
      .map(([status, some]) => [status, some.reduce((sum, { amount }) => sum + amount.amountMinor, 0)] as const)
      .filter(([, amountMinor]) => amountMinor !== 0),
  );

const patienceMs = 30 * 60_000;
/** A day in the middle of the data, and before anybody is paid. */
const killedOn = '2024-12-10';

describe.skipIf(!crmFolder)(`the CRM sample on the laptop${unlessMissing}`, () => {
  let system: StartedSystem | undefined;
  let scratch = '';
  let year: PaidYear | undefined;
  const tables = readCrmTables(crmFolder ?? '');
  const journal = () => join(scratch, 'journal.jsonl');
  const report = () => join(scratch, 'report.json');
  const reachedDay = () => {
    const written = existsSync(journal()) ? readFileSync(journal(), 'utf8').split('"at":"') : [];
    return written.length > 1 ? (written.at(-1) ?? '').slice(0, 'YYYY-MM-DD'.length) : '';
  };

  const startImport = () => {
    const options = ['--url', system?.url ?? '', '--journal', journal(), '--report', report()];
    return spawn(process.execPath, ['local/import/import.ts', 'crm', crmFolder ?? '', ...options], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };

  async function allDeals(): Promise<readonly unknown[]> {
    const api = connectApi(system?.url ?? '');
    const token = await laptopOf(api).signIn({ role: 'partner_manager', email: 'auditor@tandem.example' });
    return askAll(api, { method: 'GET', path: '/v1/deals', token }, z.unknown());
  }

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'tandem-crm-'));
    const [programFile, port] = ['examples/crm-program.yaml', String(await freePort())];
    system = await startSystem(['--program', programFile, '--clock', '2024-06-01T00:00:00Z', '--port', port]);
  }, patienceMs);
  afterAll(async () => {
    await system?.stop();
    rmSync(scratch, { recursive: true });
  }, patienceMs);

  const readReport = () => {
    const { rows } = Report.parse(JSON.parse(readFileSync(report(), 'utf8')));
    return Object.fromEntries(rows.map(({ rowId, ...outcome }) => [rowId, outcome]));
  };

  it(
    'when it is imported, killed midway and gone on with, and partners are paid each month on the way, then every run is as recomputed',
    async () => {
      const first = startImport();
      // Listened for from the start: one that ends by itself must fail this test, not keep it waiting.
      const ended = once(first, 'exit');
      while (reachedDay() < killedOn && first.exitCode === null) await sleep(100);
      first.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);
      const url = system?.url ?? '';
      const api = connectApi(url);
      const plan = crmPlan(readCrmFolder(crmFolder ?? ''));
      const office = openOffice({ api, laptop: laptopOf(api), plan });
      await office.arrive();
      const { appointments } = aReviewedYear({ api, laptop: laptopOf(api), partners: recomputeFacts(tables) });
      year = aPaidYear({ tables, office, moveTo: laptopOf(api).moveTo, others: appointments });
      const loading = { url, planFor: () => plan, programFile: 'examples/crm-program.yaml', journalFile: journal() };
      const progress = progressOn(process.stderr);
      const { effort } = await loadPlan({ ...loading, progress, beforeMoment: year.liveUntil });
      console.log(`second half of the import: ${effort.requests} requests in ${Math.round(effort.seconds)} s`);
    },
    patienceMs,
  );

  it(
    'when it is imported once more, then nothing changes, and every row has ended as recomputed',
    async () => {
      // What follows from the last day has followed once the clock has been put to where it stands.
      const laptop = laptopOf(connectApi(system?.url ?? ''));
      await laptop.moveTo(await laptop.now());
      const before = await allDeals();
      expect(await once(startImport(), 'exit')).toEqual([0, null]);
      expect(await allDeals()).toEqual(before);
      expect(readReport()).toEqual(Object.fromEntries(recompute(tables)));
    },
    patienceMs,
  );

  it(
    'when the last invoice is paid, its hold over and the quarter settled, then every partner has earned what was recomputed, and was paid it, to the cent',
    async () => {
      const api = connectApi(system?.url ?? '');
      const startedMs = performance.now();
      await year?.liveUntil('2025-11-05T23:59:59.000Z');
      console.log(`to the last payments and holds: ${Math.round((performance.now() - startedMs) / 1000)} s`);
      const token = await laptopOf(api).signIn({ role: 'partner_manager', email: 'auditor@tandem.example' });
      const partners = await askAll(api, { method: 'GET', path: '/v1/partners', token }, Partner);
      const found: Record<string, Sums> = {};
      for (const { id, company } of partners) {
        const earnings = await askAll(api, { method: 'GET', path: `/v1/earnings?partnerId=${id}`, token }, Earning);
        if (earnings.length > 0) found[company.name] = sumsOf(earnings);
        const agent = company.name.replace(/ Partners$/, '');
        expect({ agent, ...amountsByStatus(earnings) }).toEqual({ agent, ...year?.endedWith(agent) });
        expect(new Set(earnings.map((one) => one.id)).size).toBe(earnings.length);
      }
      const expected = [...recomputeEarnings(tables)];
      expect(found).toEqual(Object.fromEntries(expected.map(([agent, sums]) => [`${agent} Partners`, sums])));
      console.log(`every partner's earnings: ${Math.round((performance.now() - startedMs) / 1000)} s`);
    },
    patienceMs,
  );

  it(
    'when the year is over, then there was one run for each of its months, and none is under way',
    async () => {
      const api = connectApi(system?.url ?? '');
      const office = openOffice({ api, laptop: laptopOf(api), plan: crmPlan(readCrmFolder(crmFolder ?? '')) });
      const runs = (await office.runs()).map(({ period, status, payouts }) => ({ period, status, payouts }));
      const paid = (year?.months ?? []).map(({ period, sent }) => ({
        period,
        status: 'completed',
        payouts: sent.size,
      }));
      // From the first pay day of the clock on, and as long as nothing had passed its hold.
      const idle = ['2024-05', '2024-06', '2024-07', '2024-08', '2024-09', '2024-10', '2024-11'];
      const unpaid = idle.map((period) => ({ period, status: 'completed', payouts: 0 }));
      expect(runs.toSorted((a, b) => (a.period < b.period ? -1 : 1))).toEqual([...unpaid, ...paid]);
    },
    patienceMs,
  );

  it(
    'when its quarters are read, then every score, scorecard and figure is as recomputed, then as months later, and README tells some of them',
    async () => {
      const api = connectApi(system?.url ?? '');
      const startedMs = performance.now();
      const plan = crmPlan(readCrmFolder(crmFolder ?? ''));
      await checkTheQuarters({ api, laptop: laptopOf(api), plan, partners: recomputeFacts(tables) });
      console.log(`every quarter read: ${Math.round((performance.now() - startedMs) / 1000)} s`);
    },
    patienceMs,
  );

  it(
    'when its past is replayed under its own program, then every partner gets what was booked, to the cent',
    async () => {
      const backtest = async (path: string): Promise<Replayed> => {
        const args = ['local/commands/program.ts', 'backtest', path, '--quarters', '4', '--json'];
        const { stdout } = await promisify(execFile)(process.execPath, [
          ...args,
          '--port',
          new URL(system?.url ?? '').port,
        ]);
        return Replayed.parse(JSON.parse(stdout));
      };
      const startedMs = performance.now();
      const same = await backtest('examples/crm-program.yaml');
      console.log(`four quarters replayed: ${Math.round((performance.now() - startedMs) / 1000)} s`);
      const expected = [...recomputeEarnings(tables)];
      const totalOf = ([agent, { commission, bonus, spiff, rebate }]: (typeof expected)[number]) =>
        [`${agent} Partners`, commission + bonus + spiff + rebate] as const;
      expect(same).toMatchObject({
        isInForce: true,
        deals: salesIn(tables).length,
        pending: { booked: 0, replayed: 0 },
      });
      expect(Object.fromEntries(same.byPartner.map(({ name, booked }) => [name, booked]))).toEqual(
        Object.fromEntries(expected.map(totalOf)),
      );
      expect(same.byPartner.filter(({ booked, replayed }) => booked !== replayed)).toEqual([]);
      expect(same.total.difference).toBe(0);
    },
    patienceMs,
  );
});
