import { answerPut } from '#functions/http/answer-put.ts';
import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/kpis/kpi-contract.ts';
import { enterCosts } from '#shared/kpis/program-costs.ts';
import { changeProgramCosts, findProgramCosts } from '#shared/kpis/program-costs-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { viewProgramCosts } from './view-program-costs.ts';

/** PUT /v1/program-costs/{quarter}. Whoever replaces what is there must have seen it. */
export const enterProgramCosts = operation(contracts.enterProgramCosts, async (request) => {
  const { params, body, intent, now } = request;
  const { program } = await programAt(now);
  return answerPut(request, {
    find: () => findProgramCosts(params.quarter),
    save: async (before) => {
      const after = enterCosts(before, { quarter: params.quarter, input: body, now }, program);
      return commitChange(before, changeProgramCosts(before, after, intent));
    },
    view: (costs) => viewProgramCosts(costs, program.currency),
  });
});
