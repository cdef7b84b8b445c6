import type { Program } from '#shared/program/program.ts';
import { groupsOf, type KpiSums } from './kpi-sums.ts';
import { addPeriods, type ByPeriod } from './measures.ts';
import { addMeasuresOf, type Looked } from './measures-of.ts';

/**
 * Partners that are in the same groups, added up once and not once for each group: what a worker holds while it goes through partners.
 * Their number is that of tiers times types times regions, so what is kept are the groups' sums.
 */
export type KpiCells = Map<string, { readonly groups: readonly string[]; readonly periods: ByPeriod }>;

/** Adds a partner, or the company's own facts. Each partner must be added once. */
export const addToCells = (cells: KpiCells, of: Looked, program: Program): void => {
  const groups = groupsOf(of);
  const key = groups.join(' ');
  const cell = cells.get(key) ?? { groups, periods: {} };
  cells.set(key, cell);
  addMeasuresOf(cell.periods, of, program);
};

/** Adds the cells to the sums of their groups. */
export const addCells = (sums: KpiSums, cells: KpiCells): void => {
  for (const { groups, periods } of cells.values())
    for (const group of groups) {
      sums[group] ??= {};
      addPeriods(sums[group], periods);
    }
};
