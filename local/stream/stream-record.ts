import type { _Record, AttributeValue } from '@aws-sdk/client-dynamodb-streams';
import { region } from '#local/template/cloud.ts';

/** One record as Lambda hands it to a function: JSON, binary values in base64, the time in whole seconds. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly eventSource: string;
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
    readonly Keys: unknown;
    readonly NewImage?: unknown;
    readonly OldImage?: unknown;
  };
}

type Values = Readonly<Record<string, AttributeValue>>;

/** DynamoDB Local's stream leaves the type out of an empty map, which AWS does not; whoever reads it would fail on that. */
const attribute = (value: AttributeValue): unknown => {
  if (Object.keys(value).length === 0) return { M: {} };
  if (value.M) return { M: image(value.M) };
  if (value.L) return { L: value.L.map(attribute) };
  if (value.B) return { B: base64(value.B) };
  return value.BS ? { BS: value.BS.map(base64) } : value;
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const image = (values: Values): unknown =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, attribute(value)]));

export const streamRecord = (record: _Record, streamArn: string): StreamRecord => {
  const { NewImage, OldImage, Keys, SequenceNumber, SizeBytes, StreamViewType, ApproximateCreationDateTime } =
    record.dynamodb ?? {};
  return {
    eventID: record.eventID ?? '',
    eventName: record.eventName ?? '',
    eventVersion: record.eventVersion ?? '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    eventSourceARN: streamArn,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor((ApproximateCreationDateTime?.getTime() ?? 0) / 1000),
      SequenceNumber: SequenceNumber ?? '',
      SizeBytes: SizeBytes ?? 0,
      StreamViewType: StreamViewType ?? 'NEW_AND_OLD_IMAGES',
      Keys: image(Keys ?? {}),
      ...(NewImage && { NewImage: image(NewImage) }),
      ...(OldImage && { OldImage: image(OldImage) }),
    },
  };
};
