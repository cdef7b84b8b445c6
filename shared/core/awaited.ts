import * as z from 'zod';
import { Instant } from './time.ts';

/** The open decision that a thing waits for; the workflow that asks for it is started from the event that sets this. */
export const Awaited = z.strictObject({
  approvalId: z.string(),
  kind: z.string(),
  /** Counts the workflow executions that were started for it; their names cannot be used again. */
  attempt: z.int().positive(),
  /** When it was submitted: from then on reminders and lateness count, whenever it was asked. */
  since: Instant,
  /** Who submitted it, and so may not decide on it. */
  by: z.string(),
});
export type Awaited = z.infer<typeof Awaited>;

/** Approvals are numbered for each subject, and an approval's id tells its subject. */
export const approvalIdOf = (subjectId: string, number: number): string => `apr_${subjectId}_${number}`;

/** The subject of an approval; undefined when this is no approval's id. */
export const subjectOf = (approvalId: string): string | undefined => /^apr_(\w+_\w+)_\d{1,6}$/.exec(approvalId)?.[1];

/** The fields of a subject that begins to wait for its next decision. */
export const awaiting = (
  subject: { readonly id: string; readonly approvals: number },
  kind: string,
  submitted: { readonly now: string; readonly by: string },
): { readonly approvals: number; readonly awaits: Awaited } => {
  const approvals = subject.approvals + 1;
  const approvalId = approvalIdOf(subject.id, approvals);
  return { approvals, awaits: { approvalId, kind, attempt: 1, since: submitted.now, by: submitted.by } };
};
