import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { ProgramTable } from './program-table.ts';
import { SignIn } from './sign-in.ts';
import type { Stage } from './stages.ts';

/** What must never be lost. It changes seldom, and outlives every version of the service. */
export class DataStack extends Stack {
  readonly programTable: ProgramTable;
  readonly signIn: SignIn;
  /** Signs the cursors of lists, so that nobody can make one up. */
  readonly cursorSecret: Secret;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, { terminationProtection: true });
    this.programTable = new ProgramTable(this, 'ProgramTable', stage);
    this.signIn = new SignIn(this, 'SignIn', stage);
    this.cursorSecret = new Secret(this, 'CursorSecret', {
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
