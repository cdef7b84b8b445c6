import type { KpiReport } from '#shared/kpis/kpi-contract.ts';
import { kpiReport } from '#shared/kpis/kpi-report.ts';
import { sumsFrom } from '#shared/kpis/kpi-store.ts';
import type { ProgramCosts } from '#shared/kpis/program-costs.ts';
import { costsFrom } from '#shared/kpis/program-costs-store.ts';
import type { StoredItem } from '#shared/ledger/chains.ts';
import type { Item } from '#shared/platform/table.ts';
import type { Program } from '#shared/program/program.ts';
import { rulesFrom } from '#shared/program/program-store.ts';

/** Takes every item of a table, in any order, and makes the report of a year from them. */
export const openKpiRecords = (year: string) => {
  const parts = new Map<string, Item[]>();
  const costs = new Map<string, ProgramCosts>();
  const rules = new Map<number, Program>();
  const take = (stored: StoredItem): void => {
    // Every item of the table has its key.
    const item = stored as Item;
    if (item.kind === 'kpi-sums' && String(item.quarter).startsWith(year))
      parts.set(item.pk, [...(parts.get(item.pk) ?? []), item]);
    if (item.kind === 'program-costs') costs.set(String(item.quarter), costsFrom(item));
    // Parsed when it was published, and never changed since.
    if (item.kind === 'program-rules') rules.set(Number(item.sk.split('#')[1]), rulesFrom(item));
  };
  /** Throws in words where nothing of the year was computed. */
  const close = (): KpiReport => {
    const kept = [...parts.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, items]) => {
        const inOrder = items.sort((a, b) => (a.sk < b.sk ? -1 : 1));
        return sumsFrom(inOrder.slice(0, Number(inOrder[0]?.parts))) ?? [];
      });
    const [first, ...others] = kept;
    if (!first) throw new Error(`No scoring run of a quarter of ${year} is complete, so there are no figures of it.`);
    const program = rules.get(kept.at(-1)?.run.programVersion ?? 0);
    if (!program) throw new Error('There is no program in it.');
    return kpiReport({ year, quarters: [first, ...others], costs, program });
  };
  return { take, close };
};
