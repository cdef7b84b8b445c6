import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { acknowledged } from './acknowledged.ts';
import { bundleFunctions } from './bundle.ts';
import { DataStack } from './data-stack.ts';
import { addDocsScript } from './docs-script.ts';
import { EdgeStack } from './edge-stack.ts';
import { functions } from './functions.ts';
import { ServiceStack } from './service-stack.ts';
import { stageNamed } from './stages.ts';

const bundles = '.build/functions';

const app = new App({
  outdir: process.env.CDK_OUTDIR ?? 'cdk.out',
  analyticsReporting: false,
  treeMetadata: false,
  // What the service uses cannot be removed from the data stack while it is in use.
  context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' },
});
const stage = stageNamed(app.node.tryGetContext('stage') ?? 'dev');

await bundleFunctions(functions, bundles);
await addDocsScript(bundles);

const data = new DataStack(app, `Tandem-${stage.name}-Data`, stage);
new ServiceStack(app, `Tandem-${stage.name}-Service`, {
  stage,
  data,
  codeOf: (name) => Code.fromAsset(`${bundles}/${name}`),
});
new EdgeStack(app, `Tandem-${stage.name}-Edge`, stage);

// The CDK's command line reads this from cdk.json; the laptop, which starts often and deploys nothing, goes without.
if (app.node.tryGetContext('checks') === true) {
  const { addChecks } = await import('./checks.ts');
  addChecks(app, stage.name, acknowledged);
}

app.synth();
