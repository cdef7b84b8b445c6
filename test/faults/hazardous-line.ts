import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands between worker processes and the services: passes DynamoDB's requests on to Amazon's engine, answers the others by a stub,
 * and lets something happen to the process before a request arrives, or before its answer is back.
 */
export interface Hazards {
  /** Asked for each request; resolves when it may go on. `false`: whoever sent it is dead, and it never arrives. */
  readonly before: (request: SentRequest) => Promise<boolean>;
  readonly after: (request: SentRequest) => Promise<void>;
  /** The services beside the table: their answer, or their exception's name. */
  readonly serve: (request: SentRequest) => { readonly answer: object } | { readonly exception: string };
}

export interface SentRequest {
  readonly operation: string;
  readonly text: string;
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

interface Answer {
  readonly status: number;
  readonly text: string;
}

const passOn = async (engine: string, { headers }: IncomingMessage, text: string): Promise<Answer> => {
  const names = ['authorization', 'content-type', 'x-amz-target', 'x-amz-date'] as const;
  const kept = names.flatMap((name): [string, string][] => (headers[name] ? [[name, String(headers[name])]] : []));
  const reply = await fetch(engine, { method: 'POST', headers: Object.fromEntries(kept), body: text });
  return { status: reply.status, text: await reply.text() };
};

export const openLine = async (engine: string, hazards: Hazards): Promise<{ server: Server; url: string }> => {
  const answer = async (http: IncomingMessage): Promise<Answer | undefined> => {
    const [service = '', operation = 'SendEmail'] = String(http.headers['x-amz-target'] ?? '').split('.');
    const request = { operation, text: await textOf(http) };
    if (!(await hazards.before(request))) return undefined;
    if (service.startsWith('DynamoDB')) {
      const reply = await passOn(engine, http, request.text);
      await hazards.after(request);
      return reply;
    }
    const served = hazards.serve(request);
    await hazards.after(request);
    if ('answer' in served) return { status: 200, text: JSON.stringify(served.answer) };
    return { status: 400, text: JSON.stringify({ __type: served.exception, message: served.exception }) };
  };
  const server = createServer((http, response) => {
    void answer(http).then((reply) => {
      // Whoever was to hear it may be dead.
      if (!reply) return response.destroy();
      response.writeHead(reply.status, { 'content-type': 'application/x-amz-json-1.0' }).end(reply.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};
