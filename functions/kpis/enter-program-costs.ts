import { againUnlessSeen } from '#functions/http/again-unless-seen.ts';
import { answerChange } from '#functions/http/answer-change.ts';
import { type Answer, operation } from '#functions/http/door.ts';
import type { Request } from '#functions/http/request.ts';
import * as contracts from '#shared/kpis/kpi-contract.ts';
import { enterCosts } from '#shared/kpis/program-costs.ts';
import { changeProgramCosts, findProgramCosts } from '#shared/kpis/program-costs-store.ts';
import { commitChange, stale } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';
import { viewProgramCosts } from './view-program-costs.ts';

type Entering = Request<typeof contracts.enterProgramCosts>;

const enterFirst = async ({ params, body, intent, seen, now }: Entering): Promise<Answer> => {
  // Whoever has seen that nothing is there may say so, as version 0.
  if ((seen.version ?? 0) > 0) throw stale(undefined);
  const { program } = await programAt(now);
  const after = enterCosts(undefined, { quarter: params.quarter, input: body, now }, program);
  const { entity, replayed } = await commitChange(undefined, changeProgramCosts(undefined, after, intent));
  return { status: 200, body: viewProgramCosts(entity, program.currency), version: entity.version, replayed };
};

/** PUT /v1/program-costs/{quarter}. Whoever replaces what is there must have seen it. */
export const enterProgramCosts = operation(contracts.enterProgramCosts, (request) =>
  againUnlessSeen(request.seen, async () => {
    const { params, body, intent, now } = request;
    const found = await findProgramCosts(params.quarter);
    if (!found) return enterFirst(request);
    const { program } = await programAt(now);
    return answerChange(request, async () => ({
      before: found,
      needsVersion: true,
      view: (costs) => viewProgramCosts(costs, program.currency),
      save: () => {
        const after = enterCosts(found, { quarter: params.quarter, input: body, now }, program);
        return commitChange(found, changeProgramCosts(found, after, intent));
      },
    }));
  }),
);
