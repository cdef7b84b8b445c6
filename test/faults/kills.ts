import { violationsOf } from './all-oracles.ts';
import type { Fault, Request } from './fault.ts';
import { canBeKilled, runScene, writersOnly } from './scripted-history.ts';

export const deaths = ['died-before', 'died-after'] as const;

/** Every request in a scene of whoever can be killed, as `label operation`. */
export const requestsOf = async (scene: string): Promise<readonly string[]> => {
  const requests: string[] = [];
  await runScene(scene, (request) => {
    if (canBeKilled(scene, request)) requests.push(`${request.label} ${request.operation}`);
    return 'none';
  });
  return requests;
};

/** Kills it at the k-th such request of the scene, once. */
const killAt = (scene: string, place: number, when: (typeof deaths)[number]): ((request: Request) => Fault) => {
  let count = -1;
  return (request) => {
    if (!canBeKilled(scene, request)) return 'none';
    count += 1;
    return count === place ? when : 'none';
  };
};

const whoseIs = (request = ''): string => request.slice(0, request.lastIndexOf(' '));

/** What is wrong after each of these kills, in words; one after another, as they are asked for. */
export async function* violationsAfterKills(scene: string, when: (typeof deaths)[number]): AsyncGenerator<string> {
  const requests = await requestsOf(scene);
  for (const [place, request] of requests.entries()) {
    // Between two writes of one invocation nothing is other than after the first.
    if (when === 'died-before' && writersOnly(scene) && whoseIs(requests[place - 1]) === whoseIs(request)) continue;
    // Whether a read was answered or never sent, what is there is the same.
    if (when === 'died-after' && / (Query|BatchGetItem|ListTransfers|Scan|DescribeTable)$/.test(request)) continue;
    const violations = violationsOf(await runScene(scene, killAt(scene, place, when)));
    if (violations.length > 0) yield `${when} request ${place} of "${scene}", ${request}: ${violations.join('; ')}`;
  }
}
