import * as z from 'zod';
import { ask, askAll } from '#local/import/api-client.ts';
import { published } from '#test/import/a-reviewed-year.ts';
import { quarters, type Reading } from '#test/import/check-a-quarter.ts';

const Summary = z.object({ partnerId: z.string(), score: z.number(), band: z.string(), coverage: z.number() });
const Figure = z.object({
  kpi: z.string(),
  value: z.number().optional(),
  amount: z.object({ amountMinor: z.number() }).optional(),
});
const Kpis = z.object({ data: z.tuple([z.object({ figures: z.array(Figure) })]) });
const Explained = z.object({
  score: z.number(),
  band: z.string(),
  coverage: z.number(),
  categories: z.array(z.object({ name: z.string(), contribution: z.number(), most: z.number() })),
  levers: z
    .object({ band: z.string(), together: z.boolean(), changes: z.array(z.object({ told: z.string() })) })
    .optional(),
});

const amount = (minor = Number.NaN): string =>
  new Intl.NumberFormat('en', { minimumFractionDigits: 2 }).format(minor / 100);

const rowOf = async (reading: Reading, quarter: string): Promise<string> => {
  const { api, token } = reading;
  const health = await askAll(api, { method: 'GET', path: `/v1/health?quarter=${quarter}`, token }, Summary);
  const { data } = await ask(api, { method: 'GET', path: `/v1/kpis?quarter=${quarter}`, token }, Kpis);
  const figure = (id: string) => data[0].figures.find(({ kpi }) => kpi === id);
  const number = (id: string, unit = '') => {
    const value = figure(id)?.value;
    return value === undefined ? '–' : `${value}${unit}`;
  };
  const inBand = (name: string) => health.filter(({ band }) => band === name).length;
  const cells = [
    quarter,
    health.length,
    number('average-health'),
    ['strong', 'stable', 'developing'].map(inBand).join(' · '),
    number('active-partners'),
    amount(figure('sourced-pipeline')?.amount?.amountMinor),
    amount(figure('sourced-revenue')?.amount?.amountMinor),
    number('win-rate', ' %'),
    number('cycle-time', ' days'),
  ];
  return `| ${cells.join(' | ')} |`;
};

/** Of those with the highest score the first by its name, and how it came about. */
const bestOf = async ({ api, token, ids }: Reading): Promise<string> => {
  const health = await askAll(api, { method: 'GET', path: `/v1/health?quarter=${published}`, token }, Summary);
  const highest = Math.max(...health.map(({ score }) => score));
  const among = new Set(health.filter(({ score }) => score === highest).map(({ partnerId }) => partnerId));
  const [agent = '', id] = [...ids].sort().find(([, each]) => among.has(each)) ?? [];
  const told = await ask(api, { method: 'GET', path: `/v1/partners/${id}/health/${published}`, token }, Explained);
  const known = told.categories.filter(({ most }) => most > 0);
  const parts = known.map(({ name, contribution, most }) => `${name} ${contribution} of ${most}`);
  const { band, together, changes = [] } = told.levers ?? {};
  const changed = changes.map((each) => each.told).join('; ');
  const next = band ? ` To be ${band}, ${together ? 'all' : 'one'} of: ${changed}.` : '';
  const head = `${agent} Partners, ${published}: ${told.score} points, ${told.band}, from ${told.coverage} % of what could be known.`;
  return `${head} ${parts.join(' · ')}.${next}`;
};

const head = [
  '| quarter | scored | average health | strong · stable · developing | active | sourced pipeline (USD) | sourced revenue (USD) | win rate | cycle time |',
  '| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |',
];

/** As README has them. */
export const readSpots = async (reading: Reading): Promise<string> => {
  const rows: string[] = [];
  for (const quarter of quarters) rows.push(await rowOf(reading, quarter));
  return [...head, ...rows, '', await bestOf(reading)].join('\n');
};
