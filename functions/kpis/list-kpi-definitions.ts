import { operation } from '#functions/http/door.ts';
import { kindOf } from '#shared/facts/fact-kinds.ts';
import { factMeanings } from '#shared/facts/fact-meanings.ts';
import * as contracts from '#shared/kpis/kpi-contract.ts';
import { kpiDefinitions } from '#shared/kpis/kpi-definitions.ts';

/** GET /v1/kpi-definitions. */
export const listKpiDefinitions = operation(contracts.listKpiDefinitions, async () => {
  const data = kpiDefinitions.map(({ words, facts, formula: _formula, ...told }): contracts.KpiDefinitionView => {
    const sources = facts.map((kind) => ({ kind, meaning: factMeanings[kind], source: kindOf(kind).source }));
    return { ...told, formula: words, sources, users: [...told.users] };
  });
  return { status: 200, body: { data, nextCursor: null } };
});
