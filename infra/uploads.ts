import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import { documentPlaces } from '#shared/core/document-places.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Worker } from './functions.ts';
import type { ServiceFunctions } from './service-functions.ts';

export interface UploadsProps {
  readonly bucketName: string;
  readonly functions: ServiceFunctions;
  readonly workers: readonly Worker[];
  readonly deadLetters: DeadLetters;
}

const patience = { maxEventAge: Duration.hours(1), retryAttempts: 2 };

/** Every worker that waits for uploads is called once for each file that comes into quarantine, and again while it fails. */
export class Uploads extends Construct {
  constructor(scope: Construct, id: string, { bucketName, functions, workers, deadLetters }: UploadsProps) {
    super(scope, id);
    for (const name of workers) {
      const worker = functions.named(name);
      worker.configureAsyncInvoke({ ...patience, onFailure: new SqsDestination(deadLetters) });
      new Rule(this, name, {
        eventPattern: {
          source: ['aws.s3'],
          detailType: ['Object Created'],
          detail: { bucket: { name: [bucketName] }, object: { key: [{ prefix: documentPlaces.quarantine }] } },
        },
        targets: [new LambdaFunction(worker, { ...patience, deadLetterQueue: deadLetters })],
      });
    }
  }
}
