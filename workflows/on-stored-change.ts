import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { StoredEvent } from '#shared/core/history.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { log } from '#shared/platform/logger.ts';
import { countFailure, listParked, type Parked, unpark } from '#shared/platform/parked-store.ts';
import { eventOf } from './event-of.ts';
import { followEvent } from './follow-event.ts';
import type { ScheduleEvent } from './sweep.ts';

interface Failed {
  readonly itemIdentifier: string;
}

/** Follows one event; answers whether the stream may go on behind it, because it is followed, or parked after failing too often. */
const follow = async (record: DynamoDBRecord): Promise<boolean> => {
  let event: StoredEvent | undefined;
  try {
    event = eventOf(record);
    if (event) await followEvent(event);
    return true;
  } catch (error) {
    log.error('event not followed', { eventId: record.eventID ?? '', error: error as Error });
    return event ? countFailure(event).catch(() => false) : false;
  }
};

/** Follows the events of one subject in their order; stops at the first that fails, so that none overtakes it before it is parked. */
const followSubject = async (records: readonly DynamoDBRecord[]): Promise<readonly Failed[]> => {
  for (const [index, record] of records.entries()) {
    if (await follow(record)) continue;
    return records.slice(index).map((it) => ({ itemIdentifier: it.dynamodb?.SequenceNumber ?? '' }));
  }
  return [];
};

const followStream = async (stream: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const subjects = Map.groupBy(stream.Records, (record) => record.dynamodb?.Keys?.pk?.S ?? '');
  const failed = await Promise.all([...subjects.values()].map(followSubject));
  return { batchItemFailures: failed.flat().map(({ itemIdentifier }) => ({ itemIdentifier })) };
};

/** What fails again stays parked; the alarm on this line tells people. */
const followAgain = async (parked: Parked, now: string): Promise<void> => {
  try {
    const [event] = await listEvents(parked.subject, parked.seq, 1);
    if (event) await followEvent(event);
    await unpark(parked, now);
  } catch (error) {
    log.error('parked event not followed', { subject: parked.subject, seq: parked.seq, error: error as Error });
  }
};

const followParked = async (now: string): Promise<DynamoDBBatchResponse> => {
  for (const parked of await listParked()) await followAgain(parked, now);
  return { batchItemFailures: [] };
};

/**
 * The table's stream: whatever is stored is followed up. Subjects go side by side, the events of one subject one after another.
 * Everything that follows an event may happen twice; what keeps failing is parked and tried again by a schedule, and only what
 * cannot even be read, or ends the function, goes to the dead letters.
 */
export const handler = (input: DynamoDBStreamEvent | ScheduleEvent): Promise<DynamoDBBatchResponse> =>
  'schedule' in input ? followParked(new Date(input.time).toISOString()) : followStream(input);
