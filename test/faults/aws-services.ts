import { UsernameExistsException } from '@aws-sdk/client-cognito-identity-provider';
import type { Request } from './fault.ts';
import type { World } from './world.ts';

/** The services beside the table, as much of them as our workers use. */
type Body = Readonly<Record<string, unknown>>;

interface Email {
  readonly Destination: { readonly ToAddresses: readonly string[] };
  readonly Content: {
    readonly Simple: {
      readonly Subject: { readonly Data: string };
      readonly Body: { readonly Text: { readonly Data: string } };
    };
  };
}

const sendEmail = ({ mails }: World, body: Body, about: string): Body => {
  const { Destination, Content } = body as unknown as Email;
  const text = `${Content.Simple.Subject.Data}\n\n${Content.Simple.Body.Text.Data}`;
  mails.push({ about, to: Destination.ToAddresses, text });
  return { MessageId: String(mails.length) };
};

export const answerAs = async (world: World, request: Request, about: string): Promise<Body> => {
  const { operation, body } = request;
  switch (operation) {
    case 'StartExecution':
      return world.workflow.start({
        name: String(body.name),
        input: String(body.input),
        machine: String(body.stateMachineArn).split(':').at(-1) ?? '',
      });
    case 'SendTaskSuccess':
      return world.workflow.answer(String(body.taskToken));
    case 'SendEmail':
      return sendEmail(world, body, about);
    case 'AdminCreateUser': {
      const name = String(body.Username);
      if (world.signIns.has(name)) {
        throw new UsernameExistsException({ message: 'exists', $metadata: { httpStatusCode: 400 } });
      }
      world.signIns.set(name, 'enabled');
      return { User: { Username: name } };
    }
    case 'AdminDisableUser':
      world.signIns.set(String(body.Username), 'disabled');
      return {};
    case 'GetObject':
    case 'CopyObject':
    case 'PutObject':
      return world.files.answer(operation, body);
    case 'ListTransfers':
    case 'CreateTransfer':
      return world.stripe.answer(operation, body, world.engine.commits.length);
    default:
      throw new Error(`Nobody answers ${operation}.`);
  }
};
