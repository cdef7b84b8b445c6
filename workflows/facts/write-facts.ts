import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { log } from '#shared/platform/logger.ts';
import { eventOf } from '#workflows/event-of.ts';
import { factsOfEvents, type Memory } from './facts-of-events.ts';

/** The facts of one subject's new events, or the records to bring again. */
const followSubject = async (records: readonly DynamoDBRecord[], lately: Memory) => {
  try {
    await putFacts(
      await factsOfEvents(
        records.flatMap((record) => eventOf(record) ?? []),
        lately,
      ),
    );
    return [];
  } catch (error) {
    const subject = records[0]?.dynamodb?.Keys?.pk?.S ?? '';
    log.error('facts not written', { subject, error: error as Error });
    return records.map((record) => ({ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }));
  }
};

/**
 * The table's stream, read a second time: the facts of whatever happened. A fact's key and content follow from its event, so events may
 * come twice, late and in any order; and what could not be written at any try, `npm run facts -- rebuild` makes up for.
 */
export const writeFacts = async ({ Records }: DynamoDBStreamEvent, lately: Memory): Promise<DynamoDBBatchResponse> => {
  const subjects = Map.groupBy(Records, (record) => record.dynamodb?.Keys?.pk?.S ?? '');
  const failed = await Promise.all([...subjects.values()].map((records) => followSubject(records, lately)));
  return { batchItemFailures: failed.flat() };
};

/** What this instance of the function remembers. */
const lately: Memory = new Map();

export const handler = (stream: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => writeFacts(stream, lately);
