import { beforeAll, describe, expect, test } from 'vitest';
import { violationsOf } from './all-oracles.ts';
import { prepare } from './environment.ts';
import type { Fault, Request } from './fault.ts';
import { eventsIn } from './oracles.ts';
import { isWorkers, outcomes, runScene, scenes } from './scripted-history.ts';

beforeAll(prepare);

/** Every request of every worker in a scene, as `label operation`. */
const requestsOf = async (scene: string): Promise<readonly string[]> => {
  const requests: string[] = [];
  const recording = await runScene(scene, (request) => {
    if (isWorkers(request)) requests.push(`${request.label} ${request.operation}`);
    return 'none';
  });
  expect(violationsOf(recording)).toEqual([]);
  expect(eventsIn(recording.items).map((event) => event.type)).toEqual(
    expect.arrayContaining([...(outcomes[scene] ?? [])]),
  );
  return requests;
};

/** Kills the worker at its k-th request of the scene, once. */
const killAt = (place: number, when: 'died-before' | 'died-after'): ((request: Request) => Fault) => {
  let count = -1;
  return (request) => {
    if (!isWorkers(request)) return 'none';
    count += 1;
    return count === place ? when : 'none';
  };
};

describe.each(Object.keys(scenes))('when %s, and a worker is killed', (scene) => {
  test.each(['died-before', 'died-after'] as const)(
    'at any of its requests (%s), then nothing is lost, doubled or stuck',
    async (when) => {
      const requests = await requestsOf(scene);
      expect(requests.length).toBeGreaterThan(0);
      for (const [place, request] of requests.entries()) {
        const violations = violationsOf(await runScene(scene, killAt(place, when)));
        expect(violations, `${when} request ${place}: ${request}`).toEqual([]);
      }
    },
    300_000,
  );
});
