import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rateClasses } from '#functions/http/rate-classes.ts';
import { type RunningLaptop, startLaptopProcess, tell } from './a-laptop.ts';

const patient = 300_000;
let laptop: RunningLaptop;
beforeAll(async () => {
  process.env.TANDEM_RATE_LIMITS = 'on';
  laptop = await startLaptopProcess('--ephemeral', '--empty');
}, patient);
afterAll(() => laptop.stop(), patient);

const tokenOf = async (partnerId: string): Promise<string> => {
  const { body } = await tell(laptop.url, '/local/token', { role: 'partner_member', partnerId });
  // The laptop's control answers this shape.
  return (body as { accessToken: string }).accessToken;
};

const readDeals = async (token: string): Promise<Response> => {
  const response = await fetch(`${laptop.url}/v1/deals`, { headers: { authorization: `Bearer ${token}` } });
  await response.arrayBuffer();
  return response;
};

const medianMs = async (token: string): Promise<number> => {
  const taken: number[] = [];
  for (let n = 0; n < 25; n += 1) {
    const before = performance.now();
    expect((await readDeals(token)).status).toBe(200);
    taken.push(performance.now() - before);
    await sleep(10);
  }
  return taken.toSorted((a, b) => a - b)[12] ?? 0;
};

/** Sends what is allowed at once, until nothing is left. */
const useUp = async (token: string): Promise<void> => {
  for (let sent = 0; sent < 4 * rateClasses.reads.limit; sent += 50) {
    const replies = await Promise.all(Array.from({ length: 50 }, () => readDeals(token)));
    if (replies.filter(({ status }) => status === 429).length > 25) return;
  }
};

/** Many times what its bucket gives back, until told to end; answers what it got. */
const flood = async (token: string, ended: () => boolean): Promise<readonly Response[]> => {
  const sent: Promise<Response>[] = [];
  while (!ended()) {
    sent.push(readDeals(token));
    await sleep(6);
  }
  return Promise.all(sent);
};

test(
  'when one partner floods the API, then it is refused, and another waits less than twice as long',
  async () => {
    const [loud, calm] = [await tokenOf('ptr_loud'), await tokenOf('ptr_calm')];
    // Until it has been busy for a while, the laptop is still loading functions.
    await useUp(loud);
    await medianMs(calm);
    const ratios: number[] = [];
    const replies: Response[] = [];
    // The machine has other things to do as well, now and then: the best of five rounds tells what the flood costs.
    for (let round = 0; round < 5; round += 1) {
      const alone = await medianMs(calm);
      await useUp(loud);
      let ended = false;
      const flooding = flood(loud, () => ended);
      ratios.push((await medianMs(calm)) / alone);
      ended = true;
      replies.push(...(await flooding));
      if (Math.min(...ratios) < 2) break;
    }
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused.length / replies.length).toBeGreaterThan(0.5);
    expect(replies.filter(({ status }) => status !== 429 && status !== 200)).toEqual([]);
    const told = ({ headers }: Response) =>
      ['retry-after', 'ratelimit', 'ratelimit-policy'].map((it) => headers.get(it));
    const { limit, windowSeconds } = rateClasses.reads;
    for (const reply of refused) {
      expect(told(reply)).toEqual(['1', '"reads";r=0;t=1', `"reads";q=${limit};w=${windowSeconds}`]);
    }
    expect(Math.min(...ratios)).toBeLessThan(2);
  },
  patient,
);
