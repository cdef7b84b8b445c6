import type { Day } from '#shared/core/time.ts';
import { kpiUnits } from './kpi-definition.ts';
import { findKpi } from './kpi-definitions.ts';
import { groupRows, type KpiRow, type Looked } from './kpi-rows.ts';
import type { KpiRules, KpiTarget } from './kpi-rules.ts';
import { standingOf, type TargetStanding } from './kpi-targets.ts';
import type { KpiFigure } from './kpis-of.ts';

export const figureIn = (row: KpiRow | undefined, kpi: string): KpiFigure =>
  row?.figures.find((figure) => figure.kpi === kpi) ?? { kpi, reason: 'There is no such figure.' };

/** What partners bring beside what direct sales bring. */
export const comparisons = [
  { name: 'Win rate', partners: 'win-rate', direct: 'direct-win-rate' },
  { name: 'Cycle time', partners: 'cycle-time', direct: 'direct-cycle-time' },
  { name: 'Deal size', partners: 'deal-size', direct: 'direct-deal-size' },
  { name: 'Retention', partners: 'net-revenue-retention', direct: 'direct-net-revenue-retention' },
  { name: 'Renewals', partners: 'renewal-rate', direct: 'direct-renewal-rate' },
] as const;

export interface Compared {
  readonly name: string;
  readonly period: string;
  readonly partners: KpiFigure;
  readonly direct: KpiFigure;
  /** Partners less direct sales, in the unit of both; where both are known. */
  readonly difference?: number;
}

const differenceOf = (partners: KpiFigure, direct: KpiFigure): number | undefined => {
  if ('reason' in partners || 'reason' in direct) return undefined;
  const factor = 10 ** kpiUnits[findKpi(partners.kpi)?.unit ?? 'count'];
  return (Math.round(partners.value * factor) - Math.round(direct.value * factor)) / factor;
};

/** Of a row of the whole program. */
export const compare = (row: KpiRow): readonly Compared[] =>
  comparisons.map(({ name, ...ids }) => {
    const [partners, direct] = [figureIn(row, ids.partners), figureIn(row, ids.direct)];
    const difference = differenceOf(partners, direct);
    return { name, period: row.period, partners, direct, ...(difference === undefined ? {} : { difference }) };
  });

/** A target of the program, and how it stands at the end of a quarter. */
export interface JudgedTarget extends KpiTarget, TargetStanding {
  readonly period: string;
}

/** By the figures of the whole program: of months the last one counts. */
export const judgeTargets = (rules: KpiRules | undefined, looked: Looked, day: Day): readonly JudgedTarget[] =>
  (rules?.targets ?? []).flatMap((target): JudgedTarget[] => {
    const row = groupRows(looked, target.per, 'all').at(-1);
    const definition = findKpi(target.kpi);
    if (!row || !definition) return [];
    const figure = figureIn(row, target.kpi);
    const standing: TargetStanding =
      'reason' in figure
        ? { state: 'unknown', reason: figure.reason }
        : standingOf(target, definition, { day, actual: figure.value });
    return [{ ...target, ...standing, period: row.period }];
  });
