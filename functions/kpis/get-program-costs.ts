import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/kpis/kpi-contract.ts';
import { getProgramCosts as get } from '#shared/kpis/program-costs-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { viewProgramCosts } from './view-program-costs.ts';

/** GET /v1/program-costs/{quarter}. */
export const getProgramCosts = operation(contracts.getProgramCosts, async ({ params, now }) => {
  const costs = await get(params.quarter);
  const { program } = await programAt(now);
  return { status: 200, body: viewProgramCosts(costs, program.currency), version: costs.version };
});
