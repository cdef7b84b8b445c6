import {
  type _Record,
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';

/** How far each shard has been read: the last sequence number handled, or `closed` at its end. */
export type Positions = Record<string, string>;

export interface ShardReader {
  /** The next records of any shard that may be read now, with the function that notes them as handled. */
  readonly read: () => Promise<{ readonly records: readonly _Record[]; readonly done: () => void }>;
}

const closed = 'closed';

const listShards = async (client: DynamoDBStreamsClient, streamArn: string): Promise<readonly Shard[]> => {
  const shards: Shard[] = [];
  let last: string | undefined;
  do {
    const { StreamDescription } = await client.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ...(last && { ExclusiveStartShardId: last }) }),
    );
    shards.push(...(StreamDescription?.Shards ?? []));
    last = StreamDescription?.LastEvaluatedShardId;
  } while (last);
  return shards;
};

const isLost = (error: unknown): boolean =>
  error instanceof TrimmedDataAccessException || error instanceof ExpiredIteratorException;

/**
 * Reads a table's stream from where `positions` says, parents before their children, so that a subject's events keep their
 * order. An iterator that the engine no longer takes is made anew behind the last record handled.
 */
export const createShardReader = (
  client: DynamoDBStreamsClient,
  streamArn: string,
  positions: Positions,
): ShardReader => {
  const iterators = new Map<string, string>();
  let open: readonly string[] = [];

  const refresh = async (): Promise<void> => {
    const shards = await listShards(client, streamArn);
    const known = new Set(shards.map(({ ShardId }) => ShardId));
    for (const shardId of Object.keys(positions)) if (!known.has(shardId)) delete positions[shardId];
    open = shards.flatMap(({ ShardId, ParentShardId }) => {
      const parentIsRead = !known.has(ParentShardId) || positions[ParentShardId ?? ''] === closed;
      return ShardId !== undefined && parentIsRead && positions[ShardId] !== closed ? [ShardId] : [];
    });
  };
  const iteratorOf = async (shardId: string, position: string | undefined): Promise<string | undefined> => {
    const start =
      position === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' as const }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: position };
    try {
      const made = await client.send(new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shardId, ...start }));
      return made.ShardIterator;
    } catch (error) {
      // What comes after was kept for 24 hours only: go on with the oldest that is left.
      if (isLost(error) && position !== undefined) return iteratorOf(shardId, undefined);
      throw error;
    }
  };
  const readShard = async (shardId: string) => {
    const iterator = iterators.get(shardId) ?? (await iteratorOf(shardId, positions[shardId]));
    iterators.delete(shardId);
    try {
      const { Records = [], NextShardIterator } = await client.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: 1000 }),
      );
      return { records: Records, next: NextShardIterator };
    } catch (error) {
      if (isLost(error)) return { records: [], next: await iteratorOf(shardId, positions[shardId]) };
      throw error;
    }
  };
  const read: ShardReader['read'] = async () => {
    if (open.length === 0) await refresh();
    for (const shardId of open) {
      const { records, next } = await readShard(shardId);
      if (next !== undefined) iterators.set(shardId, next);
      const done = (): void => {
        positions[shardId] = next === undefined ? closed : (records.at(-1)?.dynamodb?.SequenceNumber ?? '');
        if (next === undefined) open = [];
      };
      if (records.length > 0) return { records, done };
      if (next === undefined) {
        // The end of a shard: its children may be read now.
        done();
        return read();
      }
    }
    return { records: [], done: () => undefined };
  };
  return { read };
};
