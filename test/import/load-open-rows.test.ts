import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCrmFolder } from '#local/import/crm-files.ts';
import { crmPlan } from '#local/import/crm-plan.ts';
import { loadOpenRows } from '#local/import/load-open-rows.ts';
import { type Row, writeCrmExport } from '#test/import/crm-export.ts';
import { type FakeApi, startFakeApi } from '#test/import/fake-api.ts';

const silent = { note: () => undefined, tick: () => undefined };
const rows: readonly Row[] = [
  { id: 'A', engaged: '7/1/2024' },
  { id: 'B', agent: 'Bob Berg', engaged: '7/2/2024' },
  { id: 'C', engaged: '7/3/2024', closed: '7/9/2024', value: '4800' },
  { id: 'D', account: 'Gekko & Co', engaged: '7/3/2024' },
];

let scratch = '';
let api: FakeApi;

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'tandem-import-'));
  writeCrmExport(scratch, rows);
  api = await startFakeApi();
});
afterEach(async () => {
  await api.close();
  rmSync(scratch, { recursive: true });
});

function load(token: string | undefined) {
  const plan = crmPlan(readCrmFolder(scratch));
  const [historyFile, programFile] = [join(scratch, 'history.csv'), 'examples/crm-program.yaml'];
  return loadOpenRows({
    url: api.url,
    token,
    plan,
    programFile,
    historyFile,
    expectedCloseDate: '2026-12-31',
    progress: silent,
  });
}

function activePartner(id: string, domain: string): void {
  api.program.state.partners.set(id, {
    id,
    company: { name: id, domain },
    agreement: { version: '1' },
    status: 'active',
    version: 3,
  });
}

const managerToken = `x.${Buffer.from(JSON.stringify({ username: 'usr_m' })).toString('base64url')}.x`;

describe('an import into a system whose time cannot be moved', () => {
  it('when there is no token, then nothing is sent and the advice says where to put one', async () => {
    await expect(load(undefined)).rejects.toMatchObject({ advice: expect.stringContaining('TANDEM_TOKEN') });
    expect(api.asked).toEqual([]);
  });

  it('when partners are active, then their open rows are registered, the others wait, and closed rows are filed', async () => {
    activePartner('ptr_ann', 'ann-arbor.example');
    expect(await load(managerToken)).toEqual({
      'closed, filed as history': 1,
      approved: 2,
      'waits: its partner is not active yet': 1,
    });
    expect(readFileSync(join(scratch, 'history.csv'), 'utf8')).toBe(
      'opportunity,partner,customer,product_line,engaged_at,closed_on,outcome,value_minor,currency,not_registered_because\n' +
        'C,ann-arbor,Acme,gtx-pro,2024-07-03T12:00:00.000Z,2024-07-09,won,480000,USD,closed before the import\n',
    );
  });

  it('when it is run again after another partner became active, then what was registered stays and the rest is tried', async () => {
    activePartner('ptr_ann', 'ann-arbor.example');
    await load(managerToken);
    activePartner('ptr_bob', 'bob-berg.example');
    expect(await load(managerToken)).toEqual({
      'closed, filed as history': 1,
      approved: 2,
      'refused: deal.conflict': 1,
    });
    expect(api.program.state.deals.size).toBe(2);
  });
});
