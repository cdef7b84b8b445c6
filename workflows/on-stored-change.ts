import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { StoredEvent } from '#shared/core/history.ts';
import { log } from '#shared/platform/logger.ts';
import { followEvent } from './follow-event.ts';

const eventOf = (record: DynamoDBRecord): StoredEvent | undefined => {
  const image = record.dynamodb?.NewImage;
  if (record.eventName !== 'INSERT' || !image?.sk?.S?.startsWith('event#')) return undefined;
  // The stream's images are DynamoDB's own JSON; the two packages only name its types differently.
  const { pk: _pk, sk: _sk, kind: _kind, ...told } = unmarshall(image as Parameters<typeof unmarshall>[0]);
  return StoredEvent.parse(told);
};

interface Failed {
  readonly itemIdentifier: string;
}

/** Follows the events of one subject in their order; stops at the first that fails, so that none overtakes it. */
const followSubject = async (records: readonly DynamoDBRecord[]): Promise<readonly Failed[]> => {
  for (const [index, record] of records.entries()) {
    try {
      const event = eventOf(record);
      if (event) await followEvent(event);
    } catch (error) {
      log.error('event not followed', { eventId: record.eventID ?? '', error: error as Error });
      return records.slice(index).map((it) => ({ itemIdentifier: it.dynamodb?.SequenceNumber ?? '' }));
    }
  }
  return [];
};

/**
 * The table's stream: whatever is stored is followed up. Subjects go side by side, the events of one subject one after another.
 * Everything that follows an event may happen twice; failures are reported item by item, and what keeps failing ends in the dead letters.
 */
export const handler = async (stream: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const subjects = Map.groupBy(stream.Records, (record) => record.dynamodb?.Keys?.pk?.S ?? '');
  const failed = await Promise.all([...subjects.values()].map(followSubject));
  return { batchItemFailures: failed.flat().map(({ itemIdentifier }) => ({ itemIdentifier })) };
};
