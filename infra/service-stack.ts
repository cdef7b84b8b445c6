import { Stack } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { Api } from './api.ts';
import { ApprovalWorkflow } from './approval-workflow.ts';
import type { DataStack } from './data-stack.ts';
import type { FunctionName } from './functions.ts';
import { ScheduledWork } from './scheduled-work.ts';
import { ServiceFunctions } from './service-functions.ts';
import type { Stage } from './stages.ts';
import { StoredChanges } from './stored-changes.ts';
import { surroundingsOf } from './surroundings.ts';

export interface ServiceStackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly codeOf: (name: FunctionName) => Code;
}

/** What can be thrown away and made again: who answers requests, follows changes, waits for people, acts by the clock. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { stage, data, codeOf }: ServiceStackProps) {
    super(scope, id);
    const around = surroundingsOf(this, stage, data);
    const functions = new ServiceFunctions(this, 'Functions', { codeOf, around });
    new Api(this, 'Api', { stage, functions });
    new StoredChanges(this, 'StoredChanges', {
      streamArn: around.streamArn,
      worker: functions.named('on-stored-change'),
    });
    new ApprovalWorkflow(this, 'Approval', { name: around.approvalWorkflowName, functions });
    new ScheduledWork(this, 'Schedules', functions);
  }
}
