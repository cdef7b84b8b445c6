import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { StoredEvent } from '#shared/core/history.ts';

/** The stored event that a record of the table's stream tells of; undefined when it tells of something else. */
export const eventOf = (record: DynamoDBRecord): StoredEvent | undefined => {
  const image = record.dynamodb?.NewImage;
  if (record.eventName !== 'INSERT' || !image?.sk?.S?.startsWith('event#')) return undefined;
  // The stream's images are DynamoDB's own JSON; the two packages only name its types differently.
  const { pk: _pk, sk: _sk, kind: _kind, ...told } = unmarshall(image as Parameters<typeof unmarshall>[0]);
  return StoredEvent.parse(told);
};
