import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const diff = (...args: readonly string[]) => run(process.execPath, ['local/commands/program.ts', 'diff', ...args]);

const example = 'examples/program.yaml';
const scratch = mkdtempSync(join(tmpdir(), 'tandem-diff-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const changed = (name: string, ...changes: readonly (readonly [from: string, to: string])[]): string => {
  const path = join(scratch, `${name}.yaml`);
  const text = changes.reduce(
    (file, [from, to]) => {
      if (!file.includes(from)) throw new Error(`The example has no ${from}.`);
      return file.replace(from, to);
    },
    readFileSync(example, 'utf8'),
  );
  writeFileSync(path, text);
  return path;
};

describe('when two program files are compared', () => {
  test('then what changes is said in words, and what partners lose by is marked', async () => {
    const path = changed('less', ['clawbackDays: 90', 'clawbackDays: 120'], ['sharePercent: 50', 'sharePercent: 60']);
    const { stdout } = await diff(example, path);
    expect(stdout.split('\n')).toEqual([
      'takes away  clawback days (incentives): from 90 to 120',
      '            share percent (MDF): from 50 to 60',
      '2 changes; 1 of which takes something away from partners, so it needs 30 days’ notice.',
      '',
    ]);
  });

  test('then nothing, and what only gives, need no notice', async () => {
    expect((await diff(example, example)).stdout).toBe('Nothing changes.\n');
    const path = changed('more', ['sharePercent: 50', 'sharePercent: 60']);
    expect((await diff(example, path)).stdout).toContain(
      '1 change; none takes anything away from partners, so it may take effect at once.',
    );
  });

  test('then machines get the same', async () => {
    const path = changed('machine', ['clawbackDays: 90', 'clawbackDays: 120']);
    const { stdout } = await diff(example, path, '--json');
    expect(JSON.parse(stdout)).toEqual({
      before: example,
      after: path,
      takesAway: true,
      changes: [
        { path: 'incentives.clawbackDays', text: 'clawback days (incentives): from 90 to 120', takesAway: true },
      ],
    });
  });

  test('then every fault of either file is named with its place, and the command ends with 1', async () => {
    const path = changed('bad', ['clawbackDays: 90', 'clawbackDays: soon'], ['sharePercent: 50', 'sharePercent: 101']);
    const failed = await diff('nowhere.yaml', path).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    const { stderr } = failed as { readonly stderr: string };
    expect(stderr).toContain('nowhere.yaml: There is no such file.');
    expect(stderr).toMatch(/bad\.yaml: The program file has 2 faults:\nline \d+, column 3: incentives\.clawbackDays/);
    expect(stderr).toMatch(/line \d+, column 3: mdf\.sharePercent/);
  });
});
