import { type DynamoDb, startDynamoDb } from '#local/dynamodb.ts';

let engine: DynamoDb | undefined;

/** One in-memory engine for the whole run. Workers are forked later and inherit where it is, so SDK clients are made as in the cloud. */
export const setup = async (): Promise<void> => {
  engine = await startDynamoDb({ runFolder: '.local/run' });
  process.env.AWS_ENDPOINT_URL_DYNAMODB = engine.endpoint;
  process.env.AWS_REGION = 'eu-central-1';
  process.env.AWS_ACCESS_KEY_ID = 'local';
  process.env.AWS_SECRET_ACCESS_KEY = 'local';
};

export const teardown = async (): Promise<void> => {
  await engine?.stop();
};
