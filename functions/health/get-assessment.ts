import { operation } from '#functions/http/door.ts';
import { notFound } from '#shared/core/errors.ts';
import { findAssessment } from '#shared/health/assessment-store.ts';
import * as contracts from '#shared/health/health-contract.ts';
import { viewAssessment } from '#shared/health/health-contract.ts';

/** GET /v1/partners/{partnerId}/assessments/{quarter} */
export const getAssessment = operation(contracts.getAssessment, async ({ params }) => {
  const assessment = await findAssessment(params.partnerId, params.quarter);
  if (!assessment) throw notFound();
  return { status: 200, body: viewAssessment(assessment), version: assessment.version };
});
