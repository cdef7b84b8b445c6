import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { StreamRecord } from '#local/stream/stream-record.ts';
import type { TableDescription } from '#local/template/system.ts';

/** When an item of the table must be looked at next. */
export interface Due {
  /** `pk|sk` of the item. */
  readonly item: string;
  /** The index's sort attribute: instant, `#`, id. */
  readonly dueAt: string;
}

export interface DueIndex {
  /** The earliest due that is not given up, in milliseconds. */
  readonly next: () => number | undefined;
  /** What is due by then. */
  readonly dueBy: (now: number) => readonly Due[];
  /** Leaves these out until their due time changes. */
  readonly giveUp: (dues: readonly Due[]) => void;
  /** Takes in what the table's stream says. */
  readonly observe: (record: StreamRecord) => void;
  /** Fills the index with what is stored. */
  readonly fill: (client: DynamoDBClient, table: TableDescription) => Promise<void>;
}

type Image = Readonly<Record<string, { readonly S?: string } | undefined>>;

const instantOf = (dueAt: string): number => Date.parse(dueAt.split('#')[0] ?? '');

/**
 * What is due, in order, without asking the table at each step of the clock. Kept as a sorted list: what is added is mostly
 * later than what is there, and what is removed is mostly the first.
 */
export const createDueIndex = (): DueIndex => {
  const dueOf = new Map<string, string>();
  const given = new Map<string, string>();
  let sorted: Due[] = [];

  const position = (dueAt: string): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.dueAt ?? '') < dueAt) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const put = (item: string, dueAt: string | undefined): void => {
    const before = dueOf.get(item);
    if (before === dueAt) return;
    given.delete(item);
    if (before !== undefined) {
      const start = position(before);
      const at = sorted.slice(start).findIndex((due) => due.item === item);
      if (at !== -1) sorted.splice(start + at, 1);
    }
    dueOf.delete(item);
    if (dueAt === undefined) return;
    dueOf.set(item, dueAt);
    sorted.splice(position(dueAt), 0, { item, dueAt });
  };
  return {
    next: () => (sorted[0] === undefined ? undefined : instantOf(sorted[0].dueAt)),
    dueBy: (now) => {
      const end = sorted.findIndex(({ dueAt }) => instantOf(dueAt) > now);
      return end === -1 ? [...sorted] : sorted.slice(0, end);
    },
    giveUp: (dues) => {
      for (const { item, dueAt } of dues) given.set(item, dueAt);
      sorted = sorted.filter(({ item }) => !given.has(item));
    },
    observe: ({ dynamodb }) => {
      // Streams carry keys and images as DynamoDB's own JSON.
      const keys = dynamodb.Keys as Image;
      const image = (dynamodb.NewImage ?? {}) as Image;
      put(`${keys.pk?.S}|${keys.sk?.S}`, image.dueKey?.S === undefined ? undefined : image.dueAt?.S);
    },
    fill: async (client, { name, create }) => {
      if (!create.GlobalSecondaryIndexes?.some(({ IndexName }) => IndexName === 'byDue')) return;
      let start: Record<string, AttributeValue> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new ScanCommand({ TableName: name, IndexName: 'byDue', ...(start && { ExclusiveStartKey: start }) }),
        );
        for (const item of Items) put(`${item.pk?.S}|${item.sk?.S}`, item.dueAt?.S);
        start = LastEvaluatedKey;
      } while (start);
    },
  };
};
