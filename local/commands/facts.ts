import { Command } from 'commander';
import * as z from 'zod';
import { connectApi } from '#local/import/api-client.ts';
import { isLaptop, laptopOf } from '#local/import/laptop.ts';
import { progressOn } from '#local/import/progress.ts';
import { instant } from '#shared/core/time.ts';
import { importFacts, reportOf } from './import-facts.ts';
import { runCommand } from './run-command.ts';
import { laptopTables, storedItems } from './stored-items.ts';

const progress = progressOn(process.stderr);
const command = new Command('npm run facts --').description('Facts that scores and figures are made from.');

const ImportOptions = z.object({
  url: z.url(),
  source: z.string().optional(),
  batch: z.coerce.number().int().min(1).max(100),
});

command
  .command('import')
  .argument('<file>', 'CSV with the columns id, kind, partnerId, occurredAt, value, unit, currency, about')
  .description(
    'Tells the facts of a file to the API. It may be stopped and begun again. Rows that are refused are named beside the file. Elsewhere than on a laptop, TANDEM_TOKEN holds an access token of staff or an API key with facts:write.',
  )
  .option('--url <address>', 'of the system', `http://localhost:${process.env.TANDEM_PORT ?? '3000'}`)
  .option('--source <name>', 'whose ids the file has')
  .option('--batch <rows>', 'rows in one request, 100 at most', '100')
  .action(async (file: string, given: unknown) => {
    const { url, source, batch } = ImportOptions.parse(given);
    const api = connectApi(url);
    const ofLaptop = async () => laptopOf(api).signIn({ role: 'partner_manager', email: 'facts@tandem.example' });
    const token = process.env.TANDEM_TOKEN ?? ((await isLaptop(api)) ? await ofLaptop() : undefined);
    if (!token) throw new Error(`${url} is no laptop: put an access token or an API key into TANDEM_TOKEN.`);
    const { rows, accepted, known, refused } = await importFacts({
      api,
      token,
      file,
      source,
      perBatch: batch,
      progress,
    });
    progress.note('');
    console.log(`${rows} rows: ${accepted} accepted, ${known} known, ${refused} refused.`);
    if (refused === 0) return;
    console.log(`What was refused is in ${reportOf(file)}.`);
    process.exitCode = 1;
  });

interface RebuildOptions {
  readonly check?: true;
  readonly table?: string;
  readonly activity?: string;
  readonly port: string;
}

const shown = 50;

command
  .command('rebuild')
  .description(
    'Makes all facts anew from the events and tells what differs; what differs is mended, unless only to be checked.',
  )
  .option('--check', 'changes nothing, and ends with 1 where something differs')
  .option('--table <name>', 'the program table; which account and region is the SDK’s usual environment')
  .option('--activity <name>', 'the activity table')
  .option('--port <number>', 'without tables: the laptop that serves at this port', process.env.TANDEM_PORT ?? '3000')
  .action(async ({ check, table, activity, port }: RebuildOptions) => {
    if ((table === undefined) !== (activity === undefined)) throw new Error('Give --table and --activity, or neither.');
    const named = { PROGRAM_TABLE: table, ACTIVITY_TABLE: activity };
    // The stores find their tables as they do in a function, so they are loaded once that stands in the environment.
    Object.assign(process.env, table === undefined ? await laptopTables(port) : named);
    const { factDifferences, mendFacts } = await import('./rebuild-facts.ts');
    const items = () => storedItems({ table: process.env.PROGRAM_TABLE ?? '', port });
    // On a laptop it may be any time.
    const now =
      table === undefined ? await laptopOf(connectApi(`http://127.0.0.1:${port}`)).now() : instant(Date.now());
    const { facts, differences } = await factDifferences(items(), now);
    for (const { what, key } of differences.slice(0, shown)) console.log(`${what.padEnd(10)}  ${key}`);
    if (differences.length > shown) console.log(`… and ${differences.length - shown} more`);
    console.log(`${facts} facts follow from the events; ${differences.length} differ.`);
    if (differences.length === 0) return;
    if (check) process.exitCode = 1;
    else {
      await mendFacts(differences);
      console.log('They are mended.');
    }
  });

await runCommand(command);
