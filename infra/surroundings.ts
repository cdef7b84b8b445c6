import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type { DataStack } from './data-stack.ts';
import type { Stage } from './stages.ts';

/** What the functions are told of and can reach. */
export interface Surroundings {
  readonly stage: Stage;
  readonly tableName: string;
  readonly tableArn: string;
  readonly streamArn: string;
  readonly activityTableName: string;
  readonly activityTableArn: string;
  /** The tables' own key, in stages that have one. */
  readonly tableKeyArn: string | undefined;
  readonly region: string;
  readonly userPoolId: string;
  readonly userPoolArn: string;
  readonly issuerUrl: string;
  readonly clientId: string;
  readonly cursorSecret: string;
  /** Payment details are encrypted under it. */
  readonly payeeSecret: string;
  /** Moves money at Stripe. */
  readonly stripeKey: string;
  /** Stripe signs with it what it tells. */
  readonly stripeWebhookSecret: string;
  /** Whoever shows one of these words came by the distribution. */
  readonly originSecrets: string;
  readonly approvalWorkflowName: string;
  readonly approvalWorkflowArn: string;
  readonly payoutRunWorkflowName: string;
  readonly payoutRunWorkflowArn: string;
  readonly scoringRunWorkflowName: string;
  readonly scoringRunWorkflowArn: string;
  readonly mailIdentityArn: string;
  readonly documentsBucketName: string;
  readonly documentsBucketArn: string;
  readonly auditBucketName: string;
  readonly auditBucketArn: string;
}

/** Throws when the program table has no stream: nothing that is saved would ever be followed up. */
export const surroundingsOf = (stack: Stack, stage: Stage, data: DataStack): Surroundings => {
  const { table, key } = data.programTable;
  if (!table.tableStreamArn) throw new Error('The program table has no stream to follow.');
  const approvalWorkflowName = `Tandem-${stage.name}-Approval`;
  const payoutRunWorkflowName = `Tandem-${stage.name}-PayoutRun`;
  const scoringRunWorkflowName = `Tandem-${stage.name}-ScoringRun`;
  // Made from its name, not taken from its resource: a workflow's own steps answer it, so they cannot wait for it.
  const workflowArn = (resourceName: string): string =>
    stack.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  return {
    stage,
    tableName: table.tableName,
    tableArn: table.tableArn,
    streamArn: table.tableStreamArn,
    activityTableName: data.activityTable.table.tableName,
    activityTableArn: data.activityTable.table.tableArn,
    tableKeyArn: key?.keyArn,
    region: stack.region,
    userPoolId: data.signIn.pool.userPoolId,
    userPoolArn: data.signIn.pool.userPoolArn,
    issuerUrl: data.signIn.pool.userPoolProviderUrl,
    clientId: data.signIn.client.userPoolClientId,
    // A dynamic reference: CloudFormation puts the value in place, no template ever holds it.
    cursorSecret: data.cursorSecret.secretValue.unsafeUnwrap(),
    payeeSecret: data.payeeSecret.secretValue.unsafeUnwrap(),
    stripeKey: data.stripeSecret.secretValueFromJson('secretKey').unsafeUnwrap(),
    stripeWebhookSecret: data.stripeSecret.secretValueFromJson('webhookSecret').unsafeUnwrap(),
    originSecrets: data.originSecret.accepted,
    approvalWorkflowName,
    approvalWorkflowArn: workflowArn(approvalWorkflowName),
    payoutRunWorkflowName,
    payoutRunWorkflowArn: workflowArn(payoutRunWorkflowName),
    scoringRunWorkflowName,
    scoringRunWorkflowArn: workflowArn(scoringRunWorkflowName),
    mailIdentityArn: stack.formatArn({
      service: 'ses',
      resource: 'identity',
      resourceName: stage.mailFrom.slice(stage.mailFrom.indexOf('@') + 1),
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    }),
    documentsBucketName: data.documents.bucket.bucketName,
    documentsBucketArn: data.documents.bucket.bucketArn,
    auditBucketName: data.auditRoots.bucket.bucketName,
    auditBucketArn: data.auditRoots.bucket.bucketArn,
  };
};
