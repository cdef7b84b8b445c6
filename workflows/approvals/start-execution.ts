import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { setting } from '#shared/platform/config.ts';

const client = new SFNClient({});

/**
 * Starts the workflow that asks for an approval. The execution is named after approval and attempt, so that what is told twice
 * starts once; answers false when this attempt was started before.
 */
export const startExecution = async (
  subjectId: string,
  { approvalId, attempt }: { readonly approvalId: string; readonly attempt: number },
): Promise<boolean> => {
  try {
    await client.send(
      new StartExecutionCommand({
        stateMachineArn: setting('APPROVAL_STATE_MACHINE_ARN'),
        name: `${approvalId}-${attempt}`,
        input: JSON.stringify({ subjectId, approvalId, attempt }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) return false;
    throw error;
  }
};
