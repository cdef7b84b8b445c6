import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeCrmExport } from '#test/import/crm-export.ts';

const scratch = mkdtempSync(join(tmpdir(), 'tandem-import-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const run = (...options: readonly string[]) =>
  spawnSync(process.execPath, ['local/import/import.ts', ...options], { encoding: 'utf8' });

describe('npm run import', () => {
  it('when it is a dry run, then it says what would be done and needs no system', () => {
    writeCrmExport(join(scratch, 'crm'), [{ id: 'A', engaged: '7/1/2024', closed: '8/1/2024' }, { id: 'B' }]);
    const { stdout, status } = run('crm', join(scratch, 'crm'), '--dry-run');
    expect(status).toBe(0);
    expect(stdout).toContain('2 rows: 1 to register, 1 of them to close; not usable: no-engage-date 1');
    expect(stdout).toContain('3 partners; 2 days from 2024-07-01 to 2024-08-01');
  });

  it('when the folder is not there, then it says which files it wants', () => {
    const { stderr, status } = run('crm', join(scratch, 'nowhere'));
    expect(status).toBe(1);
    expect(stderr).toContain('There is no folder');
    expect(stderr).toContain('sales_pipeline.csv');
    expect(stderr).not.toContain('    at ');
  });

  it('when nobody answers, then it says how to start the system', () => {
    writeCrmExport(join(scratch, 'crm'), [{ id: 'A', engaged: '7/1/2024' }]);
    const { stderr, status } = run('crm', join(scratch, 'crm'), '--url', 'http://127.0.0.1:9');
    expect(status).toBe(1);
    expect(stderr).toContain('Nobody answers at http://127.0.0.1:9');
    expect(stderr).toContain('npm start');
  });
});
