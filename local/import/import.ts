import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { Temporal } from 'temporal-polyfill';
import { readCrmFolder } from '#local/import/crm-files.ts';
import { crmPlan } from '#local/import/crm-plan.ts';
import { ImportError } from '#local/import/import-error.ts';
import { loadOpenRows } from '#local/import/load-open-rows.ts';
import { canMoveTime, loadPlan } from '#local/import/load-plan.ts';
import { type Plan, planFigures } from '#local/import/plan.ts';
import { reportText, rowsCsv, writeReport } from '#local/import/print-report.ts';
import { progressOn } from '#local/import/progress.ts';

interface Options {
  readonly url: string;
  readonly dryRun?: true;
  readonly journal: string;
  readonly report: readonly string[];
  readonly rows?: string;
  readonly history: string;
}

const programFile = 'examples/crm-program.yaml';
const progress = progressOn(process.stderr);

async function intoLaptop(plan: Plan, options: Options): Promise<void> {
  const { report, effort } = await loadPlan({
    url: options.url,
    planFor: () => plan,
    programFile,
    journalFile: options.journal,
    progress,
  });
  progress.note('');
  console.log(reportText(report, effort));
  for (const file of options.report) writeReport(file, report, effort);
  if (options.rows) writeFileSync(options.rows, rowsCsv(report));
  console.log(
    `Time stands still at the last row. To let it run: curl -X POST ${options.url}/local/clock -H 'content-type: application/json' -d '{"mode":"running"}'`,
  );
}

async function intoDeployed(plan: Plan, options: Options): Promise<void> {
  const expectedCloseDate = Temporal.Now.plainDateISO('UTC').add({ days: 90 }).toString();
  const to = { url: options.url, token: process.env.TANDEM_TOKEN, historyFile: options.history, expectedCloseDate };
  const counts = await loadOpenRows({ ...to, plan, programFile, progress });
  progress.note('');
  for (const [outcome, count] of Object.entries(counts)) console.log(`${String(count).padStart(6)}  ${outcome}`);
  console.log(`${String(plan.unusable.length).padStart(6)}  not usable`);
  console.log(
    `Closed rows are in ${options.history}: the API has no place for deals that ended before the program began, so they are filed, not imported.`,
  );
}

async function importCrm(folder: string, options: Options): Promise<void> {
  const plan = crmPlan(readCrmFolder(folder));
  console.log(planFigures(plan));
  if (options.dryRun) return console.log('Nothing was sent. Without --dry-run this is what will be done.');
  await ((await canMoveTime(options.url)) ? intoLaptop(plan, options) : intoDeployed(plan, options));
}

const collect = (file: string, files: readonly string[]): readonly string[] => [...files, file];

const command = new Command('import').description(
  'Loads data of other systems through the API, in the order in which it happened.',
);
command
  .command('crm')
  .description('Opportunities exported from the CRM: accounts.csv, products.csv, sales_teams.csv, sales_pipeline.csv')
  .argument('<folder>')
  .option('--url <url>', 'where Tandem answers', 'http://localhost:3000')
  .option('--dry-run', 'say what would be done, and send nothing')
  .option(
    '--journal <file>',
    'what is done is remembered here, so that the same command goes on after a stop',
    '.local/import-crm.jsonl',
  )
  .option(
    '--report <file>',
    'also write the report: .json with every row, .csv per partner (may be given twice)',
    collect,
    [],
  )
  .option('--rows <file>', 'also write the outcome of every row as CSV')
  .option('--history <file>', 'for a deployed system: where closed rows are filed', '.local/import-crm-history.csv')
  .action(importCrm);

await command.parseAsync().catch((error: unknown) => {
  if (!(error instanceof ImportError)) throw error;
  process.stderr.write(`\n${error.message}\n${error.advice}\n`);
  process.exitCode = 1;
});
