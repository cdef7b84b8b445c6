import { createServer, type IncomingMessage } from 'node:http';
import { readBody } from '#local/gateway/read-body.ts';
import { listen } from '#local/listen.ts';
import type { Mail } from './mail.ts';
import type { SignIns } from './sign-ins.ts';

export type ServiceAnswer =
  | { readonly result: unknown }
  /** An exception of the service, by its own name. */
  | { readonly error: string; readonly message: string };

export interface AwsServices {
  /** Base URL for the SDK's endpoint settings of mail and user pools. */
  readonly endpoint: string;
  readonly close: () => Promise<void>;
}

/** By path for mail, by the header X-Amz-Target for the user pool. */
const findOperation = (mail: Mail, signIns: SignIns, { url, headers }: IncomingMessage) => {
  const target = String(headers['x-amz-target'] ?? '');
  const refuse = (): ServiceAnswer => ({
    error: 'UnknownOperationException',
    message: `The laptop does not know ${target || url}.`,
  });
  if (url === '/v2/email/outbound-emails') return mail.send;
  const [service, operation = ''] = target.split('.');
  const known = service === 'AWSCognitoIdentityProviderService' ? signIns.operations[operation] : undefined;
  return known ?? refuse;
};

/** The small AWS services that have no engine of their own: mail (SES version 2) and the user pool (Cognito). */
export const startAwsServices = async (mail: Mail, signIns: SignIns): Promise<AwsServices> => {
  const server = createServer(async (request, response) => {
    const body = await readBody(request, 1024 * 1024);
    const parsed: unknown = JSON.parse(body?.toString() || '{}');
    const given = findOperation(mail, signIns, request)(parsed);
    if ('error' in given) {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': given.error });
      response.end(JSON.stringify({ __type: given.error, message: given.message }));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(given.result));
  });
  const port = await listen(server, 0);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
