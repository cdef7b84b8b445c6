import * as z from 'zod';
import type { CloudResource } from './cloud.ts';
import type { EventRuleDescription } from './system.ts';

const Properties = z.looseObject({
  EventBusName: z.undefined({ error: 'The laptop has the default event bus only.' }).optional(),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(
    z.strictObject({
      Id: z.string(),
      Arn: z.string().startsWith('arn:aws:lambda:'),
      DeadLetterConfig: z.unknown().optional(),
      RetryPolicy: z.unknown().optional(),
    }),
  ),
});

export const readEventRules = (resources: readonly CloudResource[]): readonly EventRuleDescription[] =>
  resources.flatMap(({ logicalId, properties }) => {
    const { EventPattern, State, Targets } = Properties.parse(properties);
    if (State === 'DISABLED') return [];
    return Targets.map(({ Arn }) => ({ id: logicalId, pattern: EventPattern, functionArn: Arn }));
  });
