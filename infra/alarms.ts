import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { type StateMachine, StateTransitionMetric } from 'aws-cdk-lib/aws-stepfunctions';
import { type LogCounts, reconcilers } from './log-counts.ts';
import type { ServiceFunctions } from './service-functions.ts';

/** What can be measured. */
export interface Measured {
  readonly functions: ServiceFunctions;
  readonly api: HttpApi;
  readonly storedChangesDeadLetters: Queue;
  readonly storedFactsDeadLetters: Queue;
  readonly schedulesDeadLetters: Queue;
  readonly workflow: StateMachine;
  readonly payoutRun: StateMachine;
  readonly scoringRun: StateMachine;
  readonly tableName: string;
  readonly activityTableName: string;
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
  /** How many periods of its metric must all be so, one unless it is said. */
  readonly periods?: number;
}

const soon = { period: Duration.minutes(5) };
const sum = { ...soon, statistic: 'Sum' };
const most = { ...soon, statistic: 'Maximum' };

/** The sum of several metrics, of which those that have no value count as nothing. CloudWatch takes ten for an alarm and no more. */
const together = (metrics: Readonly<Record<string, Metric>>, period = soon.period): MathExpression =>
  new MathExpression({
    expression: Object.keys(metrics)
      .map((name) => `FILL(${name}, 0)`)
      .join(' + '),
    usingMetrics: { ...metrics },
    period,
  });

/** What is told of a table says nothing of its indexes, each of which is told by itself. */
const tableMetric = (TableName: string, metricName: string, index?: string): Metric => {
  const dimensionsMap = index ? { TableName, GlobalSecondaryIndexName: index } : { TableName };
  return new Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap, ...sum });
};

export const alarms: readonly AlarmRow[] = [
  {
    name: 'stored-changes-given-up',
    meaning:
      'A stored event ended the function at each of eleven tries, or could not be read: what merely fails is parked instead.',
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
      'Look at the errors of on-stored-change: the same event failing again and again holds up those behind it, until it is parked after five tries. No errors: the function is throttled, see throttled.',
    metric: ({ functions }) => functions.named('on-stored-change').metric('IteratorAge', most),
    threshold: 300_000,
  },
  {
    name: 'facts-given-up',
    meaning: 'The facts of an event could not be written at any of eleven tries: scores and figures lack them.',
    action:
      'The log line `facts not written` of write-facts names the subject and the error. Mend the cause and deploy; then `npm run facts -- rebuild` puts in what is missing.',
    metric: ({ storedFactsDeadLetters }) => storedFactsDeadLetters.metricApproximateNumberOfMessagesVisible(most),
    threshold: 0,
  },
  {
    name: 'facts-late',
    meaning:
      'Events wait for more than an hour until their facts are written. Nothing is lost until they are 20 hours old.',
    action:
      'Look at the errors of write-facts: an event that fails again and again holds up those behind it. No errors: the function or the activity table is throttled, see throttled.',
    metric: ({ functions }) => functions.named('write-facts').metric('IteratorAge', most),
    threshold: 3_600_000,
  },
  {
    name: 'event-stays-parked',
    meaning:
      'What follows from a stored event failed five times and was set aside, and failed again in its next try, six hours later at most: a workflow not started, a mail not sent.',
    action:
      'The log line `parked event not followed` names subject, number and error. Mend the cause and deploy; within six hours the schedule `follow-parked` does the rest by itself.',
    metric: ({ counts }) => counts.parkedEventNotFollowed,
    threshold: 0,
  },
  {
    name: 'call-given-up',
    meaning: 'A scheduled call, or the look at an uploaded document, could not be delivered or failed at every try.',
    action:
      'Nothing is lost: the next sweep does what this one did not, rules never wait for a sweep, and it looks itself at documents whose notice was lost. When the next call fails too, read the log of its function. Of recovery, the line `not recovered` names what failed. Where it says that all executions of an approval ended, mend what they fail on; then start one by hand, with the input of the last one and the next number as its `attempt`.',
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
      'An execution of the approval workflow, of a payout run or of a scoring run failed or was stopped, so that not even its last step marked the subject.',
    action:
      'Find the execution in the console by its status; its name is the subject and the attempt. The schedule `recover` starts it again.',
    metric: ({ workflow, payoutRun, scoringRun }) =>
      together({
        failed: workflow.metricFailed(sum),
        stopped: workflow.metricAborted(sum),
        runFailed: payoutRun.metricFailed(sum),
        runStopped: payoutRun.metricAborted(sum),
        scoringFailed: scoringRun.metricFailed(sum),
        scoringStopped: scoringRun.metricAborted(sum),
      }),
    threshold: 0,
  },
  {
    name: 'waits-too-long',
    meaning:
      'An approval has been open for twice as long as the program gives it, nobody has been asked for a day, or what follows from a decision, a payout run or a scoring run has been under way for longer than a day without waiting for people.',
    action:
      'The log line `waits too long` of the sweep names them. An approval that is open: whoever has its role was reminded, and it was escalated; ask them. Anything else: the schedule `recover` starts it again twice a day, so read the log of its executions and mend what they fail on or wait for.',
    metric: ({ counts }) => counts.waitsTooLong,
    threshold: 0,
  },
  {
    name: 'payout-needs-attention',
    meaning:
      'What is known of a payout does not fit together: nobody can tell whether it was sent, a bank tells of another amount, or Stripe of a second transfer or of one that came back in part.',
    action:
      'The log line `payout needs attention` names the payout and why; finance finds it by `GET /v1/payouts?needsAttention=true` or in the overview of its month. Ask the bank or Stripe; then two people say by `POST /v1/payouts/{payoutId}/resolution` what became of it. Nothing is sent again meanwhile.',
    metric: ({ counts }) => counts.payoutNeedsAttention,
    threshold: 0,
  },
  {
    name: 'throttled',
    meaning:
      'Lambda, Step Functions, or a table or one of its indexes refused calls for being too many. Callers saw errors or waited; workers and workflows try again.',
    action:
      'See which function, table or index it was on the dashboard. One caller: its limit is too high. All: ask AWS for a higher quota of concurrent executions or state transitions, or wait for the table to grow with the load.',
    metric: ({ tableName, activityTableName }) =>
      together({
        // Over all functions of the account and region, which share one quota.
        calls: new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', ...sum }),
        reads: tableMetric(tableName, 'ReadThrottleEvents'),
        writes: tableMetric(tableName, 'WriteThrottleEvents'),
        listReads: tableMetric(tableName, 'ReadThrottleEvents', 'byStatus'),
        listWrites: tableMetric(tableName, 'WriteThrottleEvents', 'byStatus'),
        dueReads: tableMetric(tableName, 'ReadThrottleEvents', 'byDue'),
        dueWrites: tableMetric(tableName, 'WriteThrottleEvents', 'byDue'),
        factReads: tableMetric(activityTableName, 'ReadThrottleEvents'),
        factWrites: tableMetric(activityTableName, 'WriteThrottleEvents'),
        // Over all workflows of the account and region, likewise.
        steps: StateTransitionMetric.metricThrottledEvents(sum),
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
    name: 'reconciliation-found-faults',
    meaning:
      'What is stored does not agree with itself: a history was edited, cut or put into another order, or books do not balance. Our code does not do that by itself.',
    action:
      'Treat it as an intrusion until it is shown to be a mistake. The error lines before `reconciled` in the worker’s log name each thing and what is wrong with it. Copy the table (a backup on demand) before anything is mended, compare with the point in time before the last good night, and see who had rights to write.',
    metric: ({ counts }) =>
      together(
        // Names in a sum have no hyphens.
        Object.fromEntries(reconcilers.map((worker) => [worker.replaceAll('-', '_'), counts.faultsFoundBy(worker)])),
        Duration.hours(1),
      ),
    threshold: 0,
  },
  ...reconcilers.map(
    (worker): AlarmRow => ({
      name: `${worker}-missing`,
      meaning: `The nightly worker ${worker}, which compares what is stored with itself, has not come to its end for 26 hours.`,
      action:
        'Read its log: it failed, or took longer than 15 minutes. Nothing waits for it, but what is wrong is not seen meanwhile. Mend it, then call it by hand with the input its schedule has.',
      metric: ({ counts }) => counts.faultsFoundBy(worker).with({ statistic: 'SampleCount' }),
      threshold: 1,
      rings: 'below',
      periods: 26,
    }),
  ),
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
