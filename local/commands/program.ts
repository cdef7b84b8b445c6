import { Command, InvalidArgumentError } from 'commander';
import { progressOn } from '#local/import/progress.ts';
import { backtest } from '#shared/earnings/backtest.ts';
import { changesBetweenPrograms } from '#shared/program/program-changes.ts';
import { readProgramFiles } from './read-program-file.ts';
import { recordsOf } from './records-of.ts';
import { type ItemSource, sourceOptions, storedItems } from './stored-items.ts';
import { tellBacktest } from './tell-backtest.ts';
import { tellProgramChanges } from './tell-program-changes.ts';

const mostQuarters = 40;

const quarterCount = (text: string): number => {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= mostQuarters) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${mostQuarters}.`);
};

const print = (lines: readonly string[]): void => console.log(lines.join('\n'));
const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

const command = new Command('npm run program --').description(
  'Compares program files, and replays the past under another one. Changes nothing. Ends with 1 when a file is faulty, naming every fault.',
);

command
  .command('diff')
  .description('what changes from one program file to another, in words, and what of it partners lose by')
  .argument('<before>')
  .argument('<after>')
  .option('--json', 'for machines')
  .action(async (before: string, after: string, { json }: { readonly json?: true }) => {
    const [was, is] = await readProgramFiles([before, after]);
    if (!was || !is) return;
    const changes = changesBetweenPrograms(was, is);
    if (json) printJson({ before, after, takesAway: changes.some(({ takesAway }) => takesAway), changes });
    else print(tellProgramChanges(changes));
  });

const replayed = command
  .command('backtest')
  .description(
    'what past quarters would have cost under another program file, and which partners would win or lose by it',
  )
  .argument('<program>', 'the other program file')
  .option('--quarters <number>', 'the last quarters that are over', quarterCount, 4)
  .option('--json', 'for machines: amounts in minor units');
for (const option of sourceOptions) replayed.addOption(option);
replayed.action(async (path: string, options: ItemSource & { readonly quarters: number; readonly json?: true }) => {
  const [program] = await readProgramFiles([path]);
  if (!program) return;
  const { quarters, json, ...source } = options;
  const records = await recordsOf(storedItems(source));
  const progress = progressOn(process.stderr);
  const { length } = records.deals;
  const onDeal = (done: number) => progress.tick(`${done} of ${length} deals replayed`);
  const result = backtest(records, program, { quarters, onDeal });
  progress.note(`${length} deals replayed`);
  if (json) printJson({ program: path, ...result });
  else print(tellBacktest(result));
});

try {
  await command.parseAsync(process.argv);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
