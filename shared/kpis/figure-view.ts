import { lastDayOf } from '#shared/core/quarters.ts';
import type { Program } from '#shared/program/program.ts';
import type * as contracts from './kpi-contract.ts';
import { findKpi } from './kpi-definitions.ts';
import type { KpiRow, Looked } from './kpi-rows.ts';
import { type Compared, compare, judgeTargets } from './kpi-view.ts';
import type { KpiFigure } from './kpis-of.ts';

/** Figures as they are answered, money in the program's currency. */
export const viewFigure = (figure: KpiFigure, currency: string): contracts.KpiFigureView => {
  if ('reason' in figure) return figure;
  const { kpi, value, from } = figure;
  return findKpi(kpi)?.unit === 'money'
    ? { kpi, amount: { amountMinor: value, currency }, from }
    : { kpi, value, from };
};

/** `tier:gold` is shown as `gold`; a partner by its id. */
export const viewRow = ({ group, period, figures }: KpiRow, currency: string): contracts.KpiRowView => ({
  group: group.slice(group.indexOf(':') + 1),
  period,
  figures: figures.map((figure) => viewFigure(figure, currency)),
});

const viewCompared = ({ partners, direct, ...told }: Compared, currency: string): contracts.KpiComparisonView => ({
  ...told,
  partners: viewFigure(partners, currency),
  direct: viewFigure(direct, currency),
});

export const viewComparisons = (rows: readonly KpiRow[], currency: string): contracts.KpiComparisonView[] =>
  rows.flatMap(compare).map((compared) => viewCompared(compared, currency));

/** As they stand on the last day of the quarter. */
export const viewTargets = (looked: Looked, program: Program): contracts.KpiTargetView[] => [
  ...judgeTargets(program.kpis, looked, lastDayOf(looked.quarter, program.fiscalYearStart)),
];
