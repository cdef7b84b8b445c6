import { documents } from '#shared/platform/table.ts';

/** At which of its requests to the table a worker dies, and on which side of it. */
export interface Death {
  readonly at: number;
  readonly when: 'before' | 'after';
}

const killed = new Error('The worker was killed.');
let death: Death | undefined;
let requests = 0;

// Outside the SDK's retries: who is dead does not try again.
documents.middlewareStack.add(
  (next) => async (request) => {
    if (death === undefined) return next(request);
    requests += 1;
    // Nothing that it still had under way is sent either.
    if (requests > death.at || (requests === death.at && death.when === 'before')) throw killed;
    const answer = await next(request);
    if (requests >= death.at) throw killed;
    return answer;
  },
  { step: 'initialize', name: 'kill' },
);

/** Runs until it is killed; whether it was. Throws what it throws by itself. */
export const die = async (at: Death, work: () => Promise<unknown>): Promise<boolean> => {
  [death, requests] = [at, 0];
  try {
    await work();
    return requests >= at.at;
  } catch (error) {
    // What is lost on the way out of a dead worker nobody hears of.
    if (requests < at.at) throw error;
    return true;
  } finally {
    death = undefined;
  }
};
