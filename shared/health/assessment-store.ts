import { type Intent, record, remember } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import type { Quarter } from '#shared/core/quarters.ts';
import { commitChange, type NextState, replaceAsRead, type Saved, stale } from '#shared/platform/history-store.ts';
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

const next = (before: Assessment | undefined, after: Assessment, intent: Intent): NextState<Assessment> => {
  const { partnerId } = after;
  const happening = { type: 'partner.assessed', intent, personalFields: personalAssessmentFields, partnerId };
  const { entity, event } = record(before, after, happening);
  // Its id is not made from the intent, so it has to remember the first one too.
  const kept = before ? entity : { ...entity, doneKeys: remember(undefined, intent, 1) };
  const item = toItem(kept);
  const own = before
    ? replaceAsRead(before, item)
    : { write: 'insert' as const, item, refuse: (image: Item | undefined) => stale(image && Number(image.version)) };
  return { entity: kept, event, writes: [own] };
};

/** Throws `version.stale` when somebody else judged at the same moment. */
export const saveAssessment = (
  before: Assessment | undefined,
  after: Assessment,
  intent: Intent,
): Promise<Saved<Assessment>> => commitChange(before, next(before, after, intent));
