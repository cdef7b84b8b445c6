import { appendFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createStatesEngine } from '#local/states/states-engine.ts';

/*
 * An engine in a process of its own, for tests that kill it. What it is given comes as JSON in the last argument.
 * Its clock goes from deadline to deadline; with nothing left to do it ends by itself, with exit code 0.
 */

export interface EngineProcessInput {
  readonly databasePath: string;
  /** Each Lambda call is written here as a line of JSON, before it answers. */
  readonly callsPath: string;
  readonly machine: { readonly arn: string; readonly name: string; readonly definition: string };
  readonly start: number;
  /** Dies right after so many commits; absent: does not die by itself. */
  readonly dieAfterCommits?: number;
  /** Dies in the first call of this function, after its line is written. */
  readonly dieIn?: string;
  /** Does not move the clock and does not end: the test kills it. */
  readonly stays?: boolean;
}

const input = JSON.parse(process.argv.at(-1) ?? '{}') as EngineProcessInput;
const die = () => process.kill(process.pid, 'SIGKILL');

if (input.dieAfterCommits !== undefined) {
  const { exec } = DatabaseSync.prototype;
  let commits = 0;
  DatabaseSync.prototype.exec = function (sql: string) {
    exec.call(this, sql);
    if (sql === 'COMMIT') commits += 1;
    if (commits === input.dieAfterCommits) die();
  };
}

const lambdas: Readonly<Record<string, (payload: never) => unknown>> = {
  ask: () => 'asked',
  flaky: (count: number) => {
    if (count < 2) throw Object.assign(new Error('not yet'), { name: 'Busy' });
    return 'worked';
  },
  double: (n: number) => n * 2,
};

let now = input.start;
const engine = createStatesEngine({
  databasePath: input.databasePath,
  now: () => now,
  random: () => 1,
  invoke: async (arn, payload) => {
    const name = arn.split(':').at(-1) ?? '';
    appendFileSync(input.callsPath, `${JSON.stringify({ name, payload })}\n`);
    if (name === input.dieIn) die();
    return lambdas[name]?.(payload as never);
  },
  machines: [input.machine],
});

const { url } = await engine.listen(0);
await fetch(url, {
  method: 'POST',
  headers: { 'x-amz-target': 'AWSStepFunctions.StartExecution' },
  body: JSON.stringify({ stateMachineArn: input.machine.arn, name: 'one', input: '{}' }),
});
await engine.idle();
if (input.stays) {
  appendFileSync(input.callsPath, `${JSON.stringify({ name: 'idle' })}\n`);
} else {
  for (let next = engine.nextDeadline(); next !== undefined; next = engine.nextDeadline()) {
    now = Math.max(now, next);
    await engine.fireDue(now);
    await engine.idle();
  }
  await engine.close();
}
