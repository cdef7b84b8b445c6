import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { connectApi } from '#local/import/api-client.ts';
import { readCrmFolder } from '#local/import/crm-files.ts';
import { crmPlan } from '#local/import/crm-plan.ts';
import { ImportError } from '#local/import/import-error.ts';
import { laptopOf } from '#local/import/laptop.ts';
import { loadPlan } from '#local/import/load-plan.ts';
import { reportText } from '#local/import/print-report.ts';
import { progressOn } from '#local/import/progress.ts';
import { sampleFirstDay, samplePlan } from '#local/import/sample.ts';
import { startSystem } from '#local/import/started-system.ts';

/** What is loaded, the program it runs under, and the time at which the system starts. */
function contentOf(folder: string | undefined) {
  if (folder === undefined) {
    return { planFor: samplePlan, programFile: 'examples/program.yaml', clock: `${sampleFirstDay}T00:00:00Z` };
  }
  const plan = crmPlan(readCrmFolder(folder));
  return { planFor: () => plan, programFile: 'examples/crm-program.yaml', clock: '2024-06-01T00:00:00Z' };
}

const whatToLookAt = (url: string): string =>
  [
    '',
    `Tandem runs at ${url} with all of this in it; its clock runs on from the last day. Look at`,
    `  ${url}/docs                  every operation, to try out`,
    `  ${url}/v1/program/guide      the partner program in words`,
    `  ${url}/local/mailbox         what partners and managers were told`,
    `  a manager's inbox:  curl -s ${url}/v1/approvals?status=open -H "Authorization: Bearer $(curl -s ${url}/local/token -H 'content-type: application/json' -d '{"role":"partner_manager"}' | sed 's/.*accessToken":"//;s/".*//')"`,
    `  90 days later:      curl -s ${url}/local/clock -H 'content-type: application/json' -d '{"advance":"P90D"}'`,
    'Ctrl-C ends it; nothing is kept.',
  ].join('\n');

async function demo(folder: string | undefined, { port }: { readonly port: string }): Promise<void> {
  const { planFor, programFile, clock } = contentOf(folder);
  const progress = progressOn(process.stderr);
  progress.note(`Starting Tandem with ${programFile} …`);
  const system = await startSystem(['--program', programFile, '--clock', clock, '--port', port]);
  const scratch = mkdtempSync(join(tmpdir(), 'tandem-demo-'));
  try {
    const { report, effort } = await loadPlan({
      url: system.url,
      planFor,
      programFile,
      journalFile: join(scratch, 'journal.jsonl'),
      progress,
    });
    progress.note('');
    console.log(reportText(report, effort));
    await laptopOf(connectApi(system.url)).unfreeze();
    console.log(whatToLookAt(system.url));
    await system.ended;
  } finally {
    await system.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

await new Command('demo')
  .description(
    'Starts Tandem with data in it: the CRM export in FOLDER, or else a generated sample of 24 partners and four quarters.',
  )
  .argument('[folder]')
  .option('--port <port>', 'where it answers', '3000')
  .action(demo)
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof ImportError)) throw error;
    process.stderr.write(`\n${error.message}\n${error.advice}\n`);
    process.exitCode = 1;
  });
