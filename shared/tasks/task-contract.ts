import * as z from 'zod';
import { contract, ThingId } from '#shared/core/contract.ts';
import { Instant } from '#shared/core/time.ts';
import { taskKinds, taskSubjects } from './task.ts';

const TaskView = z
  .strictObject({
    kind: z.enum(taskKinds),
    text: z.string().meta({ description: 'What it is about and what to do' }),
    dueAt: Instant.optional().meta({ description: 'After it, it is too late' }),
    subject: z.strictObject({ type: z.enum(taskSubjects), id: z.string() }),
  })
  .meta({ id: 'Task' });

export const listPartnerTasks = contract({
  operation: 'list-partner-tasks',
  summary:
    'What a partner is to do: payment details, tax forms and failed payouts, what was returned to it with the day until which it can answer, disputes that were answered, and success plans that wait for it; for staff what the last quarter warns of too; soonest first, 100 at most',
  params: z.strictObject({ partnerId: ThingId }),
  answers: { 200: z.strictObject({ data: z.array(TaskView), nextCursor: z.null() }) },
  errors: ['not_found'],
});

export const listProgramTasks = contract({
  operation: 'list-program-tasks',
  summary: 'What is to be done about the program itself: what it offers and nobody has used in the last quarters',
  answers: { 200: z.strictObject({ data: z.array(TaskView), nextCursor: z.null() }) },
  errors: [],
});
