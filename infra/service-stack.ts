import { Duration, Stack } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { Api } from './api.ts';
import type { DataStack } from './data-stack.ts';
import { type FunctionName, uploadWorkers } from './functions.ts';
import { LogCounts } from './log-counts.ts';
import { ScheduledWork } from './scheduled-work.ts';
import { ServiceFunctions } from './service-functions.ts';
import type { Stage } from './stages.ts';
import { StoredChanges } from './stored-changes.ts';
import { surroundingsOf } from './surroundings.ts';
import { Uploads } from './uploads.ts';
import { Watch } from './watch.ts';
import { Workflow } from './workflow.ts';
import { workflowSteps } from './workflow-steps.ts';

export interface ServiceStackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly codeOf: (name: FunctionName) => Code;
}

/** What can be thrown away and made again: who answers requests, follows changes, waits for people, acts by the clock. */
export class ServiceStack extends Stack {
  readonly functions: ServiceFunctions;
  readonly schedules: ScheduledWork;

  constructor(scope: Construct, id: string, { stage, data, codeOf }: ServiceStackProps) {
    super(scope, id);
    const around = surroundingsOf(this, stage, data);
    const functions = new ServiceFunctions(this, 'Functions', { codeOf, around });
    const api = new Api(this, 'Api', { stage, functions });
    const storedChanges = new StoredChanges(this, 'StoredChanges', {
      streamArn: around.streamArn,
      worker: functions.named('on-stored-change'),
    });
    const storedFacts = new StoredChanges(this, 'StoredFacts', {
      streamArn: around.streamArn,
      worker: functions.named('write-facts'),
      collects: Duration.seconds(10),
    });
    const approval = new Workflow(this, 'Approval', {
      name: around.approvalWorkflowName,
      ...workflowSteps.approval,
      functions,
    });
    const payoutRun = new Workflow(this, 'PayoutRun', {
      name: around.payoutRunWorkflowName,
      ...workflowSteps.payoutRun,
      functions,
    });
    const scoringRun = new Workflow(this, 'ScoringRun', {
      name: around.scoringRunWorkflowName,
      ...workflowSteps.scoringRun,
      functions,
    });
    const schedules = new ScheduledWork(this, 'Schedules', functions);
    this.functions = functions;
    this.schedules = schedules;
    new Uploads(this, 'Uploads', {
      bucketName: around.documentsBucketName,
      functions,
      workers: uploadWorkers,
      deadLetters: schedules.deadLetters,
    });
    const measured = {
      functions,
      api: api.http,
      storedChangesDeadLetters: storedChanges.deadLetters,
      storedFactsDeadLetters: storedFacts.deadLetters,
      schedulesDeadLetters: schedules.deadLetters,
      workflow: approval.workflow,
      payoutRun: payoutRun.workflow,
      scoringRun: scoringRun.workflow,
      tableName: around.tableName,
      activityTableName: around.activityTableName,
      counts: new LogCounts(this, 'LogCounts', functions),
    };
    new Watch(this, 'Watch', { stage, measured });
  }
}
