import { parse } from 'csv-parse/sync';
import { type CrmTables, recompute } from '#test/import/recompute.ts';

/**
 * What every partner must have earned when the CRM sample has gone through the program, worked out from the data page alone
 * (data/README.md, the table of rules), without the system's rules: a second witness, in whole cents.
 */
export interface ExpectedEarnings {
  readonly commission: number;
  readonly bonus: number;
  readonly spiff: number;
  readonly rebate: number;
  /** How many earnings there are of each kind. */
  readonly count: {
    readonly commission: number;
    readonly bonus: number;
    readonly spiff: number;
    readonly rebate: number;
  };
}

type Cells = Readonly<Record<string, string>>;

export interface ExpectedSale {
  readonly agent: string;
  readonly isGtk500: boolean;
  readonly valueMinor: number;
  readonly engaged: string;
  readonly closed: string;
  /** `2025-2`: calendar quarter of the close. */
  readonly quarter: string;
}

/** "Rounded half-even to the cent." */
export const percentOf = (amountMinor: number, percent: number): number => {
  const hundredths = amountMinor * percent;
  const [down, rest] = [Math.floor(hundredths / 100), hundredths % 100];
  if (rest === 50) return down % 2 === 0 ? down : down + 1;
  return rest > 50 ? down + 1 : down;
};

const quarterOf = (text: string): string => {
  const [month = '', , year = ''] = text.split('/');
  return `${year}-${Math.ceil(Number(month) / 3)}`;
};

/** Every deal that was won, in the order of the table. */
export const salesIn = (tables: CrmTables): readonly ExpectedSale[] => {
  const outcomes = recompute(tables);
  const rows: readonly Cells[] = parse(tables.pipeline, { columns: true });
  return rows
    .filter((row) => outcomes.get(row.opportunity_id ?? '')?.close === 'won')
    .map((row) => ({
      agent: row.sales_agent ?? '',
      isGtk500: row.product?.replaceAll(' ', '') === 'GTK500',
      valueMinor: Math.round(Number(row.close_value) * 100),
      engaged: row.engage_date ?? '',
      closed: row.close_date ?? '',
      quarter: quarterOf(row.close_date ?? ''),
    }));
};

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** By the names of the agents; those who sold nothing are not there. */
export const recomputeEarnings = (tables: CrmTables): ReadonlyMap<string, ExpectedEarnings> => {
  const byAgent = Map.groupBy(salesIn(tables), ({ agent }) => agent);
  return new Map(
    [...byAgent].map(([agent, sales]) => {
      const worth = sales.filter(({ valueMinor }) => valueMinor > 0);
      const spiffs = worth.filter(({ isGtk500 }) => isGtk500).length;
      const quarters = [...Map.groupBy(sales, ({ quarter }) => quarter).values()]
        .map((inQuarter) => sum(inQuarter.map(({ valueMinor }) => valueMinor)))
        .filter((sold) => sold >= 100_000_00);
      return [
        agent,
        {
          commission: sum(worth.map(({ valueMinor }) => percentOf(valueMinor, 10))),
          bonus: sum(worth.map(({ valueMinor }) => percentOf(valueMinor, 2))),
          spiff: spiffs * 500_00,
          rebate: sum(quarters.map((sold) => percentOf(sold, 2))),
          count: { commission: worth.length, bonus: worth.length, spiff: spiffs, rebate: quarters.length },
        },
      ];
    }),
  );
};
