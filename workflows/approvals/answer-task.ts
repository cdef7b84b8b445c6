import { SendTaskSuccessCommand, SFNClient, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn';
import { findTask } from '#shared/approvals/approval-store.ts';
import { subjectOf } from '#shared/core/awaited.ts';
import { startExecution } from './start-execution.ts';

const client = new SFNClient({});

/** Tells the task with this token how its approval ended; answers whether one was waiting. */
export const hears = async (taskToken: string, status: string): Promise<boolean> => {
  try {
    await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ status }) }));
    return true;
  } catch (error) {
    if (error instanceof TaskDoesNotExist || error instanceof TaskTimedOut) return false;
    throw error;
  }
};

/** Lets an execution end that waits beside a later one: its follow-up finds nothing to do that the other's does not do too. */
export const releaseTask = (taskToken: string): Promise<boolean> => hears(taskToken, 'superseded');

/**
 * Tells the waiting task how its approval ended. No token yet: the step that asks will see the decision when it has stored its
 * token. Told already: nothing. The task is gone, with its execution: another execution is started, which finds the decision.
 */
export const answerTask = async (approvalId: string, status: string): Promise<void> => {
  const task = await findTask(approvalId);
  if (!task || task.followedUp) return;
  if (await hears(task.token, status)) return;
  await startExecution(subjectOf(approvalId) ?? '', { approvalId, attempt: task.attempt + 1 });
};
