import { Command } from 'commander';
import { stageNamed } from '#infra/stages.ts';
import { checkupsOf, examine } from './checkups.ts';
import { runCommand } from './run-command.ts';

await runCommand(
  new Command('npm run doctor --')
    .description('Looks at what a deployment needs, one line each, and ends with 1 when something is to be mended.')
    .option('--stage <name>', 'one of infra/stages.ts, whose sender of mails is looked at', 'dev')
    .action(async ({ stage }: { readonly stage: string }) => {
      const { lines, well } = await examine(checkupsOf(stageNamed(stage)));
      for (const line of lines) console.log(line);
      // What did not answer in time may still be asked.
      process.exit(well ? 0 : 1);
    }),
);
