import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FakeProgram, type FakeRequest, fakeProgram, problem } from '#test/import/fake-program.ts';

/** As much of Tandem's API as the importer uses, in one process and in memory, so that its tests need no system. */
export interface FakeApi {
  readonly url: string;
  readonly program: FakeProgram;
  /** `METHOD /path` of everything that was asked so far. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? undefined : JSON.parse(text);
}

function answer(
  response: ServerResponse,
  { status, body, version }: { status: number; body: unknown; version?: number },
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(version === undefined ? {} : { etag: `"${version}"` }),
  });
  response.end(JSON.stringify(body));
}

/** `onRequest` sees each request before it is answered, and may hold it or kill who sent it. */
export async function startFakeApi(onRequest: (asked: string) => void = () => undefined): Promise<FakeApi> {
  const program = fakeProgram();
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const what = `${request.method} ${url.pathname}`;
    asked.push(what);
    onRequest(what);
    const fakeRequest: FakeRequest = {
      what,
      query: url.searchParams,
      body: await readBody(request),
      token: request.headers.authorization?.replace('Bearer ', ''),
      key: request.headers['idempotency-key']?.toString(),
      ifMatch: request.headers['if-match'],
    };
    answer(response, program.answer(fakeRequest) ?? problem(404, 'not_found'));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}`, program, asked, close };
}
