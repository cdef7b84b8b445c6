import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Stage } from './stages.ts';

/** One attribute, a map, holds what lists and inboxes show of a thing. */
const summary = ['summary'];

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** All entities, their events and locks, and the two indexes named after the questions they answer. */
export class ProgramTable extends Construct {
  readonly table: Table;
  readonly key: Key | undefined;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.key = stage.ownKey
      ? new Key(this, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN })
      : undefined;
    this.table = new Table(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: this.key ? TableEncryption.CUSTOMER_MANAGED : TableEncryption.AWS_MANAGED,
      ...(this.key && { encryptionKey: this.key }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      timeToLiveAttribute: 'expiresAt',
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: 'byStatus',
      partitionKey: text('statusKey'),
      sortKey: text('statusSort'),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: summary,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: 'byDue',
      partitionKey: text('dueKey'),
      sortKey: text('dueAt'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }
}
