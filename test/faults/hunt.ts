import { violationsOf } from './all-oracles.ts';
import { prepare } from './environment.ts';
import { runHistory, startOf } from './history.ts';
import { deaths, violationsAfterKills } from './kills.ts';
import { type Plot, plots } from './plots.ts';
import { scenes } from './scripted-history.ts';

/** Looks for what is wrong in the code it stands in: so many seeds of each plot (`PLOT` for one of them alone), then every kill. Prints the first thing it finds, as JSON. */
const [seeds = 200] = process.argv.slice(2).map(Number);
const wanted = plots.filter((plot) => process.env.PLOT === undefined || plot === process.env.PLOT);

/** A history that cannot even come to its end has something wrong as well. */
const wrongIn = async (seed: number, plot: Plot): Promise<readonly string[]> => {
  try {
    return violationsOf((await runHistory(seed, { plot })).recording);
  } catch (error) {
    return [String(error)];
  }
};

async function* findings(): AsyncGenerator<string> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    for (const plot of wanted) {
      const [violation] = await wrongIn(seed, plot);
      if (violation) yield `seed ${seed} of ${plot}: ${violation}`;
    }
  }
  for (const scene of Object.keys(scenes)) for (const when of deaths) yield* violationsAfterKills(scene, when);
}

prepare();
for (const plot of wanted) await startOf(plot);
let found: string | undefined;
for await (const finding of findings()) {
  found = finding;
  break;
}
console.log(JSON.stringify({ found: found ?? null }));
