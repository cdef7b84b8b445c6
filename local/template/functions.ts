import * as z from 'zod';
import type { Statement } from '#local/functions/policy.ts';
import type { CloudResource } from './cloud.ts';
import type { FunctionDescription } from './system.ts';

const Properties = z.looseObject({
  Handler: z.string(),
  Role: z.string(),
  Code: z.looseObject({ S3Key: z.string() }),
  Environment: z.looseObject({ Variables: z.record(z.string(), z.coerce.string()) }).optional(),
  // CloudFormation's own defaults.
  Timeout: z.coerce.number().default(3),
  MemorySize: z.coerce.number().default(128),
  ReservedConcurrentExecutions: z.coerce.number().optional(),
});

export const readFunctions = (
  resources: readonly CloudResource[],
  asset: (objectKey: string) => string,
  policies: ReadonlyMap<string, readonly Statement[]>,
): readonly FunctionDescription[] =>
  resources.map(({ ref, arn, properties }) => {
    const { Handler, Role, Code, Environment, Timeout, MemorySize, ReservedConcurrentExecutions } =
      Properties.parse(properties);
    return {
      name: ref,
      arn,
      folder: asset(Code.S3Key),
      handler: Handler,
      statements: policies.get(Role.slice(Role.lastIndexOf('/') + 1)) ?? [],
      environment: Environment?.Variables ?? {},
      timeoutSeconds: Timeout,
      memoryMb: MemorySize,
      ...(ReservedConcurrentExecutions !== undefined && { reservedConcurrency: ReservedConcurrentExecutions }),
    };
  });
