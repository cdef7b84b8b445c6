import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { startDynamoDb } from '#local/dynamodb.ts';
import { activityTable, programTable } from '#test/platform/dynamodb.ts';

/**
 * Amazon's engine with the two tables, empty, told to this process and its children by the environment, so that clients are made as
 * they are in the cloud. Answers how to stop it.
 */
export const startEngine = async (): Promise<() => Promise<void>> => {
  const engine = await startDynamoDb({ runFolder: '.local/run' });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    PROGRAM_TABLE: 'bench-program',
    ACTIVITY_TABLE: 'bench-activity',
    CURSOR_SECRET: 'bench',
    PAYEE_SECRET: 'bench',
    DOCUMENTS_BUCKET: 'bench-documents',
    POWERTOOLS_LOG_LEVEL: 'INFO',
  });
  const client = new DynamoDBClient({});
  for (const [TableName, schema] of [
    ['bench-program', programTable],
    ['bench-activity', activityTable],
  ] as const) {
    await client.send(new CreateTableCommand({ TableName, ...schema }));
    await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 0.02, maxDelay: 0.1 }, { TableName });
  }
  client.destroy();
  return engine.stop;
};
