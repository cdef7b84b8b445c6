import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { edgeRegion } from '#infra/edge-region.ts';
import { emptyTemplate, StackTemplate } from './stack-template.ts';

/** The edge is always in one region, everything else in that of whoever deploys. */
const clientFor = (stack: string): CloudFormationClient =>
  new CloudFormationClient(stack.endsWith('-Edge') ? { region: edgeRegion } : {});

/** What is deployed now; undefined when AWS cannot be asked. */
export const deployedTemplate = async (stack: string): Promise<StackTemplate | undefined> => {
  try {
    const { TemplateBody } = await clientFor(stack).send(
      new GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' }),
    );
    return StackTemplate.parse(JSON.parse(TemplateBody ?? '{}'));
  } catch (error) {
    return error instanceof Error && /does not exist/.test(error.message) ? emptyTemplate : undefined;
  }
};

/** What a deployed stack says of itself. Throws, naming it, when it does not say that. */
export const outputOf = async (stack: string, name: string): Promise<string> => {
  const { Stacks } = await clientFor(stack).send(new DescribeStacksCommand({ StackName: stack }));
  const value = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
  if (value === undefined) throw new Error(`${stack} has no output ${name}.`);
  return value;
};
