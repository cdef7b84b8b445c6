import { violationsOf } from './all-oracles.ts';
import type { Fault, Request } from './fault.ts';
import { isWorkers, runScene } from './scripted-history.ts';

export const deaths = ['died-before', 'died-after'] as const;

/** Every request of every worker in a scene, as `label operation`. */
export const requestsOf = async (scene: string): Promise<readonly string[]> => {
  const requests: string[] = [];
  await runScene(scene, (request) => {
    if (isWorkers(request)) requests.push(`${request.label} ${request.operation}`);
    return 'none';
  });
  return requests;
};

/** Kills the worker at its k-th request of the scene, once. */
const killAt = (place: number, when: (typeof deaths)[number]): ((request: Request) => Fault) => {
  let count = -1;
  return (request) => {
    if (!isWorkers(request)) return 'none';
    count += 1;
    return count === place ? when : 'none';
  };
};

/** What is wrong after each of these kills, in words; one after another, as they are asked for. */
export async function* violationsAfterKills(scene: string, when: (typeof deaths)[number]): AsyncGenerator<string> {
  const requests = await requestsOf(scene);
  for (const [place, request] of requests.entries()) {
    const violations = violationsOf(await runScene(scene, killAt(place, when)));
    if (violations.length > 0) yield `${when} request ${place} of "${scene}", ${request}: ${violations.join('; ')}`;
  }
}
