import type { Quarter } from '#shared/core/quarters.ts';
import type { Program } from '#shared/program/program.ts';
import type { CostsByQuarter } from './costs-of-period.ts';
import { viewComparisons, viewFigure, viewTargets } from './figure-view.ts';
import type { KpiReport, KpiRowView } from './kpi-contract.ts';
import { groupRows, type KpiRow, type Looked, look } from './kpi-rows.ts';
import type { KpiSums } from './kpi-sums.ts';
import { summaryOf } from './report-words.ts';

/** The sums of one quarter of the year, and which run made them. */
export interface ReportedQuarter {
  readonly run: {
    readonly quarter: Quarter;
    readonly runId: string;
    readonly at: string;
    readonly programVersion: number;
  };
  readonly sums: KpiSums;
}

/** What a year is told from; at least one quarter of it, oldest first. */
export interface ReportedYear {
  readonly year: string;
  readonly quarters: readonly [ReportedQuarter, ...ReportedQuarter[]];
  readonly costs: CostsByQuarter;
  readonly program: Program;
}

/** Groups keep what they are groups by: `tier:gold`. */
const shownAs =
  (currency: string) =>
  ({ group, period, figures }: KpiRow): KpiRowView => ({
    group,
    period,
    figures: figures.map((figure) => viewFigure(figure, currency)),
  });

/** The year in words and figures: each quarter as its own run made it, the year as the run of its latest quarter did. */
export const kpiReport = ({ year, quarters, costs, program }: ReportedYear): KpiReport => {
  const shown = shownAs(program.currency);
  const lookAt = ({ run, sums }: ReportedQuarter): Looked =>
    look({ quarter: run.quarter, sums, costs, calendar: program });
  const latest = quarters.at(-1) ?? quarters[0];
  const looked = lookAt(latest);
  const whole = groupRows(looked, 'year', 'all');
  const [total] = whole.map(shown);
  if (!total) throw new Error(`There is no year ${year} in ${latest.run.quarter}.`);
  const comparisons = viewComparisons(whole, program.currency);
  const targets = viewTargets(looked, program);
  const { quarter: upTo, ...computed } = latest.run;
  return {
    year,
    programName: program.name,
    upTo,
    computed,
    summary: summaryOf({ total, comparisons, targets }),
    quarters: quarters.flatMap((quarter) => groupRows(lookAt(quarter), 'quarter', 'all').map(shown)),
    total,
    groups: (['tier', 'type', 'region'] as const).flatMap((by) => groupRows(looked, 'year', by).map(shown)),
    comparisons,
    targets,
  };
};
