import * as z from 'zod';
import { isKnownOperator, type Statement } from '#local/functions/policy.ts';
import type { CloudResource } from './cloud.ts';

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((some) => [some].flat());

const Properties = z.looseObject({
  Roles: z.array(z.string()),
  PolicyDocument: z.looseObject({
    Statement: z.array(
      z.strictObject({
        Sid: z.string().optional(),
        Effect: z.literal('Allow'),
        Action: oneOrMore,
        Resource: oneOrMore,
        Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).default({}),
      }),
    ),
  }),
});

/** What each role may do, by the name of the role. Throws at a condition that the laptop does not know. */
export const readPolicies = (resources: readonly CloudResource[]): ReadonlyMap<string, readonly Statement[]> => {
  const byRole = new Map<string, Statement[]>();
  for (const { logicalId, properties } of resources) {
    const { Roles, PolicyDocument } = Properties.parse(properties);
    const statements = PolicyDocument.Statement.map(({ Action, Resource, Condition }): Statement => {
      const unknown = Object.keys(Condition).find((operator) => !isKnownOperator(operator));
      if (unknown)
        throw new Error(`The laptop does not know the condition ${unknown} of ${logicalId}: teach it in policy.ts.`);
      return { actions: Action, resources: Resource, conditions: Condition };
    });
    for (const role of Roles) byRole.set(role, [...(byRole.get(role) ?? []), ...statements]);
  }
  return byRole;
};
