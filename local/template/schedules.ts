import * as z from 'zod';
import type { CloudResource } from './cloud.ts';
import type { ScheduleDescription } from './system.ts';

const Properties = z.looseObject({
  Name: z.string().optional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.enum(['UTC', 'Etc/UTC']).default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.looseObject({
    Arn: z.string().startsWith('arn:aws:lambda:'),
    Input: z.string().default('{}'),
  }),
});

export const readSchedules = (resources: readonly CloudResource[]): readonly ScheduleDescription[] =>
  resources.flatMap(({ logicalId, properties }) => {
    const { Name, ScheduleExpression, State, Target } = Properties.parse(properties);
    if (State === 'DISABLED') return [];
    return [{ name: Name ?? logicalId, expression: ScheduleExpression, functionArn: Target.Arn, input: Target.Input }];
  });
