import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CrmTables } from '#test/import/recompute.ts';

/** One opportunity of a hand-made CRM export, with what matters in the test and defaults for the rest. */
export interface Row {
  readonly id: string;
  readonly agent?: string;
  readonly product?: string;
  readonly account?: string;
  readonly stage?: string;
  readonly engaged?: string;
  readonly closed?: string;
  readonly value?: string;
}

const header =
  'opportunity_id,account_id,sales_agent,product_id,product,account,deal_stage,engage_date,close_date,close_value';

/** `engaged` without `closed` is an open row; with it, a lost one unless a value says it was won. */
function line(row: Row): string {
  const { id, agent = 'Ann Arbor', product = 'GTX Pro', account = 'Acme', engaged = '', closed = '', value = '' } = row;
  const stage = row.stage ?? (closed === '' ? 'Engaging' : value === '' ? 'Lost' : 'Won');
  return [id, '1', agent, '2', product, account, stage, engaged, closed, value].join(',');
}

export interface CrmExport extends CrmTables {
  readonly accounts: string;
}

/** Two partners (Ann Arbor, Bob Berg) and an idle one, three customers, two products of which one needs a person's approval. */
export const crmExport = (rows: readonly Row[]): CrmExport => ({
  accounts: 'account,office_location\nAcme,United States\nGekko & Co,Philipines\nNowhere,Atlantis\n',
  products: 'product,sales_price\nGTX Pro,4821\nGTK 500,26768\n',
  teams:
    'sales_agent,manager,regional_office\nAnn Arbor,Mia Moss,East\nBob Berg,Noa Nash,West\nIda Idle,Noa Nash,West\n',
  pipeline: `${[header, ...rows.map(line)].join('\n')}\n`,
});

export function writeCrmExport(folder: string, rows: readonly Row[]): CrmExport {
  const tables = crmExport(rows);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'accounts.csv'), tables.accounts);
  writeFileSync(join(folder, 'products.csv'), tables.products);
  writeFileSync(join(folder, 'sales_teams.csv'), tables.teams);
  writeFileSync(join(folder, 'sales_pipeline.csv'), tables.pipeline);
  return tables;
}
