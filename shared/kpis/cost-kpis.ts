import type { KpiFormula } from './kpi-definition.ts';
import { count, type Formula, numbersOf } from './kpi-formula.ts';
import { executives, finance, kept, leadership, sourced, sourcedNew, sourcedRevenue } from './kpi-terms.ts';

const costs: Formula = ({ costs: entered }) =>
  typeof entered === 'string'
    ? { reason: entered }
    : { part: BigInt(entered.costMinor), whole: 1n, from: { costs: entered.costMinor } };

const acquisition: Formula = (row) => {
  const customers = numbersOf([count('net-new customers', [sourcedNew])], row);
  if (typeof row.costs === 'string') return { reason: row.costs };
  if ('reason' in customers) return customers;
  if (customers.sum === 0) return { reason: 'No net-new customer was won.' };
  const { costMinor } = row.costs;
  return { part: BigInt(costMinor), whole: BigInt(customers.sum), from: { costs: costMinor, ...customers.from } };
};

const perCost: Formula = (row) => {
  const revenue = numbersOf([sourcedRevenue], row);
  if (typeof row.costs === 'string') return { reason: row.costs };
  if ('reason' in revenue) return revenue;
  const { costMinor } = row.costs;
  if (costMinor === 0) return { reason: 'No costs were entered.' };
  return { part: BigInt(revenue.sum), whole: BigInt(costMinor), from: { ...revenue.from, costs: costMinor } };
};

const millionths = 1_000_000n;

const profitReturn: Formula = (row) => {
  const revenue = numbersOf([sourcedRevenue], row);
  if (typeof row.costs === 'string') return { reason: row.costs };
  if ('reason' in revenue) return revenue;
  const { costMinor, profitMillionths } = row.costs;
  if (costMinor === 0) return { reason: 'No costs were entered.' };
  const cost = BigInt(costMinor) * millionths;
  const from = { ...revenue.from, costs: costMinor };
  return { part: (profitMillionths - cost) * 100n, whole: cost, from };
};

const entered = 'the program costs that finance entered';

/** What the program costs and what it brings for that. */
export const costKpis: readonly KpiFormula[] = [
  {
    id: 'program-costs',
    name: 'Program costs',
    words: 'All costs of the program that finance entered for the period',
    facts: [],
    and: entered,
    unit: 'money',
    users: [leadership, finance],
    ...kept,
    is: 'input',
    formula: costs,
  },
  {
    id: 'partner-cac',
    name: 'Partner CAC',
    words: 'Program costs ÷ net-new customers that partners brought',
    facts: [sourcedNew],
    and: entered,
    unit: 'money',
    users: [leadership, finance, executives],
    ...kept,
    formula: acquisition,
  },
  {
    id: 'revenue-per-cost',
    name: 'Revenue per unit of cost',
    words: 'Sourced revenue ÷ program costs',
    facts: sourced,
    and: entered,
    unit: 'times',
    users: [leadership, finance, executives],
    ...kept,
    formula: perCost,
  },
  {
    id: 'return-on-gross-profit',
    name: 'Return on gross profit',
    words: '(Sourced revenue × margin, quarter by quarter, − program costs) ÷ program costs',
    facts: sourced,
    and: `${entered}, and the margin`,
    unit: 'percent',
    users: [leadership, finance, executives],
    ...kept,
    formula: profitReturn,
  },
];
