import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).optional(),
  DeletionPolicy: z.string().optional(),
});

/** As much of a CloudFormation template as is needed to tell people about it. */
export const StackTemplate = z.looseObject({ Resources: z.record(z.string(), Resource).default({}) });
export type StackTemplate = z.infer<typeof StackTemplate>;

export const emptyTemplate: StackTemplate = { Resources: {} };

export const stacksOf = (stage: string): Readonly<Record<'data' | 'service' | 'edge', string>> => ({
  data: `Tandem-${stage}-Data`,
  service: `Tandem-${stage}-Service`,
  edge: `Tandem-${stage}-Edge`,
});

/** The template of a stack in a folder that the CDK has written. */
export const readTemplate = (folder: string, stack: string): StackTemplate =>
  StackTemplate.parse(JSON.parse(readFileSync(join(folder, `${stack}.template.json`), 'utf8')));
