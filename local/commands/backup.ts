import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Command } from 'commander';
import { exportTable, restoreTable } from './copy-table.ts';
import { linesOfFile } from './lines-of-file.ts';
import { runCommand } from './run-command.ts';

const client = new DynamoDBClient({});

const program = new Command('npm run backup --').description(
  'Copies the program table to a file and back; facts need no copy, `npm run facts -- rebuild` makes them from its events. Which account, region or laptop is the SDK’s usual environment.',
);

program
  .command('export')
  .requiredOption('--table <name>', 'the table to read')
  .requiredOption('--to <file>', 'a new file, one line of JSON for each item')
  .action(async ({ table, to }: { readonly table: string; readonly to: string }) => {
    await pipeline(Readable.from(exportTable(client, table)), createWriteStream(to, { flags: 'wx', mode: 0o600 }));
    console.log(`${table} is in ${to}. It holds personal data: keep it as you keep the table.`);
  });

program
  .command('restore')
  .requiredOption('--table <name>', 'an empty table')
  .requiredOption('--from <file>', 'what `export` wrote')
  .action(async ({ table, from }: { readonly table: string; readonly from: string }) => {
    const count = await restoreTable(client, table, linesOfFile(from));
    console.log(`${count} items are in ${table}.`);
  });

await runCommand(program);
