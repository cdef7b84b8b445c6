import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { mockClient } from 'aws-sdk-client-mock';

/** Takes all mail of a test file; nothing is sent. */
export const mail = mockClient(SESv2Client);

/** What was sent since the last `mail.reset()`: to whom, and the subject with the text. */
export const letters = () =>
  mail.commandCalls(SendEmailCommand).map(({ args: [{ input }] }) => ({
    to: [...(input.Destination?.ToAddresses ?? [])].sort(),
    text: `${input.Content?.Simple?.Subject?.Data} ${input.Content?.Simple?.Body?.Text?.Data}`,
  }));
