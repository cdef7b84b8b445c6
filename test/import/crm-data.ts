import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CrmTables } from '#test/import/recompute.ts';

/** Where the public CRM sample is: beside the project, or where TANDEM_DATA says. */
const folder = join(
  process.env.TANDEM_DATA ?? join(import.meta.dirname, '../../../shared/data'),
  'crm-sales-opportunities',
);

/** The folder, or nothing where this machine does not have the data. */
export const crmFolder: string | undefined = existsSync(join(folder, 'sales_pipeline.csv')) ? folder : undefined;

/** Ends the title of a test that needs the data, so that whoever reads the list sees why it was skipped. */
export const unlessMissing = crmFolder ? '' : ` (skipped: no CRM sample at ${folder}; set TANDEM_DATA)`;

export const readCrmTables = (from: string): CrmTables => ({
  pipeline: readFileSync(join(from, 'sales_pipeline.csv'), 'utf8'),
  products: readFileSync(join(from, 'products.csv'), 'utf8'),
  teams: readFileSync(join(from, 'sales_teams.csv'), 'utf8'),
});
