import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { StoredEvent } from '#shared/core/history.ts';

/** A stored event as the table's stream brings it. */
export const recordOf = (event: StoredEvent): DynamoDBRecord => {
  const item = { pk: event.subject, sk: `event#${String(event.seq).padStart(8, '0')}`, kind: 'event', ...event };
  // Both packages mean DynamoDB's own JSON.
  const NewImage = marshall(item) as Record<string, AttributeValue> as NonNullable<
    DynamoDBRecord['dynamodb']
  >['NewImage'];
  return {
    eventName: 'INSERT',
    dynamodb: { Keys: { pk: { S: item.pk }, sk: { S: item.sk } }, SequenceNumber: String(event.seq), NewImage },
  } as DynamoDBRecord;
};
