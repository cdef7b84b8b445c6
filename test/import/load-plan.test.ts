import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCrmFolder } from '#local/import/crm-files.ts';
import { crmPlan } from '#local/import/crm-plan.ts';
import { loadPlan } from '#local/import/load-plan.ts';
import type { Report } from '#local/import/report.ts';
import { crmFolder, readCrmTables, unlessMissing } from '#test/import/crm-data.ts';
import { type Row, writeCrmExport } from '#test/import/crm-export.ts';
import { type FakeApi, startFakeApi } from '#test/import/fake-api.ts';
import { type CrmTables, recompute } from '#test/import/recompute.ts';

const silent = { note: () => undefined, tick: () => undefined };

let scratch = '';
let api: FakeApi;
let onRequest: (asked: string) => void = () => undefined;

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'tandem-import-'));
  onRequest = () => undefined;
  api = await startFakeApi((asked) => onRequest(asked));
});
afterEach(async () => {
  await api.close();
  rmSync(scratch, { recursive: true });
});

const journalFile = () => join(scratch, 'journal.jsonl');

function load(folder: string, to: { readonly url: string } = api) {
  const plan = crmPlan(readCrmFolder(folder));
  return loadPlan({
    url: to.url,
    planFor: () => plan,
    programFile: 'examples/crm-program.yaml',
    journalFile: journalFile(),
    progress: silent,
  });
}

const asExpected = (report: Report) =>
  Object.fromEntries(
    report.rows.map(({ rowId, registration, close, final }) => [rowId, { registration, close, final }]),
  );
const expected = (tables: CrmTables) => Object.fromEntries(recompute(tables));

/** Twenty rows of each corner: repeats, conflicts, frees, expiries, approvals by a person, closes that cannot be. */
const manyRows: readonly Row[] = Array.from({ length: 20 }, (_, week): readonly Row[] => {
  const [id, month] = [String(week).padStart(2, '0'), 7 + Math.floor(week / 4)];
  const day = 1 + 7 * (week % 4);
  return [
    { id: `${id}-a`, engaged: `${month}/${day}/2024`, closed: `${month}/${day + 3}/2024`, value: '5000' },
    { id: `${id}-b`, agent: 'Bob Berg', engaged: `${month}/${day + 1}/2024`, closed: `${month}/${day + 4}/2024` },
    { id: `${id}-c`, agent: 'Bob Berg', engaged: `${month}/${day + 3}/2024`, closed: `${month}/${day + 5}/2024` },
    { id: `${id}-d`, product: 'GTK 500', engaged: `${month}/${day}/2024` },
    {
      id: `${id}-e`,
      product: 'GTK 500',
      account: 'Gekko & Co',
      engaged: `${month}/${day}/2024`,
      closed: `${month}/${day}/2024`,
    },
    { id: `${id}-f`, account: '' },
  ];
}).flat();

describe('an import through the API', () => {
  it('when it has run, then every row ended as the independent recomputation says', async () => {
    const tables = writeCrmExport(join(scratch, 'crm'), manyRows);
    const { report } = await load(join(scratch, 'crm'));
    expect(asExpected(report)).toEqual(expected(tables));
    expect(report.total.rows).toBe(manyRows.length);
    expect(report.partners.map((one) => [one.partner, one.rows])).toEqual([
      ['ann-arbor', 80],
      ['bob-berg', 40],
      ['ida-idle', 0],
    ]);
  });

  it('when partners come in, then they are active and owned by their agent’s manager', async () => {
    writeCrmExport(join(scratch, 'crm'), [{ id: 'A', engaged: '7/1/2024' }]);
    await load(join(scratch, 'crm'));
    const partners = [...api.program.state.partners.values()];
    const owner = (domain: string) => partners.find(({ company }) => company.domain === domain)?.ownerId;
    expect(partners.map(({ status }) => status)).toEqual(['active', 'active', 'active']);
    expect(owner('bob-berg.example')).toBe(owner('ida-idle.example'));
    expect(owner('bob-berg.example')).not.toBe(owner('ann-arbor.example'));
    expect(owner('ann-arbor.example')).toMatch(/^usr_/);
  });

  it('when a partner is known but not active any more, then the import stops and says which', async () => {
    writeCrmExport(join(scratch, 'crm'), [{ id: 'A', engaged: '7/1/2024' }]);
    await load(join(scratch, 'crm'));
    for (const partner of api.program.state.partners.values()) partner.status = 'terminated';
    await expect(load(join(scratch, 'crm'))).rejects.toThrow('Partners is terminated');
  });

  it('when it is run a second time, then it asks for no change and reports the same', async () => {
    writeCrmExport(join(scratch, 'crm'), manyRows);
    const first = await load(join(scratch, 'crm'));
    const before = api.asked.length;
    const second = await load(join(scratch, 'crm'));
    const changes = api.asked.slice(before).filter((asked) => !asked.startsWith('GET') && !asked.includes('/local/'));
    expect(changes).toEqual([]);
    expect(second.report).toEqual(first.report);
  });

  it('when it is killed midway, then the next run goes on and the outcome is the same', async () => {
    const tables = writeCrmExport(join(scratch, 'crm'), manyRows);
    const importer = spawn(process.execPath, [
      'local/import/import.ts',
      'crm',
      join(scratch, 'crm'),
      '--url',
      api.url,
      '--journal',
      journalFile(),
    ]);
    let registrations = 0;
    onRequest = (asked) => {
      registrations += asked === 'POST /v1/deals' ? 1 : 0;
      if (registrations === 33) importer.kill('SIGKILL');
    };
    expect(await once(importer, 'exit')).toEqual([null, 'SIGKILL']);
    expect(registrations).toBeLessThan(60);
    appendFileSync(journalFile(), '{"step":"register torn');
    const { report } = await load(join(scratch, 'crm'));
    expect(asExpected(report)).toEqual(expected(tables));
  });

  it('when the system was started empty again, then the old journal is set aside and the import begins anew', async () => {
    const tables = writeCrmExport(join(scratch, 'crm'), manyRows);
    await load(join(scratch, 'crm'));
    api.program.state.deals.clear();
    api.program.state.partners.clear();
    api.program.state.answered.clear();
    api.program.state.now = '2024-06-01T00:00:00.000Z';
    const { report } = await load(join(scratch, 'crm'));
    expect(asExpected(report)).toEqual(expected(tables));
    expect(
      readdirSync(scratch)
        .filter((name) => name.startsWith('journal'))
        .sort(),
    ).toEqual(['journal.jsonl', 'journal.jsonl.1']);
  });

  it('when time is past the first row, then nothing is registered and the advice names the journal', async () => {
    writeCrmExport(join(scratch, 'crm'), manyRows);
    api.program.state.now = '2025-01-01T00:00:00.000Z';
    await expect(load(join(scratch, 'crm'))).rejects.toMatchObject({ advice: expect.stringContaining('--journal') });
    expect(api.program.state.deals.size).toBe(0);
  });

  it('when the journal is of other data, then it is neither followed nor lost', async () => {
    writeCrmExport(join(scratch, 'crm'), [{ id: 'A', engaged: '7/1/2024' }]);
    await load(join(scratch, 'crm'));
    const journal = readFileSync(journalFile(), 'utf8');
    writeCrmExport(join(scratch, 'crm'), [{ id: 'B', engaged: '7/1/2024' }]);
    await expect(load(join(scratch, 'crm'))).rejects.toThrow('journal of another import');
    expect(readFileSync(journalFile(), 'utf8')).toBe(journal);
  });

  it('when the program in force has other product lines, then nothing is sent and the advice names the right program', async () => {
    const tables = writeCrmExport(join(scratch, 'crm'), [{ id: 'A', engaged: '7/1/2024' }]);
    expect(tables.products).toContain('GTX Pro');
    const plan = crmPlan(readCrmFolder(join(scratch, 'crm')));
    const other = { ...plan, registrations: plan.registrations.map((one) => ({ ...one, productLine: 'gtx-ultra' })) };
    const loading = loadPlan({
      url: api.url,
      planFor: () => other,
      programFile: 'examples/crm-program.yaml',
      journalFile: journalFile(),
      progress: silent,
    });
    await expect(loading).rejects.toMatchObject({
      message: expect.stringContaining('gtx-ultra'),
      advice: expect.stringContaining('--program examples/crm-program.yaml'),
    });
    expect(existsSync(journalFile())).toBe(false);
  });

  it.skipIf(!crmFolder)(
    `when it is the whole sample, then all 8,800 rows end as recomputed${unlessMissing}`,
    async () => {
      const { report, effort } = await load(crmFolder ?? '');
      expect(asExpected(report)).toEqual(expected(readCrmTables(crmFolder ?? '')));
      expect(effort.requests).toBeGreaterThan(7_212 + 2_233);
    },
  );
});
