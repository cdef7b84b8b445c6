import { Duration } from 'aws-cdk-lib';
import { FilterCriteria, FilterRule, type Function as Lambda, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { DeadLetters } from './dead-letters.ts';

export interface StoredChangesProps {
  readonly streamArn: string;
  readonly worker: Lambda;
  /** So long it collects what comes, where nobody waits for what follows. */
  readonly collects?: Duration;
}

/**
 * The table's stream and one of its readers, of which there may be two. Only new events come through: the same transaction's entities and locks are in the stream
 * too, and would make everything happen twice. One lane per shard, since Lambda would order more lanes by item, and the order
 * that matters is that of a subject's events.
 */
export class StoredChanges extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { streamArn, worker, collects }: StoredChangesProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    worker.addEventSourceMapping('StoredChanges', {
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      ...(collects && { maxBatchingWindow: collects }),
      parallelizationFactor: 1,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { Keys: { sk: { S: FilterRule.beginsWith('event#') } } },
        }),
      ],
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(20),
      onFailure: new SqsDlq(this.deadLetters),
    });
  }
}
