import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCrmFolder } from '#local/import/crm-files.ts';
import { crmPlan } from '#local/import/crm-plan.ts';
import type { JournalEntry } from '#local/import/journal.ts';
import { reportCsv, reportText, rowsCsv, writeReport } from '#local/import/print-report.ts';
import { type Report, reportOf } from '#local/import/report.ts';
import { type Row, writeCrmExport } from '#test/import/crm-export.ts';

const scratch = mkdtempSync(join(tmpdir(), 'tandem-report-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const rows: readonly Row[] = [
  { id: 'A', engaged: '7/1/2024', closed: '8/1/2024', value: '5000' },
  { id: 'B', agent: 'Bob Berg', engaged: '7/2/2024', closed: '8/1/2024' },
  { id: 'C', agent: 'Bob Berg', engaged: '9/2/2024' },
  { id: 'D', account: '', agent: '=Ghost' },
  { id: 'E', engaged: '9/3/2024' },
];

const entries: readonly JournalEntry[] = [
  { step: 'register A', at: '', outcome: 'approved', deal: 'deal_a' },
  { step: 'close A', at: '', outcome: 'won' },
  { step: 'register B', at: '', outcome: 'refused', reason: 'deal.conflict' },
  { step: 'close B', at: '', outcome: 'refused', reason: 'registration-refused' },
  { step: 'register C', at: '', outcome: 'approved', deal: 'deal_c' },
];

function report(): Report {
  writeCrmExport(scratch, rows);
  const dealStatuses = new Map([
    ['deal_a', 'won'],
    ['deal_c', 'withdrawn'],
  ]);
  return reportOf(crmPlan(readCrmFolder(scratch)), {
    find: (step) => entries.find((one) => one.step === step),
    dealStatuses,
  });
}

describe('the report of an import', () => {
  it('when rows ended in all possible ways, then each is counted once', () => {
    expect(report().total).toEqual({
      rows: 5,
      registered: 2,
      refused: { 'deal.conflict': 1 },
      unusable: { 'no-account': 1 },
      pending: 1,
      won: 1,
      lost: 0,
      expired: 0,
      stillOpen: 0,
      otherwise: { withdrawn: 1 },
      closesRefused: { 'registration-refused': 1 },
    });
  });

  it('when it is printed, then reasons, the sum of all rows and the pace stand below the table', () => {
    const text = reportText(report(), { requests: 3_000, seconds: 20 });
    expect(text).toContain('Registrations refused: deal.conflict 1');
    expect(text).toContain('Closes refused: registration-refused 1');
    expect(text).toContain('Rows not usable: no-account 1');
    expect(text).toContain('Deals that ended otherwise: withdrawn 1');
    expect(text).toContain('2 registered + 1 refused + 1 unusable + 1 not done = 5');
    expect(text).toContain('3,000 requests in 20.0 s: 150 a second');
  });

  it('when it is written as CSV, then there is a line per partner and formulas are harmless', () => {
    const [header, ...lines] = reportCsv(report()).trim().split('\n');
    expect(header).toBe('partner,rows,registered,refused,unusable,won,lost,expired,still_open,closes_refused');
    expect(lines).toEqual([
      "'=Ghost,1,0,0,1,0,0,0,0,0",
      'ann-arbor,2,1,0,0,1,0,0,0,0',
      'bob-berg,2,1,1,0,0,0,0,0,1',
      'ida-idle,0,0,0,0,0,0,0,0,0',
      'all,5,2,1,1,1,0,0,0,1',
    ]);
    expect(rowsCsv(report()).split('\n')[1]).toBe('A,ann-arbor,approved,won,won');
  });

  it('when it is written as JSON, then every row is in it; another ending is refused', () => {
    const file = join(scratch, 'out', 'report.json');
    writeReport(file, report(), { requests: 1, seconds: 1 });
    expect(JSON.parse(readFileSync(file, 'utf8')).rows).toHaveLength(5);
    expect(() => writeReport(join(scratch, 'report.xls'), report(), { requests: 1, seconds: 1 })).toThrow(
      'No report can be written',
    );
  });
});
