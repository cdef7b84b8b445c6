import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { synthesize } from '#local/synthesize.ts';
import { readCloud } from '#local/template/cloud.ts';
import { readSystem } from '#local/template/system.ts';
import { activityTable, programTable, type TableSchema } from '#test/platform/dynamodb.ts';
import { type RunningLaptop, startLaptopProcess, tell } from './a-laptop.ts';

// A fresh checkout synthesizes first, on a machine that other things run on too.
const patient = 300_000;
const running: RunningLaptop[] = [];
afterEach(() => Promise.all(running.splice(0).map((laptop) => laptop.stop())), patient);

const start = async (...options: readonly string[]): Promise<RunningLaptop> => {
  const laptop = await startLaptopProcess(...options);
  running.push(laptop);
  return laptop;
};
const aStateFolder = (): string => mkdtempSync(join(tmpdir(), 'tandem-state-'));

test(
  'when a test makes its own tables, then they are the tables that are deployed',
  async () => {
    const places = { issuer: 'http://localhost', api: 'http://localhost', secret: () => '' };
    const { tables } = readSystem(readCloud(await synthesize(process.cwd()), places));
    const sorted = ({ AttributeDefinitions = [], ...rest }: TableSchema) => ({
      ...rest,
      AttributeDefinitions: AttributeDefinitions.map(({ AttributeName }) => AttributeName).toSorted(),
    });
    expect(tables.map(({ create: { TableName: _, ...schema } }) => sorted(schema))).toEqual(
      [programTable, activityTable].map(sorted),
    );
  },
  patient,
);

describe('a laptop that keeps nothing', () => {
  let url = '';
  let stop: RunningLaptop['stop'] | undefined;
  beforeAll(async () => {
    ({ url, stop } = await startLaptopProcess('--ephemeral', '--empty', '--clock', '2030-01-01T00:00:00Z'));
  }, patient);
  afterAll(() => stop?.(), patient);

  test('when it is ready, then the template’s routes are served', async () => {
    expect(await tell(url, '/v1/program')).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await tell(url, '/v1/nothing')).toEqual({ status: 404, body: { message: 'Not Found' } });
    expect(await tell(url, '/v1/deals')).toEqual({ status: 401, body: { message: 'Unauthorized' } });
    expect(await tell(url, '/local/mailbox')).toEqual({ status: 200, body: { data: [] } });
    expect((await fetch(url)).headers.get('content-type')).toContain('text/html');
  });

  test('when a token is asked for, then its bearer is known', async () => {
    const { body } = await tell(url, '/local/token', { role: 'partner_manager' });
    const { accessToken } = body as { accessToken: string };
    const response = await fetch(`${url}/v1/deals`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(response.status).toBe(200);
  });

  test('when time is frozen and moved, then it is where it was put', async () => {
    expect(await tell(url, '/local/clock', { mode: 'frozen', to: '2030-02-01T00:00:00Z' })).toEqual({
      status: 200,
      body: { now: '2030-02-01T00:00:00.000Z', mode: 'frozen' },
    });
    expect(await tell(url, '/local/clock', { advance: 'P1M' })).toMatchObject({
      body: { now: '2030-03-01T00:00:00.000Z' },
    });
  });

  test.each([
    ['time is to go back', '/local/clock', { to: '2020-01-01T00:00:00Z' }, 'Time does not go back.'],
    ['a duration is none', '/local/clock', { advance: 'soon' }, 'soon is not a duration'],
    ['a role is unknown', '/local/token', { role: 'boss' }, 'role'],
    ['there is no such thing', '/local/time', {}, 'POST /local/clock'],
  ])('when %s, then the laptop says what is wrong', async (_, path, body, words) => {
    const answer = await tell(url, path, body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).toEqual({ message: expect.stringContaining(words) });
  });
});

test(
  'when it crashes at a call and is started again, then its time, its people and its program are still there',
  async () => {
    const state = ['--state', aStateFolder()];
    const first = await start('--empty', ...state, '--clock', '2030-01-01T00:00:00Z');
    await tell(first.url, '/local/clock', { mode: 'frozen', advance: 'P1D' });
    const token = await tell(first.url, '/local/token', { role: 'partner_manager', sub: 'maya' });
    expect(token.status).toBe(200);
    const program = await tell(first.url, '/v1/program');
    const { body } = await tell(first.url, '/local/clock', { advance: 'PT1H' });
    await tell(first.url, '/local/crash', { at: 'before', call: 1 });
    // Functions look for new versions of the program once a minute: this request makes an AWS call.
    await expect(tell(first.url, '/v1/program')).rejects.toThrow();
    expect(await first.ended).toBe('SIGKILL');

    const second = await start('--empty', ...state, '--clock', '2040-01-01T00:00:00Z');
    expect((await tell(second.url, '/local/clock')).body).toEqual(body);
    expect((await tell(second.url, '/v1/program')).body).toEqual(program.body);
    // The same wish for another role meets the record that was kept.
    expect(await tell(second.url, '/local/token', { role: 'finance', sub: 'maya' })).toMatchObject({ status: 400 });
  },
  patient,
);

test(
  'when the port or the state is in use, then one line says what to do',
  async () => {
    const state = ['--state', aStateFolder()];
    const { url } = await start('--empty', ...state);
    await expect(start('--ephemeral', '--port', new URL(url).port)).rejects.toThrow(/in use: .* --port/);
    await expect(start(...state)).rejects.toThrow(/already runs here \(process \d+\): stop it first/);
  },
  patient,
);

test(
  'when an option is wrong, then one line says so',
  async () => {
    await expect(start('--port', 'many')).rejects.toThrow('A port is a number');
    await expect(start('--ephemeral', '--program', 'none.yaml')).rejects.toThrow('There is no program file none.yaml');
  },
  patient,
);
