import { door } from '#functions/http/door.ts';
import { assessPartner } from './assess-partner.ts';
import { getAssessment } from './get-assessment.ts';
import { getHealth } from './get-health.ts';
import { getScoringRun } from './get-scoring-run.ts';
import { listHealth } from './list-health.ts';
import { listScoringRuns } from './list-scoring-runs.ts';
import { publishQuarter } from './publish-quarter.ts';
import { startScoringRun } from './start-scoring-run.ts';

export const handler = door('health', [
  startScoringRun,
  listScoringRuns,
  getScoringRun,
  assessPartner,
  getAssessment,
  listHealth,
  getHealth,
  publishQuarter,
]);
