import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { TableDescription } from './template/system.ts';

/** Whatever happens, happens in the program table: only it tells what changes. */
export const programTableOf = (tables: readonly TableDescription[]): string | undefined =>
  tables.find(({ create }) => create.StreamSpecification)?.name;

export const activityTableOf = (tables: readonly TableDescription[]): string | undefined =>
  tables.find(({ create }) => !create.StreamSpecification)?.name;

/** Makes the tables of the template that are not there yet. */
export const createTables = async (client: DynamoDBClient, tables: readonly TableDescription[]): Promise<void> => {
  for (const { name, create } of tables) {
    try {
      await client.send(new CreateTableCommand(create));
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
    }
    await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.02, maxDelay: 0.2 }, { TableName: name });
  }
};
