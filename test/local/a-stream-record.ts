import type { StreamRecord } from '#local/stream/stream-record.ts';

/** A record of a table's stream, with what a test wants different. */
export const aStreamRecord = (dynamodb: Partial<StreamRecord['dynamodb']>): StreamRecord => ({
  eventID: dynamodb.SequenceNumber ?? '1',
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'eu-central-1',
  eventSourceARN: 'arn',
  dynamodb: {
    ApproximateCreationDateTime: 0,
    SequenceNumber: '1',
    SizeBytes: 1,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
    Keys: {},
    ...dynamodb,
  },
});
