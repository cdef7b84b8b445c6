import { answerPut } from '#functions/http/answer-put.ts';
import { operation } from '#functions/http/door.ts';
import { assess } from '#shared/health/assessment.ts';
import { findAssessment, saveAssessment } from '#shared/health/assessment-store.ts';
import * as contracts from '#shared/health/health-contract.ts';
import { viewAssessment } from '#shared/health/health-contract.ts';
import { scoringRulesOf } from '#shared/health/scoring-rules.ts';
import { mustHaveBegun } from '#shared/health/scoring-run.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { programAt } from '#shared/program/program-store.ts';

/** PUT /v1/partners/{partnerId}/assessments/{quarter}. Whoever adds to one must have seen it. */
export const assessPartner = operation(contracts.assessPartner, async (request) => {
  const { params, body, caller, intent, now } = request;
  const [{ program }] = await Promise.all([programAt(now), getPartner(params.partnerId)]);
  mustHaveBegun(params.quarter, now, program);
  const rules = scoringRulesOf(program.health);
  const signals = rules.signals.filter(({ assessed }) => assessed);
  const about = { ...params, by: caller.id, now, signals, raters: rules.secondRater ? 2 : 1 } as const;
  return answerPut(request, {
    find: () => findAssessment(params.partnerId, params.quarter),
    save: async (before) => saveAssessment(before, assess(before, body, about), intent),
    view: viewAssessment,
  });
});
