import { stripeSecrets } from '#test/payouts/stripe-books.ts';
import { captureLogs } from './captured-logs.ts';
import { wrapClients } from './faulty-client.ts';

/** What the stack would give our functions; read when they are called. */
export const prepare = (): void => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PAYEE_SECRET = 'secret';
  process.env.APPROVAL_STATE_MACHINE_ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine:Approval';
  process.env.PAYOUT_RUN_STATE_MACHINE_ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine:PayoutRun';
  process.env.SCORING_RUN_STATE_MACHINE_ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine:ScoringRun';
  process.env.STRIPE_URL = 'https://stripe.example.com';
  process.env.STRIPE_SECRET_KEY = stripeSecrets.key;
  process.env.STRIPE_WEBHOOK_SECRET = stripeSecrets.webhook;
  process.env.MAIL_FROM = 'program@example.com';
  process.env.PORTAL_URL = 'https://portal.example.com';
  process.env.DOCUMENTS_BUCKET ??= 'documents';
  process.env.AUDIT_BUCKET ??= 'audit';
  process.env.USER_POOL_ID = 'eu-central-1_pool';
  // No request of a history leaves the process, but the SDK wants to know where it would go.
  process.env.PROGRAM_TABLE ??= 'program';
  process.env.ACTIVITY_TABLE ??= 'activity';
  process.env.AWS_REGION ??= 'eu-central-1';
  process.env.AWS_ACCESS_KEY_ID ??= 'local';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'local';
  wrapClients();
  captureLogs();
};
