import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { AccessLogs } from './access-logs.ts';
import { ActivityTable } from './activity-table.ts';
import { AuditRoots } from './audit-roots.ts';
import { Documents } from './documents.ts';
import { edgeRegion } from './edge-region.ts';
import { OriginSecret } from './origin-secret.ts';
import { ProgramTable } from './program-table.ts';
import { SignIn } from './sign-in.ts';
import type { Stage } from './stages.ts';

/** What must never be lost. It changes seldom, and outlives every version of the service. */
export class DataStack extends Stack {
  readonly programTable: ProgramTable;
  readonly activityTable: ActivityTable;
  readonly signIn: SignIn;
  /** Signs the cursors of lists, so that nobody can make one up. */
  readonly cursorSecret: Secret;
  /** Payment details are encrypted under it: whoever loses it has lost them. */
  readonly payeeSecret: Secret;
  /** Of the payer's account at Stripe. Until somebody puts the real ones in, the key pays nothing and no signature fits. */
  readonly stripeSecret: Secret;
  readonly originSecret: OriginSecret;
  readonly documents: Documents;
  readonly auditRoots: AuditRoots;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, { terminationProtection: true });
    // Logs are let into their bucket by its policy; the older way, by access control lists, is closed on every bucket of ours.
    this.node.setContext('@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy', true);
    this.programTable = new ProgramTable(this, 'ProgramTable', stage);
    this.activityTable = new ActivityTable(this, 'ActivityTable', this.programTable.key);
    this.signIn = new SignIn(this, 'SignIn', stage);
    this.cursorSecret = new Secret(this, 'CursorSecret', {
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.payeeSecret = new Secret(this, 'PayeeSecret', {
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.stripeSecret = new Secret(this, 'StripeSecret', {
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ secretKey: 'none' }),
        generateStringKey: 'webhookSecret',
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.originSecret = new OriginSecret(this, 'OriginSecret', { stage, copyIn: edgeRegion });
    const accessLogs = new AccessLogs(this, 'AccessLogs');
    this.documents = new Documents(this, 'Documents', { stage, accessLogs });
    this.auditRoots = new AuditRoots(this, 'AuditRoots', { stage, accessLogs });
  }
}
