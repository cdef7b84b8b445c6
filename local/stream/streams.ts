import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import * as z from 'zod';
import { keepJson } from '#local/kept/json-file.ts';
import { keepLines } from '#local/kept/line-file.ts';
import type { StreamMappingDescription } from '#local/template/system.ts';
import type { DeliveryTools } from './delivery.ts';
import { startStreamPump } from './stream-pump.ts';
import type { StreamRecord } from './stream-record.ts';

const DeadLetter = z.object({
  /** Machine time: nothing in the system reads it. */
  at: z.string(),
  mapping: z.string(),
  reason: z.string(),
  records: z.array(z.unknown()),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

export interface StreamsOptions {
  readonly mappings: readonly StreamMappingDescription[];
  readonly endpoint: string;
  readonly invoke: DeliveryTools['invoke'];
  readonly observe: (record: StreamRecord) => void;
  /** Path of a file of this name that outlives the process; undefined when nothing is kept. */
  readonly file: (name: string) => string | undefined;
}

export interface Streams {
  readonly wake: () => void;
  /** Resolves when everything written before this call has been delivered or buried, by every reader. */
  readonly drained: () => Promise<void>;
  readonly deadLetters: readonly DeadLetter[];
  readonly stop: () => Promise<void>;
}

/** All event source mappings of the template, each from where it was when the laptop last ran. */
export const startStreams = async (options: StreamsOptions): Promise<Streams> => {
  const { mappings, endpoint, invoke } = options;
  const dynamodb = new DynamoDBClient({ endpoint });
  const streams = new DynamoDBStreamsClient({ endpoint });
  const deadLetters = keepLines(options.file('dead-letters.ndjson'), DeadLetter);
  const positions = keepJson(
    options.file('stream-positions.json'),
    z.record(z.string(), z.record(z.string(), z.string())),
    () => ({}),
  );
  const observed = new Set<string>();
  const pumps = await Promise.all(
    mappings.map((mapping) => {
      const { id, tableName } = mapping;
      positions.value[id] ??= {};
      // Two readers of a table see the same records: one of them is enough to hear of everything.
      const observe = observed.has(tableName) ? () => undefined : options.observe;
      observed.add(tableName);
      return startStreamPump({
        mapping,
        dynamodb,
        streams,
        invoke,
        observe,
        positions: positions.value[id],
        keep: positions.saveSoon,
        bury: (records, reason) => {
          console.error(`${id}: ${records.length} records failed for good (${reason}); see /local/dead-letters.`);
          deadLetters.add({ at: new Date().toISOString(), mapping: id, reason, records: [...records] });
        },
      });
    }),
  );
  return {
    wake: () => {
      for (const pump of pumps) pump.wake();
    },
    drained: async () => {
      await Promise.all(pumps.map((pump) => pump.drained()));
    },
    deadLetters: deadLetters.all,
    stop: async () => {
      await Promise.all(pumps.map((pump) => pump.stop()));
      positions.save();
      dynamodb.destroy();
      streams.destroy();
    },
  };
};
