import { formatMoney } from '#shared/core/money.ts';
import type { KpiFigureView, KpiReport, KpiRowView } from './kpi-contract.ts';
import type { KpiUnit } from './kpi-definition.ts';
import { findKpi } from './kpi-definitions.ts';

const numbers: Readonly<Record<Exclude<KpiUnit, 'money'>, (value: string) => string>> = {
  count: (value) => value,
  percent: (value) => `${value} %`,
  days: (value) => `${value} days`,
  times: (value) => value,
  points: (value) => value,
};

const format = new Intl.NumberFormat('en', { maximumFractionDigits: 4 });

/** A number in the unit of a KPI; money is given in minor units. */
export const tellNumber = (kpi: string, value: number, currency: string): string => {
  const unit = findKpi(kpi)?.unit ?? 'count';
  if (unit !== 'money') return numbers[unit](format.format(value));
  return formatMoney({ amountMinor: Math.round(value), currency });
};

/** As it is read in a table; what is not known is a dash. */
export const tellFigure = ({ kpi, value, amount }: KpiFigureView): string => {
  if (amount) return formatMoney(amount);
  return value === undefined ? '–' : tellNumber(kpi, value, '');
};

export const figureOf = ({ figures }: KpiRowView, kpi: string): KpiFigureView =>
  figures.find((figure) => figure.kpi === kpi) ?? { kpi, reason: 'There is no such figure.' };

/** A sentence with figures in braces, `{win-rate}`; without those that are not known it says why instead. */
export const sentence = (text: string, row: KpiRowView): string => {
  const named = [...text.matchAll(/\{([a-z0-9-]+)\}/g)].map(([, kpi = '']) => figureOf(row, kpi));
  const unknown = named.find(({ reason }) => reason !== undefined);
  if (unknown) return `${findKpi(unknown.kpi)?.name ?? unknown.kpi}: not known. ${unknown.reason}`;
  return text.replace(/\{([a-z0-9-]+)\}/g, (_, kpi: string) => tellFigure(figureOf(row, kpi)));
};

const sentences = [
  'Partners sourced {sourced-revenue} of revenue and won {net-new-customers} net-new customers; expansions brought {expansion-revenue} of it.',
  'They influenced {influenced-revenue} of revenue.',
  'Sourced revenue was {revenue-share} of all revenue.',
  'Of all new pipeline, {pipeline-share} came from partners: {sourced-pipeline}.',
  'We sent {leads-sent} leads to partners.',
  'They accepted {leads-accepted} of them.',
  'At the end {partners} partners were in the program; {active-partners} of them had been active ({active-rate}), {transacting-partners} had sold something ({transacting-rate}).',
  '{partners-onboarded} partners came in the year.',
  'Partner churn was {partner-churn}.',
  'The average health score was {average-health}.',
  'It took {time-to-first-deal} from becoming a partner to the first approved deal.',
  'Customers of partners renewed and grew: net revenue retention was {net-revenue-retention}.',
  'The program cost {program-costs}, and each unit of it brought {revenue-per-cost} in revenue.',
  'Partner NPS was {partner-nps}.',
] as const;

const comparing = ({ name, partners, direct }: KpiReport['comparisons'][number]): string[] =>
  partners.reason !== undefined || direct.reason !== undefined
    ? []
    : [`${name}: ${tellFigure(partners)} with partners, ${tellFigure(direct)} in direct sales.`];

const ofTargets = (targets: KpiReport['targets']): string[] => {
  if (targets.length === 0) return [];
  const states = Map.groupBy(targets, ({ state }) => state);
  const counts = [...states].map(([state, those]) => `${those.length} ${state}`).join(', ');
  return [`Of ${targets.length} targets: ${counts}.`];
};

/** The year in sentences; where a figure is not known, the sentence says why. */
export const summaryOf = (report: Pick<KpiReport, 'total' | 'comparisons' | 'targets'>): string[] => [
  ...sentences.map((text) => sentence(text, report.total)),
  ...report.comparisons.flatMap(comparing),
  ...ofTargets(report.targets),
];
