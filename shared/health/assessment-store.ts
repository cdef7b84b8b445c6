import type { Intent } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import { commitChange, nextOfNamed, type Saved } from '#shared/platform/history-store.ts';
import { type Item, type Key, read } from '#shared/platform/table.ts';
import { Assessment, assessmentIdOf, personalAssessmentFields } from './assessment.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | what was judged of a partner's quarter | table | pk = id of both, sk = `assessment` |
 * | assessments, by quarter | byStatus | `assessments#<shard>`, `<quarter>#<id>` |
 */
const assessmentKey = (id: string): Key => ({ pk: id, sk: 'assessment' });

const toItem = (assessment: Assessment): Item => ({
  ...assessmentKey(assessment.id),
  kind: 'assessment',
  ...assessment,
  statusKey: `assessments#${shardOf(assessment.id)}`,
  statusSort: `${assessment.quarter}#${assessment.id}`,
  summary: { partnerId: assessment.partnerId },
});

export const getAssessmentById = async (id: string): Promise<Assessment | undefined> => {
  const [item] = await read([assessmentKey(id)]);
  return item && Assessment.parse(item);
};

export const findAssessment = (partnerId: string, quarter: Quarter): Promise<Assessment | undefined> =>
  getAssessmentById(assessmentIdOf(partnerId, quarter));

/** Throws `version.stale` when somebody else judged at the same moment. */
export const saveAssessment = (
  before: Assessment | undefined,
  after: Assessment,
  intent: Intent,
): Promise<Saved<Assessment>> => {
  const { partnerId } = after;
  const happening = { type: 'partner.assessed', intent, personalFields: personalAssessmentFields, partnerId };
  return commitChange(before, nextOfNamed(before, after, { ...happening, toItem }));
};
