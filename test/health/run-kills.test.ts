import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { brokenLink } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { findHealth, getRevision } from '#shared/health/health-store.ts';
import { readProgress } from '#shared/health/scoring-progress-store.ts';
import { getScoringRun } from '#shared/health/scoring-run-store.ts';
import { getSums } from '#shared/kpis/kpi-store.ts';
import { activity } from '#shared/platform/activity-table.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { documents } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { aFact, aProfile, drive, start, tellFacts } from './a-scoring-run.ts';

/** At which of its requests a worker dies, and on which side of it. */
interface Death {
  readonly at: number;
  readonly when: 'before' | 'after';
}

const killed = new Error('The worker was killed.');
let death: Death | undefined;
let requests = 0;

// Outside the SDK's retries: who is dead does not try again.
const mortal = (next: (request: never) => Promise<never>) => async (request: never) => {
  if (death === undefined) return next(request);
  requests += 1;
  // Nothing that it still had under way is sent either.
  if (requests > death.at || (requests === death.at && death.when === 'before')) throw killed;
  const answer = await next(request);
  if (requests >= death.at) throw killed;
  return answer;
};

/** Runs until it is killed; whether it was. */
const die = async (at: Death, work: () => Promise<unknown>): Promise<boolean> => {
  [death, requests] = [at, 0];
  try {
    await work();
    return requests >= at.at;
  } catch {
    return true;
  } finally {
    death = undefined;
  }
};

const partners = Array.from({ length: 5 }, () => derivedId('ptr', randomUUID()));
const [, second = '', , , poisoned = ''] = partners;

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(aProgram());
  for (const client of [documents, activity])
    client.middlewareStack.add(mortal as never, { step: 'initialize', name: 'kill' });
  await putFacts(partners.map((partnerId) => aProfile(partnerId)));
});

let stories = 0;

/** A quarter in which partners did this and that, one of them more than can be counted. */
const aStory = async (): Promise<string> => {
  stories += 1;
  // So far apart that no story looks into another's quarters.
  const quarter = `${1000 + 4 * stories}-Q4`;
  const training = { kind: 'training.completed', quarter } as const;
  const huge = { ...training, value: 9_007_199_254_740_991 };
  await putFacts([
    ...partners.map((partnerId, index) => aFact(partnerId, { ...training, value: index })),
    ...[1, 2].map(() => aFact(poisoned, huge)),
  ]);
  return quarter;
};

const healthIn = async (quarter: string) =>
  Promise.all(partners.map(async (partnerId) => (await findHealth(partnerId, [quarter]))[0]));

/** All that is to be seen of a run, but for names and times. */
const whatCameOfIt = async (runId: string) => {
  const run = await getScoringRun(runId);
  const progress = await readProgress(run);
  const found = await healthIn(run.quarter);
  const texts = await Promise.all(found.map((each) => each && getRevision(each.id, each.revision)));
  const histories = await Promise.all(found.map((each) => (each ? listEvents(each.id, 1, 20) : [])));
  const nameless = (text: string): string => text.replaceAll(run.quarter, 'the quarter');
  return {
    run: { status: run.status, tally: run.tally },
    parked: progress.flatMap(({ parked }) => parked.map(({ partnerId }) => partnerId)),
    health: found.map((each) => each && { version: each.version, revision: each.revision, points: each.points }),
    texts: texts.map((each) => each && nameless(each.text)),
    sums: JSON.parse(nameless(JSON.stringify((await getSums(run.quarter)).sums))),
    broken: histories.flatMap((events) => brokenLink(events) ?? []),
  };
};

const ofPeriod = (story: Awaited<ReturnType<typeof whatCameOfIt>>) => {
  const { sums, ...rest } = story;
  // Every story has its own months, quarters and year.
  return { ...rest, sums: JSON.stringify(sums).replaceAll(/"\d{4}(-Q?\d+)?"/g, '"time"') };
};

let wanted: ReturnType<typeof ofPeriod>;

test('undisturbed, a run scores four and parks one', async () => {
  const runId = await start({ quarter: await aStory() });
  await drive(runId);
  wanted = ofPeriod(await whatCameOfIt(runId));
  expect(wanted.run).toEqual({
    status: 'completed',
    tally: { partners: 5, changed: 4, unchanged: 0, parked: 1 },
  });
  expect(wanted.parked).toEqual([poisoned]);
});

describe.each(['before', 'after'] as const)('when a worker of a run is killed %s any of its requests', (when) => {
  test('then, run again, the result is that of an undisturbed run', async () => {
    for (let at = 1; ; at += 1) {
      const quarter = await aStory();
      const runId = await start({ quarter });
      const died = await die({ at, when }, () => drive(runId));
      // What was stored until then may be in the facts already, or not yet.
      if (at % 2 === 0) await tellFacts(...(await healthIn(quarter)).flatMap((each) => each?.id ?? []));
      await drive(runId);
      expect(ofPeriod(await whatCameOfIt(runId)), `killed ${when} request ${at}`).toEqual(wanted);
      if (!died) break;
    }
  });
});

test('facts that come while a worker is dead are in the result, and nothing is counted twice', async () => {
  const undisturbed = async (late: boolean) => {
    const quarter = await aStory();
    const runId = await start({ quarter });
    const fact = aFact(second, { kind: 'training.completed', quarter, value: 3 });
    if (!late) await putFacts([fact]);
    // It has written some of them by then.
    if (late) await die({ at: 9, when: 'after' }, () => drive(runId));
    if (late) await putFacts([fact, fact]);
    await Promise.allSettled([drive(runId), drive(runId)]);
    await drive(runId);
    return { quarter, came: ofPeriod(await whatCameOfIt(runId)) };
  };
  const [early, late] = [await undisturbed(false), await undisturbed(true)];
  expect(late.came.run).toEqual(early.came.run);
  expect(late.came.texts).toEqual(early.came.texts);
  expect(late.came.sums).toEqual(early.came.sums);
});
