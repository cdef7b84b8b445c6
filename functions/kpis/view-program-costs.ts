import type { ProgramCostsView } from '#shared/kpis/kpi-contract.ts';
import { type ProgramCosts, totalMinor } from '#shared/kpis/program-costs.ts';

/** With their sum, in the program's currency. */
export const viewProgramCosts = (costs: ProgramCosts, currency: string): ProgramCostsView => {
  const { head: _head, doneKeys: _doneKeys, ...told } = costs;
  return { ...told, total: { amountMinor: totalMinor(costs), currency } };
};
