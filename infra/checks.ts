import { createHash } from 'node:crypto';
import { type App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import type { Acknowledged } from './acknowledged.ts';

/** AWS's rules for well-built and for serverless systems. */
export const packsFor = (app: App): readonly NagPack[] => [new AwsSolutionsChecks(app), new ServerlessChecks(app)];

const placeOf = (resource: CfnResource): string => resource.node.path.slice(Stack.of(resource).node.path.length + 1);

/** What the CDK calls the export of a thing's ARN: made of what it points to, as its own ids are. */
const exportOfArn = (id: string): string => {
  const path = `Exports/Output${JSON.stringify({ 'Fn::GetAtt': [id, 'Arn'] })}`;
  const mark = createHash('md5').update(path).digest('hex').slice(0, 8).toUpperCase();
  return `ExportsOutputFnGetAtt${id}Arn${mark}`;
};

/** A finding names what lies in the data stack by its own id or, where stacks are tied by exports, by that of its export. */
const namesOf = (rule: string, stage: string): readonly string[] => [
  rule,
  rule.replace(/<(\w+)\.Arn>/, (_, id: string) => `Tandem-${stage}-Data:${exportOfArn(id)}`),
];

/** Lays the acknowledgements on the resources there are: call it when all stacks are made. */
export const acknowledge = (app: App, stage: string, acknowledged: readonly Acknowledged[]): void => {
  const resources = app.node.findAll().filter((node) => CfnResource.isCfnResource(node));
  for (const { rules, where, stage: only, reason } of acknowledged) {
    if (only !== undefined && only !== stage) continue;
    for (const resource of resources.filter((each) => where.test(placeOf(each)))) {
      for (const id of new Set(rules.flatMap((rule) => namesOf(rule, stage))))
        Validations.of(resource).acknowledge({ id, reason });
    }
  }
};

/** Has the packs run when the app is synthesized, which fails at every finding that is not acknowledged. */
export const addChecks = (app: App, stage: string, acknowledged: readonly Acknowledged[]): void => {
  acknowledge(app, stage, acknowledged);
  Validations.of(app).addPlugins(...packsFor(app));
};
