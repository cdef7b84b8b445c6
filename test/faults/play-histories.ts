import { violationsOf } from './all-oracles.ts';
import { prepare } from './environment.ts';
import { runHistory } from './history.ts';
import { plots } from './plots.ts';

/** Plays the histories of so many seeds from a first one on, and prints what came of them, as JSON. */
const [first = 1, histories = 0] = process.argv.slice(2, 4).map(Number);
const plot = plots.find((each) => each === process.argv[4]) ?? 'deals';

prepare();
const counts = { requests: 0, faulted: 0 };
const failed: string[] = [];
for (let seed = first; seed < first + histories; seed += 1) {
  const told = await runHistory(seed, { plot });
  counts.requests += told.counts.requests;
  counts.faulted += told.counts.faulted;
  const violations = violationsOf(told.recording);
  if (violations.length > 0) failed.push(`SEED=${seed} of ${plot}: ${violations.join('; ')}`);
}
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ plot, first, histories, ...counts, failed, cpuSeconds: (user + system) / 1e6 }));
