import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { CloudResource } from './cloud.ts';
import type { TableDescription } from './system.ts';

/** CloudFormation names the parts of a table as CreateTable does; only whether there is a stream is said twice there. */
export const readTables = (resources: readonly CloudResource[]): readonly TableDescription[] =>
  resources.map(({ ref, arn, properties }) => {
    // What is wrong in it, the engine refuses by name.
    const given = properties as unknown as Partial<CreateTableCommandInput>;
    const stream = given.StreamSpecification?.StreamViewType;
    const create: CreateTableCommandInput = {
      TableName: ref,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: given.KeySchema,
      AttributeDefinitions: given.AttributeDefinitions,
      ...(given.GlobalSecondaryIndexes && { GlobalSecondaryIndexes: given.GlobalSecondaryIndexes }),
      ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
    };
    return { arn, name: ref, create };
  });
