import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  OAuthScope,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Stage } from './stages.ts';

/**
 * How people prove who they are. The name of an account is our user's id, people type their e-mail address; roles and partners
 * stand in our own records, so nothing here has to be kept in step with them.
 */
export class SignIn extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.pool = this.#pool(stage);
    this.client = this.#client(stage);
    this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix: `tandem-${stage.name}-${Aws.ACCOUNT_ID}` } });
  }

  #pool(stage: Stage): UserPool {
    return new UserPool(this, 'Pool', {
      signInAliases: { username: true, email: true },
      signInCaseSensitive: false,
      standardAttributes: { email: { required: true, mutable: true } },
      autoVerify: { email: true },
      selfSignUpEnabled: false,
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: stage.secondFactor === 'required' ? Mfa.REQUIRED : Mfa.OPTIONAL,
      mfaSecondFactor: { sms: false, otp: true },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(7),
      },
      // Refuses passwords that are known to be stolen and asks for more where a sign-in looks odd.
      ...(stage.threatProtection && {
        featurePlan: FeaturePlan.PLUS,
        standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      }),
      userInvitation: {
        emailSubject: 'Your invitation to the partner portal',
        emailBody: `You are invited to ${stage.portalUrl}. Sign in with this address and the password {####}, which is good for seven days. (Your account is {username}.)`,
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** A browser cannot keep a secret: the code flow with PKCE, and no other. */
  #client(stage: Stage): UserPoolClient {
    return this.pool.addClient('Portal', {
      generateSecret: false,
      authFlows: { userSrp: false },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [`${stage.portalUrl}/signed-in`],
        logoutUrls: [stage.portalUrl],
      },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(1),
    });
  }
}
