import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { type Schedule, schedules } from '#functions/schedules.ts';
import { DeadLetters } from './dead-letters.ts';
import { isWorker } from './functions.ts';
import type { ServiceFunctions } from './service-functions.ts';

const patience = { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 5 };

/**
 * What happens by the clock. Two things can go wrong, and both end in the same queue: the scheduler cannot deliver, or the
 * worker fails at every try.
 */
export class ScheduledWork extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, functions: ServiceFunctions) {
    super(scope, id);
    const deadLetters = new DeadLetters(this, 'DeadLetters');
    this.deadLetters = deadLetters;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    deadLetters.grantSendMessages(role);
    for (const worker of new Set(schedules.map((schedule) => schedule.worker))) {
      const made = functions.named(workerNamed(worker));
      role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [made.functionArn] }));
      made.configureAsyncInvoke({
        retryAttempts: 2,
        maxEventAge: Duration.hours(1),
        onFailure: new SqsDestination(deadLetters),
      });
    }
    for (const schedule of schedules) {
      new CfnSchedule(this, schedule.name, {
        scheduleExpression: schedule.expression,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: functions.named(workerNamed(schedule.worker)).functionArn,
          roleArn: role.roleArn,
          input: inputOf(schedule),
          deadLetterConfig: { arn: deadLetters.queueArn },
          retryPolicy: patience,
        },
      });
    }
  }
}

/** The scheduler puts the instant the schedule stands for in place of the mark. */
const inputOf = (schedule: Schedule): string =>
  JSON.stringify({ schedule: schedule.name, time: '<aws.scheduler.scheduled-time>' });

const workerNamed = (name: string) => {
  if (!isWorker(name)) throw new Error(`A schedule names ${name}, which is no worker.`);
  return name;
};
