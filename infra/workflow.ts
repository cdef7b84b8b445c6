import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Worker } from './functions.ts';
import type { ServiceFunctions } from './service-functions.ts';

export interface WorkflowProps {
  readonly name: string;
  /** The definition, from the repository's root. */
  readonly file: string;
  /** The workers it calls, by the names of its substitutions. */
  readonly steps: Readonly<Record<string, Worker>>;
  /** Runs items of a Map as executions of its own. */
  readonly isDistributed?: true;
  readonly functions: ServiceFunctions;
}

/** A process that waits: the definition is the file, here it gets its steps and may call them, nothing else. */
export class Workflow extends Construct {
  readonly workflow: StateMachine;

  constructor(scope: Construct, id: string, { name, file, steps, isDistributed, functions }: WorkflowProps) {
    super(scope, id);
    const arns = Object.fromEntries(
      Object.entries(steps).map(([step, worker]) => [step, functions.named(worker).functionArn]),
    );
    // Under this prefix AWS needs no growing policy on the account's logs.
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: RetentionDays.THREE_MONTHS,
    });
    this.workflow = new StateMachine(this, 'Workflow', {
      stateMachineName: name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromFile(file),
      definitionSubstitutions: arns,
      logs: { destination: log, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: false,
    });
    this.workflow.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: Object.values(arns) }),
    );
    if (isDistributed) for (const statement of runsItself(this, name)) this.workflow.addToRolePolicy(statement);
  }
}

/** Each item of a distributed Map is an execution of the same workflow, which its parent starts, watches and stops. */
const runsItself = (scope: Construct, name: string): readonly PolicyStatement[] => {
  const arnOf = (resource: string, resourceName: string): string =>
    Stack.of(scope).formatArn({ service: 'states', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return [
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [arnOf('stateMachine', name)] }),
    new PolicyStatement({
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [arnOf('execution', `${name}/*`)],
    }),
  ];
};
