import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { setting } from '#shared/platform/config.ts';

const client = new SFNClient({});

/** A run has a workflow of its own, which asks for what it needs on its way and finds by itself where to go on. */
const executionOf = (subjectId: string, { approvalId, attempt }: Asking) => {
  const ofRun = { name: `${subjectId}-${attempt}`, input: JSON.stringify({ runId: subjectId, attempt }) };
  if (subjectId.startsWith('run_')) return { ...ofRun, stateMachineArn: setting('PAYOUT_RUN_STATE_MACHINE_ARN') };
  if (subjectId.startsWith('scr_')) return { ...ofRun, stateMachineArn: setting('SCORING_RUN_STATE_MACHINE_ARN') };
  return {
    stateMachineArn: setting('APPROVAL_STATE_MACHINE_ARN'),
    name: `${approvalId}-${attempt}`,
    input: JSON.stringify({ subjectId, approvalId, attempt }),
  };
};

interface Asking {
  readonly approvalId: string;
  readonly attempt: number;
}

/**
 * Starts the workflow that asks for an approval. The execution is named after approval and attempt, so that what is told twice
 * starts once; answers false when this attempt was started before.
 */
export const startExecution = async (subjectId: string, asking: Asking): Promise<boolean> => {
  try {
    await client.send(new StartExecutionCommand(executionOf(subjectId, asking)));
    return true;
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) return false;
    throw error;
  }
};
