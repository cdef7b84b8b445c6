import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Memory } from '#workflows/facts/facts-of-events.ts';
import { writeFacts } from '#workflows/facts/write-facts.ts';
import { handler } from '#workflows/on-stored-change.ts';
import type { WireItem } from './expressions.ts';
import type { Commit } from './model-engine.ts';
import type { Prng } from './prng.ts';
import { invoke, type World } from './world.ts';

/**
 * The table's stream and its event source mapping: events of one subject in their order, those of different subjects in any; batches
 * that come late, come again, or come with a record in them that nobody can read. What fails comes again from there on.
 */
export interface StreamPump {
  /** Notices what the table has taken since the last time. */
  readonly take: (commits: readonly Commit[]) => void;
  /** What could be delivered now. */
  readonly starts: (world: World) => readonly (() => void)[];
  /** Subjects and numbers of events that were not followed yet. */
  readonly left: () => readonly string[];
  /** Stops repeating and mixing in what is poisonous. */
  readonly calm: () => void;
}

const mostAtOnce = 3;

export const recordOf = (image: WireItem): DynamoDBRecord => ({
  eventID: `${image.pk?.S}/${image.sk?.S}`,
  eventName: 'INSERT',
  dynamodb: {
    Keys: { pk: { S: image.pk?.S ?? '' }, sk: { S: image.sk?.S ?? '' } },
    // Both packages mean DynamoDB's own JSON.
    NewImage: image as NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>,
    SequenceNumber: `${image.pk?.S}/${image.sk?.S}`,
  },
});

const poison = recordOf({ pk: { S: 'deal_POISON' }, sk: { S: 'event#00000001' } });

interface Lane {
  readonly events: WireItem[];
  /** How many of them are followed. */
  done: number;
  busy: boolean;
}

/** One of the two who read the stream. */
interface Reader {
  readonly name: string;
  readonly follow: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
  /** Whether what comes later may be there first, and beside what came before it. */
  readonly inAnyOrder: boolean;
}

export const follower: Reader = {
  name: 'on-stored-change',
  // The handler needs neither context nor callback.
  follow: handler as Reader['follow'],
  inAnyOrder: false,
};

/** Now and then another instance of the function takes over, which remembers nothing. */
export const factsWriter = (prng: Prng): Reader => {
  let lately: Memory = new Map();
  const follow: Reader['follow'] = (event) => {
    if (prng.chance(0.15)) lately = new Map();
    return writeFacts(event, lately);
  };
  return { name: 'write-facts', follow, inAnyOrder: true };
};

export const createStreamPump = (prng: Prng, { name, follow, inAnyOrder }: Reader): StreamPump => {
  const lanes = new Map<string, Lane>();
  let seen = 0;
  let calm = false;
  const take = (commits: readonly Commit[]): void => {
    for (const { written } of commits.slice(seen)) {
      for (const { before, after } of written) {
        if (before || !after.sk?.S?.startsWith('event#')) continue;
        const subject = after.pk?.S ?? '';
        const lane = lanes.get(subject) ?? { events: [], done: 0, busy: false };
        lane.events.push(after);
        lanes.set(subject, lane);
      }
    }
    seen = commits.length;
  };
  const deliver = async (world: World, lane: Lane): Promise<void> => {
    // What was delivered already comes again, now and then, together with what follows it.
    const from = !calm && prng.chance(0.2) ? Math.max(0, lane.done - 1 - prng.int(2)) : lane.done;
    const batch = lane.events.slice(from, lane.done + 1 + prng.int(mostAtOnce));
    const records = batch.map(recordOf);
    if (!calm && prng.chance(0.1)) records.splice(prng.int(records.length + 1), 0, poison);
    const names = batch.map((event) => `${event.pk?.S} ${event.type?.S}`).join(', ');
    const ended = await invoke(world, `${name} ${names}`, () => follow({ Records: records }));
    lane.busy = false;
    if (ended.how !== 'returned') return;
    const failed = new Set(ended.value.batchItemFailures.map((failure) => failure.itemIdentifier));
    const first = batch.findIndex((event) => failed.has(`${event.pk?.S}/${event.sk?.S}`));
    lane.done = Math.max(lane.done, first < 0 ? from + batch.length : from + first);
  };
  /** Later events, before or beside those before them; they come again when it is their turn. */
  const deliverEarly = async (world: World, { events, done }: Lane): Promise<void> => {
    const from = done + prng.int(events.length - done);
    const Records = events.slice(from, from + 1 + prng.int(mostAtOnce)).map(recordOf);
    await invoke(world, `${name} too early ${Records[0]?.eventID}`, () => follow({ Records }));
  };
  return {
    take,
    starts: (world) =>
      [...lanes.values()]
        .filter((lane) => !lane.busy && lane.done < lane.events.length)
        .map((lane) => () => {
          if (!calm && inAnyOrder && prng.chance(0.15)) {
            world.scheduler.spawn(() => deliverEarly(world, lane));
            return;
          }
          lane.busy = true;
          world.scheduler.spawn(() => deliver(world, lane));
        }),
    left: () =>
      [...lanes.values()].flatMap((lane) =>
        lane.events.slice(lane.done).map((event) => `${event.pk?.S} ${unmarshall({ ...event }).type}`),
      ),
    calm: () => {
      calm = true;
    },
  };
};
