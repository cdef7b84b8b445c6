import { Command } from 'commander';
import { stageNamed } from '#infra/stages.ts';
import { confirm } from './confirm.ts';
import { deployedTemplate, outputOf } from './deployed-stack.ts';
import { idleCost, tellCost } from './idle-cost.ts';
import { runCdk } from './run-cdk.ts';
import { emptyTemplate, readTemplate, stacksOf } from './stack-template.ts';
import { changesBetween, tellChanges } from './template-changes.ts';

interface DeployOptions {
  readonly stage: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

const tell = async (folder: string, stacks: readonly string[]): Promise<void> => {
  const templates = stacks.map((stack) => readTemplate(folder, stack));
  for (const [index, stack] of stacks.entries()) {
    const before = await deployedTemplate(stack);
    const lines = tellChanges(changesBetween(before ?? emptyTemplate, templates[index] ?? emptyTemplate));
    console.log(`\n${stack}${before ? '' : ' (AWS cannot be asked what is there: told as if nothing were)'}`);
    for (const line of lines.length > 0 ? lines : ['nothing to do']) console.log(`  ${line}`);
  }
  console.log('\nWhat stands there costs, at list price:');
  for (const line of tellCost(idleCost(templates))) console.log(`  ${line}`);
};

const deploy = async ({ stage, yes, dryRun }: DeployOptions): Promise<void> => {
  const { name } = stageNamed(stage);
  const folder = `.build/cdk-${name}`;
  await runCdk('synth', '--quiet', '--context', `stage=${name}`, '--output', folder);
  const { data, service, edge } = stacksOf(name);
  await tell(folder, [data, service, edge]);
  if (dryRun) return;
  if (!yes && !(await confirm('', name))) return console.log('Nothing was deployed.');
  const asShown = ['--app', folder, '--exclusively', '--require-approval', 'never'];
  await runCdk('deploy', data, service, ...asShown);
  // Only now the API has a domain, which the distribution must know.
  const apiDomain = await outputOf(service, 'ApiDomain');
  await runCdk('deploy', edge, ...asShown, '--parameters', `${edge}:ApiDomain=${apiDomain}`);
  console.log(`\n${name} is at ${await outputOf(edge, 'Url')}`);
};

const command = new Command('npm run deploy --')
  .description('Says what deploying a stage would change and cost, asks, and does it.')
  .requiredOption('--stage <name>', 'one of infra/stages.ts')
  .option('--yes', 'do not ask', false)
  .option('--dry-run', 'say it only', false)
  .allowExcessArguments(false)
  .parse();

try {
  await deploy(command.opts<DeployOptions>());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
