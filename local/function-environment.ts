import { region } from './template/cloud.ts';

export interface Endpoints {
  readonly dynamodb: string;
  readonly stepFunctions: string;
  readonly s3: string;
  /** Mail and the user pool. */
  readonly services: string;
  readonly portal: string;
}

/** What Lambda itself puts into a function's environment, and where the SDK finds its services here. */
export const functionEnvironment = (endpoints: Endpoints): Readonly<Record<string, string>> => ({
  TZ: 'UTC',
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  AWS_ENDPOINT_URL_SFN: endpoints.stepFunctions,
  AWS_ENDPOINT_URL_S3: endpoints.s3,
  AWS_ENDPOINT_URL_SESV2: endpoints.services,
  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: endpoints.services,
  // The template has the portal's deployed address in it; links in mails are to lead here.
  PORTAL_URL: endpoints.portal,
  // Nothing is in front of the laptop's API.
  ORIGIN_SECRETS: '',
  // No money moves from a laptop: nobody listens there, unless somebody starts a stub and says where.
  STRIPE_URL: process.env.TANDEM_STRIPE_URL ?? 'http://127.0.0.1:9',
  // Time may stand still here, and would give no caller anything back; imports are floods on purpose.
  RATE_LIMITS: process.env.TANDEM_RATE_LIMITS ?? 'off',
});
