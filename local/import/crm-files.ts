import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { ImportError } from '#local/import/import-error.ts';

const Account = z.object({ account: z.string(), office_location: z.string() });
const Product = z.object({ product: z.string(), sales_price: z.string() });
const Agent = z.object({ sales_agent: z.string(), manager: z.string(), regional_office: z.string() });
const Opportunity = z.object({
  opportunity_id: z.string(),
  sales_agent: z.string(),
  product: z.string(),
  account: z.string(),
  deal_stage: z.string(),
  engage_date: z.string(),
  close_date: z.string(),
  close_value: z.string(),
});
export type Opportunity = z.infer<typeof Opportunity>;

/** The CRM's tables as they were exported: every cell a string, spelling and gaps untouched. */
export interface CrmTables {
  readonly accounts: readonly z.infer<typeof Account>[];
  readonly products: readonly z.infer<typeof Product>[];
  readonly agents: readonly z.infer<typeof Agent>[];
  readonly opportunities: readonly Opportunity[];
}

const fileNames = ['accounts.csv', 'products.csv', 'sales_teams.csv', 'sales_pipeline.csv'] as const;

function readTable<T>(folder: string, fileName: (typeof fileNames)[number], row: z.ZodType<T>): readonly T[] {
  try {
    const cells = parse(readFileSync(join(folder, fileName), 'utf8'), {
      columns: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
    });
    return z.array(row).parse(cells);
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new ImportError(
      `${fileName} cannot be read: ${reason}`,
      'Export the file again, with its header line, as comma-separated UTF-8.',
    );
  }
}

/** Reads a folder of the CRM's export. Throws ImportError when the folder, a file or a column is not there. */
export function readCrmFolder(folder: string): CrmTables {
  const missing = fileNames.filter((name) => !existsSync(join(folder, name)));
  if (!existsSync(folder))
    throw new ImportError(`There is no folder ${folder}.`, `Give the folder that holds ${fileNames.join(', ')}.`);
  if (missing.length > 0) {
    throw new ImportError(
      `${folder} lacks ${missing.join(', ')}.`,
      `Give the folder that holds ${fileNames.join(', ')}.`,
    );
  }
  return {
    accounts: readTable(folder, 'accounts.csv', Account),
    products: readTable(folder, 'products.csv', Product),
    agents: readTable(folder, 'sales_teams.csv', Agent),
    opportunities: readTable(folder, 'sales_pipeline.csv', Opportunity),
  };
}
