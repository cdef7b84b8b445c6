import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { absent } from './condition.ts';
import { setting } from './config.ts';
import { read, transact } from './table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | whether the mail of an event was sent | table | pk = subject, sk = `mail#<seq>` |
 */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

const client = new SESv2Client({});

/** SES takes no more in one message (Service quotas in Amazon SES). */
const mostRecipients = 50;

const send = async ({ to, subject, text }: Mail): Promise<void> => {
  await client.send(
    new SendEmailCommand({
      FromEmailAddress: setting('MAIL_FROM'),
      Destination: { ToAddresses: [...to] },
      Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
    }),
  );
};

/**
 * Sends the mail that belongs to an event. It is noted after it was sent, so that it goes out at least once; twice only when this
 * function dies in between. Many recipients get it in several messages.
 */
export const sendOnce = async (
  about: { readonly subject: string; readonly seq: number },
  mail: Mail,
): Promise<void> => {
  if (mail.to.length === 0) return;
  const key = { pk: about.subject, sk: `mail#${String(about.seq).padStart(8, '0')}` };
  const [sent] = await read([key]);
  if (sent) return;
  for (let start = 0; start < mail.to.length; start += mostRecipients)
    await send({ ...mail, to: mail.to.slice(start, start + mostRecipients) });
  await transact([
    {
      write: 'replace',
      item: { ...key, kind: 'mail' },
      when: absent('pk'),
      refuse: () => new Error('It was sent twice.'),
    },
  ]);
};
