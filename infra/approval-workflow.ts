import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ServiceFunctions } from './service-functions.ts';

export interface ApprovalWorkflowProps {
  readonly name: string;
  readonly functions: ServiceFunctions;
}

/** Ask and wait, then follow up: the definition is the file, here it gets its steps and may call them, nothing else. */
export class ApprovalWorkflow extends Construct {
  readonly workflow: StateMachine;

  constructor(scope: Construct, id: string, { name, functions }: ApprovalWorkflowProps) {
    super(scope, id);
    const steps = {
      RequestApprovalFunctionArn: functions.named('request-approval').functionArn,
      FollowUpFunctionArn: functions.named('follow-up').functionArn,
      NeedsAttentionFunctionArn: functions.named('needs-attention').functionArn,
    };
    // Under this prefix AWS needs no growing policy on the account's logs.
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: RetentionDays.THREE_MONTHS,
    });
    this.workflow = new StateMachine(this, 'Workflow', {
      stateMachineName: name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromFile('workflows/approvals/approval.asl.json'),
      definitionSubstitutions: steps,
      logs: { destination: log, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: false,
    });
    this.workflow.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: Object.values(steps) }),
    );
  }
}
