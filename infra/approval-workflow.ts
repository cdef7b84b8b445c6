import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ServiceFunctions } from './service-functions.ts';
import type { Stage } from './stages.ts';

const nameOf = (stage: Stage): string => `Tandem-${stage.name}-Approval`;

/** Known before the workflow is made: its own steps answer it, so they cannot wait for its resource. */
export const approvalWorkflowArn = (stack: Stack, stage: Stage): string =>
  stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: nameOf(stage),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

export interface ApprovalWorkflowProps {
  readonly stage: Stage;
  readonly functions: ServiceFunctions;
}

/** Ask and wait, then follow up: the definition is the file, here it gets its steps and may call them, nothing else. */
export class ApprovalWorkflow extends Construct {
  constructor(scope: Construct, id: string, { stage, functions }: ApprovalWorkflowProps) {
    super(scope, id);
    const steps = {
      RequestApprovalFunctionArn: functions.named('request-approval').functionArn,
      FollowUpFunctionArn: functions.named('follow-up').functionArn,
      NeedsAttentionFunctionArn: functions.named('needs-attention').functionArn,
    };
    const workflow = new StateMachine(this, 'Workflow', {
      stateMachineName: nameOf(stage),
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromFile('workflows/approvals/approval.asl.json'),
      definitionSubstitutions: steps,
      logs: { destination: this.#log(stage), level: LogLevel.ERROR, includeExecutionData: false },
      tracingEnabled: false,
    });
    workflow.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: Object.values(steps) }),
    );
  }

  /** Under this prefix AWS needs no growing policy on the account's logs. */
  #log(stage: Stage): LogGroup {
    return new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/states/${nameOf(stage)}`,
      retention: RetentionDays.THREE_MONTHS,
    });
  }
}
