import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

/** The least that anything on DynamoDB can be: the bare client, doing one PutItem. */
const client = new DynamoDBClient({});

export const handler = async (event: { readonly id: string }): Promise<{ readonly statusCode: number }> => {
  await client.send(
    new PutItemCommand({ TableName: process.env.PROGRAM_TABLE, Item: { pk: { S: event.id }, sk: { S: 'put' } } }),
  );
  return { statusCode: 200 };
};
