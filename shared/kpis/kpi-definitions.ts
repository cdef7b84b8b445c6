import { costKpis } from './cost-kpis.ts';
import { customerKpis } from './customer-kpis.ts';
import { dealKpis } from './deal-kpis.ts';
import type { KpiDefinition } from './kpi-definition.ts';
import { kpiIds } from './kpi-ids.ts';
import { partnerKpis } from './partner-kpis.ts';
import { revenueKpis } from './revenue-kpis.ts';

/** Every figure of PRODUCT §7, in the order in which they are shown. */
export const kpiDefinitions: readonly KpiDefinition[] = [
  ...revenueKpis,
  ...partnerKpis,
  ...dealKpis,
  ...customerKpis,
  ...costKpis,
].map((formula) => ({ ...formula, better: kpiIds[formula.id] ?? 'more' }));

const byId: ReadonlyMap<string, KpiDefinition> = new Map(kpiDefinitions.map((it) => [it.id, it]));

export const findKpi = (id: string): KpiDefinition | undefined => byId.get(id);
