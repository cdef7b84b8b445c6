import { door } from '#functions/http/door.ts';
import { enterProgramCosts } from './enter-program-costs.ts';
import { getKpiReport } from './get-kpi-report.ts';
import { getKpis } from './get-kpis.ts';
import { getProgramCosts } from './get-program-costs.ts';
import { listKpiDefinitions } from './list-kpi-definitions.ts';

export const handler = door('kpis', [getKpis, getKpiReport, listKpiDefinitions, getProgramCosts, enterProgramCosts]);
