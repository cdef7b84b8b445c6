import { deployedTemplate, outputOf } from './deployed-stack.ts';
import { idleCost, tellCost } from './idle-cost.ts';
import { runCdk } from './run-cdk.ts';
import { runStageCommand, type SynthesizedStage } from './run-stage-command.ts';
import { emptyTemplate, readTemplate } from './stack-template.ts';
import { changesBetween, tellChanges } from './template-changes.ts';

const tell = async ({ folder, data, service, edge }: SynthesizedStage): Promise<void> => {
  const stacks = [data, service, edge];
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

const deploy = async ({ name, folder, data, service, edge }: SynthesizedStage): Promise<void> => {
  const asShown = ['--app', folder, '--exclusively', '--require-approval', 'never'];
  await runCdk('deploy', data, service, ...asShown);
  // Only now the API has a domain, which the distribution must know.
  const apiDomain = await outputOf(service, 'ApiDomain');
  await runCdk('deploy', edge, ...asShown, '--parameters', `${edge}:ApiDomain=${apiDomain}`);
  console.log(`\n${name} is at ${await outputOf(edge, 'Url')}`);
};

await runStageCommand({
  name: 'deploy',
  description: 'Says what deploying a stage would change and cost, asks, and does it.',
  tell,
  act: deploy,
  declined: 'Nothing was deployed.',
});
