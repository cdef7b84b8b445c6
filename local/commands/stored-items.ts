import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Option } from 'commander';
import * as z from 'zod';
import { progressOn } from '#local/import/progress.ts';
import type { StoredItem } from '#shared/ledger/chains.ts';
import { exportTable } from './copy-table.ts';
import { linesOfFile } from './lines-of-file.ts';

/** Where items are read from: a file that `npm run backup -- export` wrote, a table, or else the laptop that serves at a port. */
export interface ItemSource {
  readonly file?: string;
  readonly table?: string;
  readonly port: string;
}

export const sourceOptions: readonly Option[] = [
  new Option('--file <file>', 'what `npm run backup -- export` wrote, and nothing else'),
  new Option('--table <name>', 'a table; which account and region is the SDK’s usual environment').conflicts('file'),
  new Option('--port <number>', 'without file and table: the laptop that serves at this port')
    .env('TANDEM_PORT')
    .default('3000'),
];

const Database = z.object({ endpoint: z.url(), table: z.string(), activityTable: z.string() });

const laptopAt = async (port: string): Promise<z.infer<typeof Database>> => {
  const response = await fetch(`http://127.0.0.1:${port}/local/database`).catch(() => undefined);
  if (!response?.ok) throw new Error(`No laptop serves at port ${port}: start it, or give --file or --table.`);
  return Database.parse(await response.json());
};

/** The environment in which our stores find the tables of the laptop that serves at a port. */
export const laptopTables = async (port: string): Promise<Readonly<Record<string, string>>> => {
  const { endpoint, table, activityTable } = await laptopAt(port);
  return {
    PROGRAM_TABLE: table,
    ACTIVITY_TABLE: activityTable,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
};

const linesOf = async ({ file, table, port }: ItemSource): Promise<AsyncIterable<string>> => {
  if (file !== undefined) return linesOfFile(file);
  if (table !== undefined) return exportTable(new DynamoDBClient({}), table);
  const { endpoint, ...laptop } = await laptopAt(port);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return exportTable(new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials }), laptop.table);
};

const perTick = 1_000;

/** Every item, with progress on standard error. */
export async function* storedItems(source: ItemSource): AsyncGenerator<StoredItem> {
  const progress = progressOn(process.stderr);
  let count = 0;
  for await (const line of await linesOf(source)) {
    if (line.trim() === '') continue;
    // The lines were checked when they were written; what an item is, its reader judges.
    yield unmarshall(JSON.parse(line) as Record<string, AttributeValue>);
    count += 1;
    if (count % perTick === 0) progress.tick(`${count} items read`);
  }
  progress.note(`${count} items read`);
}
