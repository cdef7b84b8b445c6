import { Duration } from 'aws-cdk-lib';
import { Bucket, type CfnBucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { documentPlaces } from '#shared/core/document-places.ts';
import { type AccessLogs, closed } from './access-logs.ts';
import type { Stage } from './stages.ts';

export interface DocumentsProps {
  readonly stage: Stage;
  readonly accessLogs: AccessLogs;
}

/** Invoices and proofs, as their partners uploaded them, each version kept apart. */
export class Documents extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { stage, accessLogs }: DocumentsProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...closed,
      versioned: true,
      serverAccessLogsBucket: accessLogs.bucket,
      serverAccessLogsPrefix: 'documents/',
      // A browser posts the file straight here, from the portal and from nowhere else.
      cors: [
        { allowedOrigins: [stage.portalUrl], allowedMethods: [HttpMethods.POST], allowedHeaders: ['*'], maxAge: 3600 },
      ],
      lifecycleRules: [
        {
          prefix: documentPlaces.quarantine,
          expiration: Duration.days(1),
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        // Of the kept ones an older version may be the one a claim names, so none goes by itself.
        { prefix: documentPlaces.kept, abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    const resource = this.bucket.node.defaultChild as CfnBucket;
    // The construct's own way of sending events needs a function with a right on every bucket; the resource needs one line.
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    // infra/acknowledged.ts names it.
    resource.overrideLogicalId('DocumentsBucket');
  }
}
