import { runCdk } from './run-cdk.ts';
import { runStageCommand, type SynthesizedStage } from './run-stage-command.ts';
import { readTemplate } from './stack-template.ts';
import { whatStays } from './what-stays.ts';

const tell = async ({ folder, data, service, edge }: SynthesizedStage): Promise<void> => {
  const count = (stack: string): number => Object.keys(readTemplate(folder, stack).Resources).length;
  console.log(`\n${edge} goes, ${count(edge)} resources: the distribution and its firewall.`);
  console.log(`${service} goes, ${count(service)} resources: the API, its functions, schedules and workflows.`);
  console.log(`${data} stays, and is protected against deletion. In it, and kept even if you delete it by hand:`);
  for (const line of whatStays(readTemplate(folder, data))) console.log(`  ${line}`);
  console.log('Open approvals wait until the service is deployed again; their workflows end and are started anew.');
};

await runStageCommand({
  name: 'destroy',
  description: 'Takes a stage’s service away, and names what stays.',
  tell,
  act: ({ folder, service, edge }) => runCdk('destroy', edge, service, '--app', folder, '--exclusively', '--force'),
  declined: 'Nothing was destroyed.',
});
