import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { brokenLink } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { findHealth, getRevision } from '#shared/health/health-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { aFact, aProfile, ask, quarter, run, start } from './a-scoring-run.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(aProgram());
});

const aPartner = async (...values: readonly number[]): Promise<string> => {
  const partnerId = derivedId('ptr', randomUUID());
  await putFacts([
    aProfile(partnerId),
    ...values.map((value) => aFact(partnerId, { kind: 'training.completed', value })),
  ]);
  return partnerId;
};

const healthOf = async (partnerId: string, of = quarter) => (await findHealth(partnerId, [of]))[0];
const runView = async (runId: string) => (await ask('get-scoring-run', { params: { runId } })).body;

describe('a run', () => {
  test('scores every partner in the program, and a second one writes nothing', async () => {
    const [one, two] = [await aPartner(1), await aPartner(2, 1)];
    const first = await run();
    expect(await runView(first)).toMatchObject({ status: 'completed', progress: { segments: 1, segmentsDone: 1 } });
    const [before, other] = [await healthOf(one), await healthOf(two)];
    expect(before).toMatchObject({ revision: 1, runId: first, version: 1, status: 'scored' });
    expect(other?.digest).not.toBe(before?.digest);
    const second = await run();
    expect(await runView(second)).toMatchObject({ progress: { changed: 0, parked: 0 } });
    expect(await healthOf(one)).toEqual(before);
    for (const id of [first, before?.id ?? '']) expect(brokenLink(await listEvents(id, 1, 50))).toBeUndefined();
    const { text } = await getRevision(before?.id ?? '', 1);
    expect(JSON.parse(text)).toMatchObject({ score: { points: before?.points } });
  });

  test('of a quarter that is being scored is refused with the one that is under way', async () => {
    const runId = await start({ quarter: '2026-Q1' });
    expect((await ask('start-scoring-run', { body: { quarter: '2026-Q1' } })).body).toMatchObject({
      code: 'scoring_run.already_running',
      runId,
    });
  });
});
