import { Command } from 'commander';
import { stageNamed } from '#infra/stages.ts';
import { confirm } from './confirm.ts';
import { runCdk } from './run-cdk.ts';
import { readTemplate, stacksOf } from './stack-template.ts';
import { whatStays } from './what-stays.ts';

interface DestroyOptions {
  readonly stage: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

const destroy = async ({ stage, yes, dryRun }: DestroyOptions): Promise<void> => {
  const { name } = stageNamed(stage);
  const folder = `.build/cdk-${name}`;
  await runCdk('synth', '--quiet', '--context', `stage=${name}`, '--output', folder);
  const { data, service, edge } = stacksOf(name);
  const count = (stack: string): number => Object.keys(readTemplate(folder, stack).Resources).length;
  console.log(`\n${edge} goes, ${count(edge)} resources: the distribution and its firewall.`);
  console.log(`${service} goes, ${count(service)} resources: the API, its functions, schedules and workflows.`);
  console.log(`${data} stays, and is protected against deletion. In it, and kept even if you delete it by hand:`);
  for (const line of whatStays(readTemplate(folder, data))) console.log(`  ${line}`);
  console.log('Open approvals wait until the service is deployed again; their workflows end and are started anew.');
  if (dryRun) return;
  if (!yes && !(await confirm('', name))) return console.log('Nothing was destroyed.');
  await runCdk('destroy', edge, service, '--app', folder, '--exclusively', '--force');
};

const command = new Command('npm run destroy --')
  .description('Takes a stage’s service away, and names what stays.')
  .requiredOption('--stage <name>', 'one of infra/stages.ts')
  .option('--yes', 'do not ask', false)
  .option('--dry-run', 'say it only', false)
  .allowExcessArguments(false)
  .parse();

try {
  await destroy(command.opts<DestroyOptions>());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
