import { Command } from 'commander';
import { reportMarkdown } from '#shared/kpis/report-markdown.ts';
import { openKpiRecords } from './kpi-records.ts';
import { runCommand } from './run-command.ts';
import { type ItemSource, sourceOptions, storedItems } from './stored-items.ts';

interface Options extends ItemSource {
  readonly json?: true;
}

const command = new Command('npm run kpis --')
  .description(
    'Prints the report of a fiscal year in words and figures, as Markdown, made from what the scoring runs of its quarters kept. Changes nothing.',
  )
  .argument('<year>', 'a fiscal year: 2026')
  .option('--json', 'as JSON');
for (const option of sourceOptions) command.addOption(option);

command.action(async (year: string, options: Options) => {
  if (!/^\d{4}$/.test(year)) throw new Error(`The year must be written like 2026, not ${year}.`);
  const records = openKpiRecords(year);
  for await (const item of storedItems(options)) records.take(item);
  const report = records.close();
  console.log(options.json ? JSON.stringify(report, undefined, 2) : reportMarkdown(report));
});

await runCommand(command);
