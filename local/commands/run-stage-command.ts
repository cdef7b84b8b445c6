import { Command } from 'commander';
import { stageNamed } from '#infra/stages.ts';
import { confirm } from './confirm.ts';
import { runCdk } from './run-cdk.ts';
import { runCommand } from './run-command.ts';
import { stacksOf } from './stack-template.ts';

/** A stage as the CDK has just written it: its name, the folder of its templates, and what its stacks are called. */
export type SynthesizedStage = ReturnType<typeof stacksOf> & { readonly name: string; readonly folder: string };

interface StageCommand {
  readonly name: string;
  readonly description: string;
  /** Says what would be done. */
  readonly tell: (stage: SynthesizedStage) => Promise<void>;
  readonly act: (stage: SynthesizedStage) => Promise<void>;
  /** What to say when whoever was asked does not want it. */
  readonly declined: string;
}

interface Options {
  readonly stage: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

/** A command that changes what AWS runs: it says first what it would do, and asks. */
export const runStageCommand = ({ name, description, tell, act, declined }: StageCommand): Promise<void> =>
  runCommand(
    new Command(`npm run ${name} --`)
      .description(description)
      .requiredOption('--stage <name>', 'one of infra/stages.ts')
      .option('--yes', 'do not ask', false)
      .option('--dry-run', 'say it only', false)
      .action(async ({ stage, yes, dryRun }: Options) => {
        const { name } = stageNamed(stage);
        const folder = `.build/cdk-${name}`;
        await runCdk('synth', '--quiet', '--context', `stage=${name}`, '--output', folder);
        const synthesized = { name, folder, ...stacksOf(name) };
        await tell(synthesized);
        if (dryRun) return;
        if (yes || (await confirm('', name))) await act(synthesized);
        else console.log(declined);
      }),
  );
