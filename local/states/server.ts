import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AwsError } from './aws-error.ts';
import {
  describeExecution,
  getExecutionHistory,
  listMachineExecutions,
  startExecution,
  stopExecution,
} from './execution-actions.ts';
import { describeStateMachine, listStateMachines } from './machine-actions.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './token-actions.ts';
import type { World } from './world.ts';

type Action = (world: World, input: unknown) => object | Promise<object>;

/** Everything this engine answers to; any other action is refused by its name. */
const actions: Readonly<Record<string, Action>> = {
  StartExecution: startExecution,
  DescribeExecution: describeExecution,
  ListExecutions: listMachineExecutions,
  GetExecutionHistory: getExecutionHistory,
  StopExecution: stopExecution,
  SendTaskSuccess: sendTaskSuccess,
  SendTaskFailure: sendTaskFailure,
  SendTaskHeartbeat: sendTaskHeartbeat,
  DescribeStateMachine: describeStateMachine,
  ListStateMachines: listStateMachines,
};

/** Speaks AWS JSON 1.0: the action in the header X-Amz-Target, errors by `__type`. Signatures are not looked at. */
export const createStatesServer = (world: World): Server =>
  createServer((request, response) => {
    answer(world, request).then(
      (body) => send(response, 200, body),
      (error: unknown) => sendError(response, error),
    );
  });

async function answer(world: World, request: IncomingMessage): Promise<object> {
  const name = String(request.headers['x-amz-target'] ?? '').replace(/^AWSStepFunctions\./, '');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new AwsError('UnknownOperationException', `The action '${name}' is not supported here.`);
  return action(world, readBody(Buffer.concat(chunks).toString('utf8')));
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof AwsError) {
    send(response, 400, { __type: error.code, message: error.message });
    return;
  }
  console.error('Step Functions: a request failed.', error);
  send(response, 500, { __type: 'InternalFailure', message: 'The Step Functions engine failed; its log says why.' });
}
