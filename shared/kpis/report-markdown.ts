import type { KpiReport, KpiRowView } from './kpi-contract.ts';
import type { KpiDefinition } from './kpi-definition.ts';
import { findKpi, kpiDefinitions } from './kpi-definitions.ts';
import { figureOf, tellFigure, tellNumber } from './report-words.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), line(heads.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line), ''];
};

const yearTable = (report: KpiReport, belongs: (definition: KpiDefinition) => boolean): string[] =>
  table(
    ['KPI', ...report.quarters.map(({ period }) => period), report.year],
    kpiDefinitions
      .filter(belongs)
      .map(({ id, name }) => [name, ...[...report.quarters, report.total].map((row) => tellFigure(figureOf(row, id)))]),
  );

const chapters = [
  ['What was put in', 'for partners’ eyes too', 'input', 'external'],
  ['What was put in', 'for our own', 'input', 'internal'],
  ['What came out', 'for partners’ eyes too', 'output', 'external'],
  ['What came out', 'for our own', 'output', 'internal'],
] as const;

const groupFigures = [
  'sourced-revenue',
  'influenced-revenue',
  'net-new-customers',
  'win-rate',
  'active-partners',
  'transacting-rate',
  'average-health',
] as const;

const groupTable = (groups: readonly KpiRowView[]): string[] =>
  table(
    ['Group', ...groupFigures.map((id) => findKpi(id)?.name ?? id)],
    groups.map((row) => [row.group.replace(':', ' '), ...groupFigures.map((id) => tellFigure(figureOf(row, id)))]),
  );

const differenceOf = ({ partners, direct, difference }: KpiReport['comparisons'][number]): string => {
  const currency = partners.amount?.currency ?? direct.amount?.currency ?? '';
  return difference === undefined ? '–' : tellNumber(partners.kpi, difference, currency);
};

const targetTable = ({ targets, total }: KpiReport): string[] => {
  const currency = total.figures.find(({ amount }) => amount)?.amount?.currency ?? 'USD';
  const told = (kpi: string, value: number | undefined): string =>
    value === undefined ? '–' : tellNumber(kpi, value, currency);
  return table(
    ['Target', 'baseline', 'by', 'is to be', 'is', 'should be by now', 'state'],
    targets.map(({ name, kpi, baseline, due, value, upTo, actual, expected, state }) => [
      name,
      `${told(kpi, baseline.value)} on ${baseline.on}`,
      due,
      upTo === undefined ? told(kpi, value) : `${told(kpi, value)} to ${told(kpi, upTo)}`,
      told(kpi, actual),
      told(kpi, expected),
      state,
    ]),
  );
};

const missing = ({ total }: KpiReport): string[] => {
  const reasons = Map.groupBy(
    total.figures.filter(({ reason }) => reason !== undefined),
    ({ reason }) => reason,
  );
  return [...reasons].map(
    ([reason, figures]) => `- ${figures.map(({ kpi }) => findKpi(kpi)?.name ?? kpi).join(', ')}: ${reason}`,
  );
};

/** The report as a page to be read and sent round. */
export const reportMarkdown = (report: KpiReport): string =>
  [
    `# ${report.programName}: the year ${report.year}`,
    '',
    `Up to ${report.upTo}, by run ${report.computed.runId} of ${report.computed.at}, program version ${report.computed.programVersion}.`,
    '',
    ...report.summary.map((each) => `- ${each}`),
    '',
    ...chapters.flatMap(([title, eyes, is, audience]) => {
      const lines = yearTable(report, (it) => it.is === is && it.audience === audience);
      return lines.length > 3 ? [`## ${title}, ${eyes}`, '', ...lines] : [];
    }),
    '## Who did it',
    '',
    ...groupTable(report.groups),
    '## Partners and direct sales',
    '',
    ...table(
      ['', 'with partners', 'direct sales', 'difference'],
      report.comparisons.map((it) => [it.name, tellFigure(it.partners), tellFigure(it.direct), differenceOf(it)]),
    ),
    ...(report.targets.length > 0 ? ['## Targets', '', ...targetTable(report)] : []),
    '## What is not known',
    '',
    ...missing(report),
    '',
    '## How each figure is reckoned',
    '',
    ...kpiDefinitions.map(({ name, words, and }) => `- **${name}**: ${words}${and ? `; with ${and}` : ''}.`),
    '',
  ].join('\n');
