import { spawn } from 'node:child_process';

/** One command of a check, which says yes or no by how it ends. */
export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** What is set for it beside the environment of all. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Whether it ended with 0; what cannot be started did not. */
export const runStep = ({ name, command, settings = {} }: Step): Promise<boolean> =>
  new Promise((resolve) => {
    const words = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
    console.log(`\n== ${name}: ${[...words, ...command].join(' ')}`);
    const [program = '', ...options] = command;
    const child = spawn(program, options, { stdio: 'inherit', env: { ...process.env, ...settings } });
    child.once('error', (error) => {
      console.error(`${program} cannot be started: ${error.message}. Run \`npm ci\` first.`);
      resolve(false);
    });
    child.once('exit', (code) => resolve(code === 0));
  });

/** Every step runs, whatever the others said; then a line for each. Answers how each ended. */
export const runSteps = async (steps: readonly Step[], run = runStep): Promise<readonly boolean[]> => {
  const results: boolean[] = [];
  for (const step of steps) results.push(await run(step));
  for (const [at, { name }] of steps.entries()) console.log(`${results[at] ? 'ok    ' : 'FAILED'} ${name}`);
  return results;
};
