import { markSubject, readBoth } from '#shared/approvals/subject-store.ts';
import { systemIntent } from '#shared/core/history.ts';
import { commit } from '#shared/platform/history-store.ts';
import { log } from '#shared/platform/logger.ts';
import { programAt } from '#shared/program/program-store.ts';
import { markScoring } from '#workflows/health/mark-scoring.ts';

/** The step NeedsAttention of approval.asl.json: the workflow failed, and says why. */
export interface FailureInput {
  readonly subjectId: string;
  readonly approvalId: string;
  readonly error: string;
  readonly cause: string;
  readonly at: string;
}

/** Begins what a subject says whose workflow failed; what follows up the approval takes it off again. */
export const failureOf = (approvalId: string): string => `The workflow of ${approvalId} failed: `;

/** Leaves the record marked for a person. */
export const handler = async (input: FailureInput): Promise<void> => {
  if (input.subjectId.startsWith('scr_')) return markScoring(input.subjectId, input.error, input.at);
  const { subject } = await readBoth(input.approvalId, input.subjectId);
  log.error('workflow failed', { subjectId: input.subjectId, approvalId: input.approvalId, error: input.error });
  if (!subject || subject.entity.needsAttention) return;
  const intent = systemIntent('needs-attention', input.approvalId, input.at);
  const change = markSubject(subject, `${failureOf(input.approvalId)}${input.error}`, {
    intent,
    terms: await programAt(input.at),
  });
  await commit([change.event], change.writes);
};
