import { Duration, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { isWorker, type Worker } from './functions.ts';
import type { ServiceFunctions } from './service-functions.ts';

/** Log lines that are counted, by the message our code writes. */
export const countedLines = {
  dueItemFailed: 'due item failed',
  waitsTooLong: 'waits too long',
  workflowFailed: 'workflow failed',
  parkedEventNotFollowed: 'parked event not followed',
  payoutNeedsAttention: 'payout needs attention',
} as const;

/**
 * The line by which a worker that compares what is stored with itself ends: `{message: 'reconciled', faults: n}`. Whoever writes it each
 * night stands here; the alarms read all of them.
 */
export const reconciled = 'reconciled';
export const reconcilers: readonly Worker[] = ['verify-chains', 'reconcile'].filter((name) => isWorker(name));

/** What only the code knows to have gone wrong: its calls succeeded all the same. */
export class LogCounts extends Construct {
  readonly dueItemFailed: Metric;
  readonly waitsTooLong: Metric;
  readonly workflowFailed: Metric;
  readonly parkedEventNotFollowed: Metric;
  readonly payoutNeedsAttention: Metric;
  readonly #faults: ReadonlyMap<Worker, Metric>;

  constructor(scope: Construct, id: string, functions: ServiceFunctions) {
    super(scope, id);
    this.dueItemFailed = this.#count('dueItemFailed', functions.named('sweep').logGroup);
    this.waitsTooLong = this.#count('waitsTooLong', functions.named('sweep').logGroup);
    this.workflowFailed = this.#count('workflowFailed', functions.named('needs-attention').logGroup);
    const { logGroup } = functions.named('on-stored-change');
    this.parkedEventNotFollowed = this.#count('parkedEventNotFollowed', logGroup);
    this.payoutNeedsAttention = this.#count('payoutNeedsAttention', logGroup);
    this.#faults = new Map(
      reconcilers.map((worker) => [worker, this.#countFaults(worker, functions.named(worker).logGroup)]),
    );
  }

  /** What a reconciler found: the sum is the faults, the number of values how often it came to its end. */
  faultsFoundBy(worker: Worker): Metric {
    const metric = this.#faults.get(worker);
    if (!metric) throw new Error(`${worker} is no reconciler.`);
    return metric;
  }

  #countFaults(worker: Worker, logGroup: ILogGroup): Metric {
    return new MetricFilter(this, worker, {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.message', '=', reconciled),
      metricNamespace: 'Tandem',
      metricName: `${Stack.of(this).stackName}-faults-${worker}`,
      metricValue: '$.faults',
    }).metric({ period: Duration.hours(1), statistic: 'Sum' });
  }

  #count(line: keyof typeof countedLines, logGroup: ILogGroup): Metric {
    return new MetricFilter(this, line, {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.message', '=', countedLines[line]),
      metricNamespace: 'Tandem',
      metricName: `${Stack.of(this).stackName}-${line}`,
      metricValue: '1',
    }).metric({ period: Duration.minutes(5), statistic: 'Sum' });
  }
}
