import { Duration } from 'aws-cdk-lib';
import { Bucket, type CfnBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type AccessLogs, closed } from './access-logs.ts';
import type { Stage } from './stages.ts';

export interface AuditRootsProps {
  readonly stage: Stage;
  readonly accessLogs: AccessLogs;
}

/**
 * Each day's root of all chains of events. Nobody can change or delete one before its time, not even the account's owner: whoever
 * rewrites the table cannot rewrite what was published of it.
 */
export class AuditRoots extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { stage, accessLogs }: AuditRootsProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...closed,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(stage.auditRetentionDays)),
      serverAccessLogsBucket: accessLogs.bucket,
      serverAccessLogsPrefix: 'audit/',
    });
    // infra/acknowledged.ts names it.
    (this.bucket.node.defaultChild as CfnBucket).overrideLogicalId('AuditBucket');
  }
}
