import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { freePort } from '#local/free-port.ts';
import { askAll, connectApi } from '#local/import/api-client.ts';
import { laptopOf } from '#local/import/laptop.ts';
import { type StartedSystem, startSystem } from '#local/import/started-system.ts';
import { crmFolder, readCrmTables, unlessMissing } from '#test/import/crm-data.ts';
import { recompute } from '#test/import/recompute.ts';

const Row = z.object({ rowId: z.string(), registration: z.string(), close: z.string(), final: z.string() });
const Report = z.object({ rows: z.array(Row), effort: z.object({ requests: z.number(), seconds: z.number() }) });

const patienceMs = 30 * 60_000;
const killAfterSteps = 4_000;

describe.skipIf(!crmFolder)(`the CRM sample on the laptop${unlessMissing}`, () => {
  let system: StartedSystem | undefined;
  let scratch = '';
  const journal = () => join(scratch, 'journal.jsonl');
  const report = () => join(scratch, 'report.json');
  const stepsDone = () => (existsSync(journal()) ? readFileSync(journal(), 'utf8').split('\n').length : 0);

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

  it(
    'when it is imported, killed midway and started again, then every row ended as recomputed',
    async () => {
      const first = startImport();
      // Listened for from the start: one that ends by itself must fail this test, not keep it waiting.
      const ended = once(first, 'exit');
      while (stepsDone() < killAfterSteps && first.exitCode === null) await sleep(100);
      first.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);
      expect(await once(startImport(), 'exit')).toEqual([0, null]);
      const { rows, effort } = Report.parse(JSON.parse(readFileSync(report(), 'utf8')));
      const outcomes = rows.map(({ rowId, ...outcome }) => [rowId, outcome]);
      expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(recompute(readCrmTables(crmFolder ?? ''))));
      console.log(`second half of the import: ${effort.requests} requests in ${Math.round(effort.seconds)} s`);
    },
    patienceMs,
  );

  it(
    'when it is imported once more, then nothing changes',
    async () => {
      const before = await allDeals();
      expect(await once(startImport(), 'exit')).toEqual([0, null]);
      expect(await allDeals()).toEqual(before);
    },
    patienceMs,
  );
});
