import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import type { SystemClock } from '#local/clock/system-clock.ts';
import type { TimeTravel } from '#local/clock/time-travel.ts';
import type { Serve } from '#local/front-door.ts';
import type { Functions } from '#local/functions/functions.ts';
import { readBody } from '#local/gateway/read-body.ts';
import { roles } from '#shared/core/caller.ts';
import { ControlError } from './control-error.ts';

export const TokenRequest = z.strictObject({
  role: z.enum(roles),
  partnerId: z.string().optional(),
  sub: z.string().min(1).optional(),
  email: z.email().optional(),
});

const ClockRequest = z.strictObject({
  mode: z.enum(['frozen', 'running']).optional(),
  advance: z.string().optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});
const CrashRequest = z.strictObject({ at: z.enum(['before', 'after']), call: z.int().positive() });

export interface ControlOptions {
  readonly clock: SystemClock;
  readonly timeTravel: TimeTravel;
  readonly functions: Functions;
  /** Makes the caller's record if it is not there, and a token as the identity provider would. */
  readonly issueToken: (request: z.infer<typeof TokenRequest>) => Promise<string>;
  readonly mailbox: () => readonly unknown[];
  readonly deadLetters: () => readonly unknown[];
  /** Where the table is, for commands that look into it. */
  readonly database: {
    readonly endpoint: string;
    readonly table: string | undefined;
    readonly activityTable: string | undefined;
  };
}

const parse = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new ControlError(z.prettifyError(parsed.error));
  return parsed.data;
};

const target = (now: number, { advance, to }: z.infer<typeof ClockRequest>): number | undefined => {
  if (to !== undefined) return Date.parse(to);
  if (advance === undefined) return undefined;
  try {
    const start = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC');
    return start.add(Temporal.Duration.from(advance)).epochMilliseconds;
  } catch {
    throw new ControlError(`${advance} is not a duration: write P90D, PT15M or the like.`);
  }
};

/** What only the laptop has: tokens for the asking, the clock, crashes, and what was sent. Answers by method and path. */
const createActions = (options: ControlOptions) => {
  const { clock, timeTravel, functions } = options;
  const tellTime = () => ({ now: new Date(clock.now()).toISOString(), mode: clock.mode() });
  const setClock = async (body: unknown) => {
    const request = parse(ClockRequest, body);
    const to = target(clock.now(), request);
    if (to !== undefined && to < clock.now()) throw new ControlError('Time does not go back.');
    if (request.mode) clock.setMode(request.mode);
    if (to !== undefined) await timeTravel.advance(to);
    return tellTime();
  };
  const crash = (body: unknown): object => {
    if (body === undefined) process.kill(process.pid, 'SIGKILL');
    const { at, call } = parse(CrashRequest, body);
    functions.crashAt(call, at);
    return { crashes: { at, call } };
  };
  return new Map<string, (body: unknown) => object | Promise<object>>([
    ['GET /local/clock', tellTime],
    ['POST /local/clock', setClock],
    ['POST /local/crash', crash],
    ['GET /local/mailbox', () => ({ data: options.mailbox() })],
    ['GET /local/database', () => options.database],
    ['GET /local/dead-letters', () => ({ data: options.deadLetters() })],
    ['POST /local/token', async (body) => ({ accessToken: await options.issueToken(parse(TokenRequest, body)) })],
  ]);
};

const parseJson = (text: string): unknown => {
  try {
    return text === '' || text === '{}' ? undefined : JSON.parse(text);
  } catch {
    throw new ControlError('The body is not JSON.');
  }
};

/** Serves `/local/*`. */
export const createControl = (options: ControlOptions): Serve => {
  const actions = createActions(options);
  return async (message, response) => {
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const action = actions.get(`${message.method} ${(message.url ?? '').split('?')[0]}`);
    if (!action) return send(404, { message: `There is: ${[...actions.keys()].join(', ')}.` });
    try {
      const body = await readBody(message, 100_000);
      send(200, await action(parseJson(body?.toString() ?? '')));
    } catch (error) {
      if (!(error instanceof ControlError)) console.error(error);
      send(error instanceof ControlError ? 400 : 500, {
        message: error instanceof Error ? error.message : String(error),
      });
    }
  };
};
