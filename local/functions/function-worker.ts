import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { isAllowed } from './policy.ts';
import type { Answer, Question, WorkerSetup } from './protocol.ts';
import { usesOfCall } from './uses-of-call.ts';

// The host is the only one that starts this thread.
const setup = workerData as WorkerSetup;

// The process ends at the n-th AWS call from now when somebody asked for that: every AWS client of a function speaks plain
// HTTP here, and all threads count down the same number. 0 means that nobody asked.
const crash = new Int32Array(setup.crash);
const countDown = (moment: number) => (): void => {
  if (Atomics.load(crash, 1) !== moment || Atomics.load(crash, 0) === 0) return;
  if (Atomics.sub(crash, 0, 1) === 1) process.kill(process.pid, 'SIGKILL');
};
subscribe('http.client.request.created', countDown(0));
subscribe('http.client.response.finish', countDown(1));

/** AWS would refuse it; here the request is never sent, and whoever made it is told which right its role lacks. */
const guard = (request: ClientRequest): void => {
  // The services of the laptop speak HTTP; a call to anybody else is none of AWS.
  if (
    request.getHeader('authorization') === undefined ||
    !String(request.getHeader('authorization')).startsWith('AWS4')
  )
    return;
  // Whatever it is given is handed on as it came.
  const end = request.end.bind(request) as (...given: readonly unknown[]) => ClientRequest;
  const header = (name: string): string | undefined => request.getHeader(name)?.toString();
  request.end = (...given: readonly unknown[]) => {
    const [body] = given;
    const text = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body).toString() : '';
    const refused = usesOfCall({ method: request.method, path: request.path, header, body: text }).find(
      (use) => !isAllowed(setup.statements, use),
    );
    if (!refused) return end(...given);
    const { action, resource = 'what the token stands for' } = refused;
    return request.destroy(new Error(`${setup.functionName} is not allowed ${action} on ${resource} by its role.`));
  };
};
subscribe('http.client.request.created', (message) => guard((message as { request: ClientRequest }).request));

type Handler = (event: unknown, context: unknown) => unknown;
// Whether a bundle exports its handler is checked when it is called.
const loaded = import(setup.moduleUrl) as Promise<Readonly<Record<string, Handler>>>;
// A bundle that cannot be loaded is answered to whoever invokes it; without this the thread would end first.
loaded.catch(() => undefined);

const contextOf = ({ requestId, deadline }: Question) => ({
  functionName: setup.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: setup.functionArn,
  memoryLimitInMB: String(setup.memoryMb),
  awsRequestId: requestId,
  logGroupName: `/aws/lambda/${setup.functionName}`,
  logStreamName: 'local',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => deadline - Date.now(),
});

/** What Lambda answers when a handler throws. */
const failureOf = (thrown: unknown): Answer['failure'] => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
};

parentPort?.on('message', async (question: Question) => {
  const answer = (rest: Omit<Answer, 'id'>): void => parentPort?.postMessage({ id: question.id, ...rest });
  try {
    const handler = (await loaded)[setup.exportName];
    if (!handler) throw new Error(`${setup.moduleUrl} exports no ${setup.exportName}`);
    if (question.event === undefined) return answer({ result: 'null' });
    const result = await handler(JSON.parse(question.event), contextOf(question));
    answer({ result: JSON.stringify(result ?? null) });
  } catch (error) {
    answer({ failure: failureOf(error) });
  }
});
