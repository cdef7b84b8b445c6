import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { StreamMappingDescription } from '#local/template/system.ts';
import { type DeliveryTools, deliver } from './delivery.ts';
import { compilePattern } from './event-pattern.ts';
import { createPace } from './pace.ts';
import { createShardReader, type Positions } from './shards.ts';
import { type StreamRecord, streamRecord } from './stream-record.ts';

export interface StreamPumpOptions {
  readonly mapping: StreamMappingDescription;
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly invoke: DeliveryTools['invoke'];
  readonly bury: DeliveryTools['bury'];
  /** Where reading begins; the pump moves it on, and calls `keep` when it did. */
  readonly positions: Positions;
  readonly keep: () => void;
  /** Sees every record of the table, filtered or not, before it is delivered. */
  readonly observe: (record: StreamRecord) => void;
}

export interface StreamPump {
  /** Something may have been written: look at once. */
  readonly wake: () => void;
  /** Resolves when everything written before this call has been delivered or buried. */
  readonly drained: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const shortestPause = 5;
const longestPause = 200;

const streamArnOf = async (dynamodb: DynamoDBClient, tableName: string): Promise<string> => {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: tableName }));
  if (Table?.LatestStreamArn === undefined) throw new Error(`The table ${tableName} has no stream.`);
  return Table.LatestStreamArn;
};

/** Carries a table's stream to its function, as the event source mapping of the template says. */
export const startStreamPump = async (options: StreamPumpOptions): Promise<StreamPump> => {
  const { mapping, invoke, bury } = options;
  const streamArn = await streamArnOf(options.dynamodb, mapping.tableName);
  const reader = createShardReader(options.streams, streamArn, options.positions);
  const patterns = mapping.patterns.map(compilePattern);
  const isWanted = (record: StreamRecord): boolean => patterns.length === 0 || patterns.some((test) => test(record));
  const pace = createPace();
  const tools: DeliveryTools = { invoke, bury, pause: (milliseconds) => pace.pause(milliseconds, false) };
  let waiting: (() => void)[] = [];

  const deliverAll = async (records: readonly StreamRecord[]): Promise<boolean> => {
    for (let start = 0; start < records.length; start += mapping.batchSize) {
      if (!(await deliver(records.slice(start, start + mapping.batchSize), mapping, tools))) return false;
    }
    return true;
  };
  /** True when there was something to read. */
  const round = async (): Promise<boolean> => {
    const { records, done } = await reader.read();
    if (records.length === 0) return false;
    const converted = records.map((record) => streamRecord(record, streamArn));
    for (const record of converted) options.observe(record);
    if (!(await deliverAll(converted.filter(isWanted)))) return false;
    done();
    options.keep();
    return true;
  };
  const run = async (): Promise<void> => {
    let pause = shortestPause;
    while (!pace.stopped()) {
      const asked = waiting;
      waiting = [];
      try {
        if (await round()) {
          waiting = [...asked, ...waiting];
          pause = shortestPause;
          continue;
        }
        for (const resolve of asked) resolve();
      } catch (error) {
        waiting = [...asked, ...waiting];
        if (pace.stopped()) return;
        console.error(`The stream of ${mapping.tableName} could not be read, trying again: ${error}`);
        pause = longestPause;
      }
      await pace.pause(pause);
      pause = Math.min(pause * 2, longestPause);
    }
  };
  const running = run();
  return {
    wake: () => pace.wake(),
    drained: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        pace.wake();
      }),
    stop: async () => {
      pace.stop();
      await running;
      for (const resolve of waiting) resolve();
    },
  };
};
