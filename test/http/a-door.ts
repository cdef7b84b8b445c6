import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import * as z from 'zod';
import { type Answer, door, operation } from '#functions/http/door.ts';
import type { GatewayEvent, Request } from '#functions/http/request.ts';
import { contract } from '#shared/core/contract.ts';
import { type Call, type Door, gatewayEvent } from '#test/support/call.ts';

/** Contracts of the wrapper's own tests, tied to routes of the real table. */
const update = contract({
  operation: 'update-deal',
  summary: 'Change something',
  params: z.strictObject({ dealId: z.string().max(10) }),
  query: z.strictObject({ mode: z.enum(['soft', 'hard']).optional() }),
  body: z.strictObject({
    name: z.string().min(2),
    size: z.strictObject({ 'in/out~': z.int() }).optional(),
    anything: z.unknown().optional(),
  }),
  answers: { 200: z.object({}) },
  errors: [],
  needsVersion: true,
});
const create = contract({
  operation: 'register-deal',
  summary: 'Make something',
  body: z.strictObject({ name: z.string() }),
  answers: { 201: z.object({}) },
  errors: [],
});

type Handling = (request: Request<typeof update> | Request<typeof create>) => Promise<Answer>;

/** A door onto two routes, PATCH /v1/deals/{dealId} and POST /v1/deals, that do what the test says. */
export const aDoor = (answer: Handling): Door =>
  // middy's handler type knows more about its context than a test has to give.
  door('deals', [operation(update, answer), operation(create, answer)]) as unknown as Door;

export const ok: Handling = async ({ body }) => ({ status: 200, body });

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly body: Record<string, unknown>;
  readonly headers: Record<string, string>;
}

const replyOf = (answer: APIGatewayProxyStructuredResultV2): Reply => {
  const text = answer.body ?? '';
  // Only strings are ever set; names are compared as HTTP does, in lower case.
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const isJson = /json/.test(String(answer.headers?.['content-type']));
  return {
    status: answer.statusCode ?? 0,
    text,
    body: isJson ? JSON.parse(text) : {},
    headers: Object.fromEntries(headers),
  };
};

/** Calls the door with what API Gateway would send, changed by `bend` into what it might send on a bad day. */
export const knock = async (
  aDoorway: Door,
  call: Omit<Call, 'at'>,
  bend: (event: GatewayEvent) => object = () => ({}),
): Promise<Reply> => {
  const event = gatewayEvent({ at: '2026-07-01T12:00:00.000Z', ...call });
  return replyOf(await aDoorway({ ...event, ...bend(event) } as GatewayEvent, {} as Context));
};
