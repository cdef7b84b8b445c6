import { Duration, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ServiceFunctions } from './service-functions.ts';

/** Log lines that are counted, by the message our code writes. */
export const countedLines = {
  dueItemFailed: 'due item failed',
  workflowFailed: 'workflow failed',
  parkedEventNotFollowed: 'parked event not followed',
} as const;

/** What only the code knows to have gone wrong: its calls succeeded all the same. */
export class LogCounts extends Construct {
  readonly dueItemFailed: Metric;
  readonly workflowFailed: Metric;
  readonly parkedEventNotFollowed: Metric;

  constructor(scope: Construct, id: string, functions: ServiceFunctions) {
    super(scope, id);
    this.dueItemFailed = this.#count('dueItemFailed', functions.named('sweep').logGroup);
    this.workflowFailed = this.#count('workflowFailed', functions.named('needs-attention').logGroup);
    this.parkedEventNotFollowed = this.#count('parkedEventNotFollowed', functions.named('on-stored-change').logGroup);
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
