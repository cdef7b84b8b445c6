import * as z from 'zod';
import { keepLines, type Lines } from '#local/kept/line-file.ts';
import type { ServiceAnswer } from './aws-services.ts';

const Message = z.object({
  /** The system's time. */
  at: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string().optional(),
  kind: z.literal('email'),
});
export type Message = z.infer<typeof Message>;

const Text = z.looseObject({ Data: z.string() });
const SendEmail = z.looseObject({
  FromEmailAddress: z.string(),
  Destination: z.looseObject({
    ToAddresses: z.array(z.string()).default([]),
    CcAddresses: z.array(z.string()).default([]),
    BccAddresses: z.array(z.string()).default([]),
  }),
  Content: z.looseObject({
    Simple: z.looseObject({
      Subject: Text,
      Body: z.looseObject({ Text: Text.optional(), Html: Text.optional() }),
    }),
  }),
});

export interface Mail {
  readonly messages: readonly Message[];
  /** SES version 2, SendEmail with simple content. */
  readonly send: (body: unknown) => ServiceAnswer;
}

export interface MailOptions {
  readonly file: string | undefined;
  readonly now: () => string;
}

/** Takes what the system sends and keeps it for the mailbox; nothing leaves the machine. */
export const createMail = ({ file, now }: MailOptions): Mail => {
  const messages: Lines<Message> = keepLines(file, Message);
  return {
    messages: messages.all,
    send: (body) => {
      const parsed = SendEmail.safeParse(body);
      if (!parsed.success) return { error: 'BadRequestException', message: z.prettifyError(parsed.error) };
      const { Destination, Content } = parsed.data;
      const { Subject, Body } = Content.Simple;
      messages.add({
        at: now(),
        to: [...Destination.ToAddresses, ...Destination.CcAddresses, ...Destination.BccAddresses],
        subject: Subject.Data,
        text: Body.Text?.Data ?? '',
        ...(Body.Html && { html: Body.Html.Data }),
        kind: 'email',
      });
      return { result: { MessageId: `local-${messages.all.length}` } };
    },
  };
};
