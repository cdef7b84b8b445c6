import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { LogCounts } from './log-counts.ts';
import type { ServiceFunctions } from './service-functions.ts';

/** What can be measured. */
export interface Measured {
  readonly functions: ServiceFunctions;
  readonly api: HttpApi;
  readonly storedChangesDeadLetters: Queue;
  readonly schedulesDeadLetters: Queue;
  readonly workflow: StateMachine;
  readonly tableName: string;
  readonly counts: LogCounts;
}

/** One alarm, for whoever is woken by it. A test holds docs/operations.md against this table. */
export interface AlarmRow {
  readonly name: string;
  readonly meaning: string;
  readonly action: string;
  readonly metric: (measured: Measured) => Metric | MathExpression;
  /** It rings when the value is over this, or under it where `rings` says so. */
  readonly threshold: number;
  readonly rings?: 'below';
}

const soon = { period: Duration.minutes(5) };
const sum = { ...soon, statistic: 'Sum' };
const most = { ...soon, statistic: 'Maximum' };

/** The sum of several metrics, of which those that have no value count as nothing. */
const together = (metrics: Readonly<Record<string, Metric>>): MathExpression =>
  new MathExpression({
    expression: Object.keys(metrics)
      .map((name) => `FILL(${name}, 0)`)
      .join(' + '),
    usingMetrics: { ...metrics },
    ...soon,
  });

const tableMetric = (tableName: string, metricName: string): Metric =>
  new Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap: { TableName: tableName }, ...sum });

export const alarms: readonly AlarmRow[] = [
  {
    name: 'stored-changes-given-up',
    meaning:
      'An event that is stored was not followed up at any of eleven tries: a workflow not started, an answer or a mail not sent.',
    action:
      'Read the message in the queue of dead letters of stored changes: it names shard and sequence numbers, the log line `event not followed` the event. Mend the cause and deploy; then put the events through again (Dead letters).',
    metric: ({ storedChangesDeadLetters }) => storedChangesDeadLetters.metricApproximateNumberOfMessagesVisible(most),
    threshold: 0,
  },
  {
    name: 'stored-changes-late',
    meaning:
      'Stored events wait for more than five minutes to be followed up. Nothing is lost until they are 20 hours old.',
    action:
      'Look at the errors of on-stored-change: the same event failing again and again holds up those behind it, and leaves the way after eleven tries. No errors: the function is throttled, see throttled.',
    metric: ({ functions }) => functions.named('on-stored-change').metric('IteratorAge', most),
    threshold: 300_000,
  },
  {
    name: 'call-given-up',
    meaning: 'A scheduled call, or the look at an uploaded document, could not be delivered or failed at every try.',
    action:
      'Nothing is lost: the next sweep does what this one did not, rules never wait for a sweep, and a document that was not looked at can be uploaded again. When the next call fails too, read the log of its function.',
    metric: ({ schedulesDeadLetters }) => schedulesDeadLetters.metricApproximateNumberOfMessagesVisible(most),
    threshold: 0,
  },
  {
    name: 'sweep-missing',
    meaning: 'No sweep has run for two hours: reminders, expiries and recovery stand still.',
    action: 'See whether the schedules are enabled and their role may call the function; deploying again mends both.',
    metric: ({ functions }) =>
      functions.named('sweep').metricInvocations({ period: Duration.hours(2), statistic: 'Sum' }),
    threshold: 1,
    rings: 'below',
  },
  {
    name: 'due-item-failed',
    meaning: 'Something that was due could not be done. It stays due, and every sweep tries again.',
    action:
      'The log line `due item failed` of the sweep names the thing and the error. Mend the cause; the next sweep does the rest.',
    metric: ({ counts }) => counts.dueItemFailed,
    threshold: 0,
  },
  {
    name: 'approval-needs-attention',
    meaning: 'A workflow failed for good, and what it was about is marked as needing attention.',
    action:
      'The log line `workflow failed` names the subject and the error. When the cause is mended, the schedule `recover` asks again within twelve hours; people can decide the approval at any time.',
    metric: ({ counts }) => counts.workflowFailed,
    threshold: 0,
  },
  {
    name: 'workflow-failed',
    meaning:
      'An execution of the approval workflow failed, timed out or was stopped, so that not even its last step marked the subject.',
    action:
      'Find the execution in the console by its status; its name is the subject and the attempt. The schedule `recover` starts it again.',
    metric: ({ workflow }) =>
      together({
        failed: workflow.metricFailed(sum),
        late: workflow.metricTimedOut(sum),
        stopped: workflow.metricAborted(sum),
      }),
    threshold: 0,
  },
  {
    name: 'throttled',
    meaning: 'Lambda or the table refused calls for being too many. Callers saw errors or waited; workers try again.',
    action:
      'See which function or table it was on the dashboard. One caller: its limit is too high. All: ask AWS for a higher quota of concurrent executions, or wait for the table to grow with the load.',
    metric: ({ tableName }) =>
      together({
        // Over all functions of the account and region, which share one quota.
        calls: new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', ...sum }),
        reads: tableMetric(tableName, 'ReadThrottleEvents'),
        writes: tableMetric(tableName, 'WriteThrottleEvents'),
      }),
    threshold: 10,
  },
  {
    name: 'answers-of-5xx',
    meaning: 'More than five requests in five minutes were answered with an error that is ours.',
    action:
      'Find the lines with code `internal` in the doors’ logs: each has the route, the request id and the stack. None there: the function timed out or was throttled; see the access log.',
    metric: ({ api }) => api.metricServerError(sum),
    threshold: 5,
  },
  {
    name: 'authorizer-failed',
    meaning:
      'It could not be told who was calling: the table or the user pool’s keys could not be read. Nobody is let in meanwhile.',
    action:
      'Read the authorizer’s log. It mends itself when what it reads is there again; bad tokens are not counted here.',
    metric: ({ functions }) => functions.named('authorizer').metricErrors(sum),
    threshold: 0,
  },
];
