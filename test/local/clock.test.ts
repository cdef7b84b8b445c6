import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createDueIndex } from '#local/clock/due-index.ts';
import { nextOccurrence } from '#local/clock/occurrence.ts';
import { createSystemClock } from '#local/clock/system-clock.ts';
import { createTimeTravel } from '#local/clock/time-travel.ts';
import { aStreamRecord } from './a-stream-record.ts';

const at = (text: string): number => Date.parse(text);
const day = 86_400_000;

test.each([
  ['rate(15 minutes)', '2030-01-01T00:07:00Z', '2030-01-01T00:15:00.000Z'],
  ['rate(15 minutes)', '2030-01-01T00:15:00Z', '2030-01-01T00:30:00.000Z'],
  ['rate(1 day)', '2030-01-31T12:00:00Z', '2030-02-01T00:00:00.000Z'],
  ['cron(0 6 * * ? *)', '2030-01-01T06:00:00Z', '2030-01-02T06:00:00.000Z'],
  ['cron(30 2 1 * ? *)', '2030-01-01T06:00:00Z', '2030-02-01T02:30:00.000Z'],
])('when a schedule says %s, then after %s it fires at %s', (expression, after, next) => {
  expect(new Date(nextOccurrence(expression, at(after)) ?? 0).toISOString()).toBe(next);
});

test('when a schedule is of a kind that the laptop does not know, then it is refused by name', () => {
  expect(() => nextOccurrence('at(2030-01-01T00:00:00)', 0)).toThrow('at(2030-01-01T00:00:00)');
});

test('when time is frozen, moved and the laptop started again, then it is where it was', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'tandem-clock-')), 'clock.json');
  const clock = createSystemClock({ file, start: at('2030-01-01T00:00:00Z') });
  clock.setMode('frozen');
  clock.pin(at('2030-02-01T00:00:00Z'));
  clock.release();
  const again = createSystemClock({ file, start: at('2040-01-01T00:00:00Z') });
  expect([again.now(), again.mode()]).toEqual([at('2030-02-01T00:00:00Z'), 'frozen']);
});

test('when time runs, then it runs on from where a jump ended', () => {
  const clock = createSystemClock({ file: undefined, start: at('2030-01-01T00:00:00Z') });
  clock.pin(at('2030-02-01T00:00:00Z'));
  expect(clock.now()).toBe(at('2030-02-01T00:00:00Z'));
  clock.release();
  expect(clock.now()).toBeGreaterThanOrEqual(at('2030-02-01T00:00:00Z'));
  expect(clock.now()).toBeLessThan(at('2030-02-01T01:00:00Z'));
});

interface Plan {
  /** Items and when each must be looked at, one instant after the other. */
  readonly dues?: Readonly<Record<string, string[]>>;
  readonly deadlines?: string[];
  readonly stuck?: string;
  /** An invocation fails on this day. */
  readonly failsOn?: string;
}

/** A system of dues, deadlines and schedules that tells what happened when. */
const aSystem = ({ dues: planned = {}, deadlines = [], stuck, failsOn }: Plan) => {
  const clock = createSystemClock({ file: undefined, start: at('2030-01-01T00:00:00.000Z') });
  clock.setMode('frozen');
  const dues = createDueIndex();
  const happened: string[] = [];
  let failed = 0;
  const tell = (what: string): void =>
    void happened.push(`${new Date(clock.now()).toISOString().slice(0, 16)} ${what}`);
  const put = (item: string): void => {
    const dueAt = planned[item]?.[0];
    const NewImage = dueAt === undefined ? {} : { dueKey: { S: 'due#0' }, dueAt: { S: `${dueAt}#${item}` } };
    dues.observe(aStreamRecord({ Keys: { pk: { S: item }, sk: { S: item } }, NewImage }));
  };
  for (const item of Object.keys(planned)) put(item);
  const sweep = (): void => {
    for (const { item } of dues.dueBy(clock.now())) {
      const [name = ''] = item.split('|');
      tell(`due ${name}`);
      if (name === stuck) continue;
      planned[name]?.shift();
      put(name);
    }
  };
  const invoke = async (functionArn: string, event: unknown): Promise<void> => {
    const { time } = event as { time: string };
    if (functionArn === 'sweep') return sweep();
    if (time.slice(0, 10) === failsOn) failed = 1;
    tell(`${functionArn} ${time}`);
  };
  const input = (schedule: string): string => `{"schedule":"${schedule}","time":"<aws.scheduler.scheduled-time>"}`;
  const timeTravel = createTimeTravel({
    clock,
    dues,
    deadlines: {
      nextDeadline: () => (deadlines[0] === undefined ? undefined : at(deadlines[0])),
      fireDue: async () => tell(`deadline ${deadlines.shift()?.slice(11, 16)}`),
    },
    schedules: [
      { name: 'sweep', expression: 'rate(15 minutes)', functionArn: 'sweep', input: input('sweep') },
      { name: 'daily', expression: 'cron(0 6 * * ? *)', functionArn: 'daily', input: input('daily') },
      ...(failsOn === undefined
        ? []
        : [{ name: 'recover', expression: 'rate(12 hours)', functionArn: 'recover', input: input('recover') }]),
    ],
    invoke,
    failures: () => failed,
    quiet: async () => undefined,
    drained: async () => undefined,
  });
  return { clock, dues, happened, timeTravel };
};

test('when time jumps, then everything on the way happens at its own instant and in order', async () => {
  const { clock, happened, timeTravel } = aSystem({
    dues: {
      deal: ['2030-01-01T10:30:00.000Z', '2030-01-02T06:00:00.000Z'],
      approval: ['2030-01-01T09:15:00.000Z'],
      later: ['2030-03-01T00:00:00.000Z'],
    },
    deadlines: ['2030-01-01T09:15:00.000Z', '2030-01-01T12:00:00.000Z'],
  });
  await timeTravel.advance(at('2030-01-02T12:00:00.000Z'));
  expect(happened).toEqual([
    '2030-01-01T06:00 daily 2030-01-01T06:00:00Z',
    '2030-01-01T09:15 deadline 09:15',
    '2030-01-01T09:15 due approval',
    '2030-01-01T10:30 due deal',
    '2030-01-01T12:00 deadline 12:00',
    '2030-01-02T06:00 daily 2030-01-02T06:00:00Z',
    '2030-01-02T06:00 due deal',
  ]);
  expect(clock.now()).toBe(at('2030-01-02T12:00:00.000Z'));
});

test('when what is due does not move, then the jump says so loudly and goes on', async () => {
  const loud = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { clock, happened, timeTravel } = aSystem({
    dues: { broken: ['2030-01-01T10:00:00.000Z'], deal: ['2030-01-05T00:00:00.000Z'] },
    stuck: 'broken',
  });
  await timeTravel.advance(at('2030-01-01T00:00:00.000Z') + 10 * day);
  expect(happened.filter((each) => each.endsWith('broken'))).toHaveLength(3);
  expect(happened).toContain('2030-01-05T00:00 due deal');
  expect(loud).toHaveBeenCalledWith(expect.stringContaining('broken|broken'));
  expect(clock.now()).toBe(at('2030-01-11T00:00:00.000Z'));
  loud.mockRestore();
});

test('when nothing fails in a jump, then what only repairs comes once a week, and as soon as something has failed', async () => {
  const { happened, timeTravel } = aSystem({ failsOn: '2030-01-10' });
  for (const days of [1, 4, 20]) await timeTravel.advance(at('2030-01-01T00:00:00.000Z') + days * day);
  expect(happened.filter((each) => each.includes('recover')).map((each) => each.slice(0, 16))).toEqual([
    '2030-01-01T12:00',
    '2030-01-08T12:00',
    '2030-01-10T12:00',
    '2030-01-17T12:00',
  ]);
});

test('when two jumps are asked for at once, then one follows the other', async () => {
  const { clock, happened, timeTravel } = aSystem({});
  const start = clock.now();
  await Promise.all([timeTravel.advance(start + day), timeTravel.advance(start + 2 * day)]);
  expect(happened).toHaveLength(2);
  expect(clock.now()).toBe(start + 2 * day);
});

test('when time runs by itself, then what is due fires by itself', async () => {
  const { clock, happened, timeTravel } = aSystem({ dues: { deal: ['2030-01-01T00:00:00.100Z'] } });
  clock.setMode('running');
  timeTravel.start();
  await expect.poll(() => happened).toEqual(['2030-01-01T00:00 due deal']);
  await timeTravel.stop();
});

test('when time is frozen, then nothing fires by itself', async () => {
  const { happened, timeTravel } = aSystem({ dues: { deal: ['2029-12-31T00:00:00.000Z'] } });
  timeTravel.start();
  await timeTravel.stop();
  expect(happened).toEqual([]);
});
