import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Role } from '#shared/core/caller.ts';

export interface PersonaRecord {
  /** `usr_…`. */
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly partnerId?: string | undefined;
  /** The system's time as an instant. */
  readonly now: string;
}

export interface StoredPersona {
  readonly role: string;
  readonly partnerId?: string | undefined;
}

/** Writes our own record of a person unless there is one, and answers what is then stored. */
export const ensurePersonaRecord = async (
  client: DynamoDBClient,
  tableName: string,
  { id, email, role, partnerId, now }: PersonaRecord,
): Promise<StoredPersona> => {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const key = { pk: id, sk: 'user' };
  const item = { ...key, id, email, role, partnerId, status: 'active', version: 1, createdAt: now, updatedAt: now };
  try {
    await documents.send(
      new PutCommand({ TableName: tableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
    return { role, partnerId };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const { Item = {} } = await documents.send(
      new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
    );
    return { role: String(Item.role), partnerId: Item.partnerId === undefined ? undefined : String(Item.partnerId) };
  }
};
