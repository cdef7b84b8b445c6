import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { routes } from '#functions/routes.ts';
import { freePort } from '#local/free-port.ts';
import { createRouteTable } from '#local/gateway/route-table.ts';
import { undocumented } from './documented.ts';

/** An answer over HTTP; what a test looks for in the body it names. */
export interface HttpReply {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

export interface Person {
  readonly role: string;
  readonly partnerId?: string;
  readonly sub?: string;
}

export interface HttpCall {
  readonly by?: Person;
  readonly body?: unknown;
  readonly key?: string;
  readonly ifMatch?: number;
}

export interface RunningLaptop {
  readonly url: string;
  readonly call: (route: string, call?: HttpCall) => Promise<HttpReply>;
  /** Moves the frozen clock; answers when everything on the way has happened. */
  readonly advance: (duration: string) => Promise<string>;
  readonly mails: () => Promise<readonly { readonly to: unknown; readonly subject: string }[]>;
  /** As `kill -9` would end it. */
  readonly crash: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const ready = async (child: ChildProcess): Promise<string> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^ready (\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
    });
  }
  child.once('exit', (code) => reject(new Error(`The laptop ended with ${code} before it was ready.`)));
  return promise;
};

const control = async (url: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
  const reply = await fetch(`${url}/local/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer = await reply.json();
  if (!reply.ok) throw new Error(`/local/${path}: ${JSON.stringify(answer)}`);
  // The laptop's control answers objects only.
  return answer as Record<string, unknown>;
};

const routeOf = createRouteTable(routes);

/** Holds what comes through the whole gateway to the OpenAPI document, as `deliver` does for doors. Throws where it does not say so. */
const mustBeDocumented = (method: string, path: string, reply: HttpReply & { readonly text: string }): void => {
  const found = routeOf(method, path.split('?')[0] ?? path);
  if (!found) return;
  const routeKey = `${method} ${found.route.path}`;
  const faults = undocumented(routeKey, { ...reply, headers: Object.fromEntries(reply.headers) });
  if (faults.length === 0) return;
  throw new Error(`${routeKey} answered ${reply.status} with what is not documented: ${faults.join('; ')}`);
};

const caller = (url: string) => {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (person: Person): Promise<string> => {
    const who = JSON.stringify(person);
    const token = tokens.get(who) ?? control(url, 'token', person).then((answer) => String(answer.accessToken));
    tokens.set(who, token);
    return token;
  };
  return async (route: string, call: HttpCall = {}): Promise<HttpReply> => {
    const [method = 'GET', path = '/'] = route.split(' ');
    const headers = {
      ...(call.by ? { authorization: `Bearer ${await tokenOf(call.by)}` } : {}),
      ...(method === 'POST' ? { 'idempotency-key': call.key ?? randomUUID() } : {}),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.ifMatch === undefined ? {} : { 'if-match': `"${call.ifMatch}"` }),
    };
    const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    const reply = await fetch(`${url}${path}`, { method, headers, ...body });
    const text = await reply.text();
    const answer = { status: reply.status, body: text === '' ? {} : JSON.parse(text), headers: reply.headers };
    mustBeDocumented(method, path, { ...answer, text });
    return answer;
  };
};

/** A laptop of a test lives for a minute or two: what Java would spend on making its code quicker still would never come back. */
export const quickToStart = { JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1' };

/** Starts `npm start` as a user would, on a free port, and freezes its clock an hour after `clock`. `options` come after `--empty`. */
export const startLaptop = async (
  clock: string,
  options: readonly string[] = ['--ephemeral'],
): Promise<RunningLaptop> => {
  const port = String(await freePort());
  const child = spawn(process.execPath, ['local/start.ts', '--empty', '--clock', clock, '--port', port, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...quickToStart, ...process.env },
  });
  const url = await ready(child);
  // From here on an instant of the test's own: until it was frozen, time ran.
  await control(url, 'clock', { mode: 'frozen' });
  const oneHourLater = new Date(Date.parse(clock) + 3_600_000).toISOString();
  if (String((await control(url, 'clock')).now) < oneHourLater) await control(url, 'clock', { to: oneHourLater });
  const ended = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url,
    call: caller(url),
    advance: async (duration) => String((await control(url, 'clock', { advance: duration })).now),
    mails: async () => (await control(url, 'mailbox')).data as { to: unknown; subject: string }[],
    crash: () => ended('SIGKILL'),
    stop: () => ended('SIGTERM'),
  };
};

/** A folder for what a laptop keeps, gone when the test is over. */
export const keptFolder = async (): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-laptop-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};
