import { wrapClients } from './faulty-client.ts';

/** What the stack would give our functions; read when they are called. */
export const prepare = (): void => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.APPROVAL_STATE_MACHINE_ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine:Approval';
  process.env.MAIL_FROM = 'program@example.com';
  process.env.PORTAL_URL = 'https://portal.example.com';
  process.env.USER_POOL_ID = 'eu-central-1_pool';
  wrapClients();
};
