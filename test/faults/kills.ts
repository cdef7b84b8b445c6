import { violationsOf } from './all-oracles.ts';
import type { Fault, Request } from './fault.ts';
import { canBeKilled, lostFrom, runScene, writersOnly } from './scripted-history.ts';
import type { Invocation } from './world.ts';

export const deaths = ['died-before', 'died-after'] as const;

interface Chance {
  /** `label operation`. */
  readonly request: string;
  /** Whether it is the first of its invocation. */
  readonly isFirst: boolean;
}

/** Every request in a scene of whoever can be killed. */
export const chancesIn = async (scene: string): Promise<readonly Chance[]> => {
  const chances: Chance[] = [];
  const seen = new Set<Invocation>();
  await runScene(scene, (request, by) => {
    if (!canBeKilled(scene, request)) return 'none';
    chances.push({ request: `${request.label} ${request.operation}`, isFirst: !seen.has(by) });
    seen.add(by);
    return 'none';
  });
  return chances;
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

/** Whoever else is asked may know of what the table does not. */
const asksOthers = / (ListTransfers|CreateTransfer|GetObject|CopyObject|PutObject)$/;

/** What is wrong after each of these kills, in words; one after another, as they are asked for. */
export async function* violationsAfterKills(scene: string, when: (typeof deaths)[number]): AsyncGenerator<string> {
  const chances = await chancesIn(scene);
  for (const [place, { request, isFirst }] of chances.entries()) {
    // Between two writes of one invocation nothing is other than after the first.
    if (when === 'died-before' && writersOnly(scene) && !isFirst && !asksOthers.test(request)) continue;
    // Whether a read was answered or never sent, what is there is the same.
    if (when === 'died-after' && / (Query|BatchGetItem|ListTransfers|Scan|DescribeTable|GetObject)$/.test(request))
      continue;
    const recording = await runScene(scene, killAt(scene, place, when));
    const violations = [...violationsOf(recording), ...lostFrom(scene, recording)];
    if (violations.length > 0) yield `${when} request ${place} of "${scene}", ${request}: ${violations.join('; ')}`;
  }
}
