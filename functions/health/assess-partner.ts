import { answerChange } from '#functions/http/answer-change.ts';
import { type Answer, operation } from '#functions/http/door.ts';
import type { Assessment } from '#shared/health/assessment.ts';
import { assess } from '#shared/health/assessment.ts';
import { findAssessment, saveAssessment } from '#shared/health/assessment-store.ts';
import * as contracts from '#shared/health/health-contract.ts';
import { viewAssessment } from '#shared/health/health-contract.ts';
import { scoringRulesOf } from '#shared/health/scoring-rules.ts';
import { mustHaveBegun } from '#shared/health/scoring-run.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { stale } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

/** PUT /v1/partners/{partnerId}/assessments/{quarter}. Whoever adds to one must have seen it. */
export const assessPartner = operation(contracts.assessPartner, async (request): Promise<Answer> => {
  const { params, body, caller, intent, now, seen } = request;
  const [{ program }] = await Promise.all([programAt(now), getPartner(params.partnerId)]);
  mustHaveBegun(params.quarter, now, program);
  const rules = scoringRulesOf(program.health);
  const decide = (before: Assessment | undefined): Assessment =>
    assess(before, body, {
      ...params,
      by: caller.id,
      now,
      signals: rules.signals.filter(({ assessed }) => assessed),
      raters: rules.secondRater ? 2 : 1,
    });
  const before = await findAssessment(params.partnerId, params.quarter);
  if (!before) {
    // Version 0 is what is not there.
    if (seen.version) throw stale(0);
    const { entity, replayed } = await saveAssessment(undefined, decide(undefined), intent);
    return { status: 200, body: viewAssessment(entity), version: entity.version, replayed };
  }
  return answerChange(request, async () => {
    const present = (await findAssessment(params.partnerId, params.quarter)) ?? before;
    return {
      before: present,
      needsVersion: true,
      save: () => saveAssessment(present, decide(present), intent),
      view: viewAssessment,
    };
  });
});
