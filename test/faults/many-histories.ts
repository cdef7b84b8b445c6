import { violationsOf } from './all-oracles.ts';
import { runHistory } from './history.ts';
import type { Plot } from './plots.ts';

/** How many of each plot are played in every run: one of deals takes a third of the time of the others. */
const inEveryRun = { deals: '1000', money: '300', payouts: '200', health: '200' } as const;

/** Which seeds this run plays: `SEED` alone, or `HISTORIES` of them from `FIRST_SEED` on. */
const seeds = (plot: Plot): readonly number[] => {
  const { SEED, HISTORIES = inEveryRun[plot], FIRST_SEED = '1' } = process.env;
  if (SEED !== undefined) return [Number(SEED)];
  return Array.from({ length: Number(HISTORIES) }, (_, at) => Number(FIRST_SEED) + at);
};

/** Plays this half of the histories of a plot; the two halves run side by side. */
export const playHalf = async (
  half: 0 | 1,
  plot: Plot,
): Promise<{ readonly failed: readonly string[]; readonly share: number }> => {
  const mine = seeds(plot).filter((seed) => seed % 2 === half);
  const failed: string[] = [];
  let requests = 0;
  let faulted = 0;
  for (const seed of mine) {
    const { recording, counts } = await runHistory(seed, { plot });
    requests += counts.requests;
    faulted += counts.faulted;
    const violations = violationsOf(recording);
    if (violations.length === 0) continue;
    failed.push(`${violations.join('\n')}\nreplay: SEED=${seed} npx vitest run test/faults/histories -t ${plot}`);
    // One is enough to look at, and the next ones may be the same.
    break;
  }
  return { failed, share: requests === 0 ? 1 : faulted / requests };
};
