import { doors, type FunctionName } from './functions.ts';
import { type Permission, permissions } from './permissions.ts';
import type { Surroundings } from './surroundings.ts';

const isDoor = (name: FunctionName): boolean => (doors as readonly FunctionName[]).includes(name);

/** What a function is told follows from what it may do: nobody knows the name of what it cannot reach. */
export const environmentOf = (name: FunctionName, around: Surroundings): Readonly<Record<string, string>> => {
  const may = (...wanted: Permission[]) => wanted.some((permission) => permissions[name].includes(permission));
  return {
    ...(may('read') && { PROGRAM_TABLE: around.tableName }),
    ...(may('write facts', 'read facts', 'scan facts') && { ACTIVITY_TABLE: around.activityTableName }),
    ...(may('start workflows') && {
      APPROVAL_STATE_MACHINE_ARN: around.approvalWorkflowArn,
      PAYOUT_RUN_STATE_MACHINE_ARN: around.payoutRunWorkflowArn,
      SCORING_RUN_STATE_MACHINE_ARN: around.scoringRunWorkflowArn,
    }),
    ...(may('invite people') && { USER_POOL_ID: around.userPoolId }),
    ...(may('send mail') && { MAIL_FROM: around.stage.mailFrom, PORTAL_URL: around.stage.portalUrl }),
    ...(may('take uploads', 'check uploads', 'show documents') && { DOCUMENTS_BUCKET: around.documentsBucketName }),
    ...(may('keep payees') && { PAYEE_SECRET: around.payeeSecret }),
    ...(may('pay by Stripe') && { STRIPE_URL: 'https://api.stripe.com', STRIPE_SECRET_KEY: around.stripeKey }),
    ...(may('hear Stripe') && { STRIPE_WEBHOOK_SECRET: around.stripeWebhookSecret }),
    ...(may('publish roots') && { AUDIT_BUCKET: around.auditBucketName }),
    ...(isDoor(name) && { CURSOR_SECRET: around.cursorSecret, RATE_LIMITS: 'on' }),
    ...((isDoor(name) || name === 'authorizer') && {
      ORIGIN_SECRETS: around.originSecrets,
      SECRETS_SINCE: around.stage.secretsSince,
    }),
    ...(name === 'authorizer' && { ISSUER_URL: around.issuerUrl, CLIENT_ID: around.clientId }),
  };
};
