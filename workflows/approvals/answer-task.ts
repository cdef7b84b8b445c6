import { SendTaskSuccessCommand, SFNClient, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn';
import { findTask } from '#shared/approvals/approval-store.ts';

const client = new SFNClient({});

/**
 * Tells the waiting task how its approval ended. Answers whether somebody heard it: with no token, or when the task is gone, nobody
 * did. A task that was told before is told again without harm, for the workflow has moved on then.
 */
export const answerTask = async (approvalId: string, status: string): Promise<boolean> => {
  const taskToken = await findTask(approvalId);
  if (taskToken === undefined) return false;
  try {
    await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ status }) }));
    return true;
  } catch (error) {
    if (error instanceof TaskDoesNotExist || error instanceof TaskTimedOut) return false;
    throw error;
  }
};
