import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Awaited } from '#shared/core/awaited.ts';
import { setting } from '#shared/platform/config.ts';

const client = new SFNClient({});

/**
 * Starts the workflow that asks for what the subject waits for. The execution is named after approval and attempt, so that what is
 * told twice starts once; answers false when this attempt was started before.
 */
export const startApproval = async (subjectId: string, awaits: Awaited): Promise<boolean> => {
  const { approvalId, attempt } = awaits;
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
