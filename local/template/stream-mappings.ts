import * as z from 'zod';
import { account, type CloudResource, region } from './cloud.ts';
import type { StreamMappingDescription } from './system.ts';

const Properties = z.looseObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.coerce.number().default(100),
  StartingPosition: z.literal('TRIM_HORIZON'),
  ParallelizationFactor: z.literal(1).default(1),
  BisectBatchOnFunctionError: z.coerce.boolean().default(false),
  MaximumRetryAttempts: z.coerce.number().default(-1),
  FunctionResponseTypes: z.array(z.string()).default([]),
  FilterCriteria: z.looseObject({ Filters: z.array(z.looseObject({ Pattern: z.string() })) }).optional(),
  DestinationConfig: z.looseObject({ OnFailure: z.looseObject({ Destination: z.string() }) }).optional(),
});

export const readStreamMappings = (resources: readonly CloudResource[]): readonly StreamMappingDescription[] =>
  resources.map(({ logicalId, properties }) => {
    const mapping = Properties.parse(properties);
    const [, tableName] = /:table\/([^/]+)\/stream\//.exec(mapping.EventSourceArn) ?? [];
    if (tableName === undefined) {
      throw new Error(`The laptop reads streams of tables only, not ${mapping.EventSourceArn} (${logicalId}).`);
    }
    const functionArn = mapping.FunctionName.startsWith('arn:')
      ? mapping.FunctionName
      : `arn:aws:lambda:${region}:${account}:function:${mapping.FunctionName}`;
    const deadLetterArn = mapping.DestinationConfig?.OnFailure.Destination;
    return {
      id: logicalId,
      tableName,
      functionArn,
      batchSize: mapping.BatchSize,
      patterns: mapping.FilterCriteria?.Filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown) ?? [],
      reportsItemFailures: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      bisects: mapping.BisectBatchOnFunctionError,
      maximumRetries: mapping.MaximumRetryAttempts === -1 ? Number.POSITIVE_INFINITY : mapping.MaximumRetryAttempts,
      ...(deadLetterArn && { deadLetterArn }),
    };
  });
