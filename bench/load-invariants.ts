import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { shortHashOf } from '#shared/core/canonical.ts';
import { derivedId } from '#shared/core/ids.ts';
import { documents } from '#shared/platform/table.ts';
import { gatesCount, nothingStuck, oneEventForEachChange } from '#test/faults/effect-oracles.ts';
import { alongTheLifecycle, entitiesIn } from '#test/faults/oracles.ts';
import type { Recording, StoredItem } from '#test/faults/recording.ts';
import type { AtRest } from './load-system.ts';

const scan = async (): Promise<readonly StoredItem[]> => {
  const items: StoredItem[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items, LastEvaluatedKey } = await documents.send(
      new ScanCommand({
        TableName: process.env.PROGRAM_TABLE,
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    // The table holds only what our stores wrote, so every item has a key.
    items.push(...((Items ?? []) as StoredItem[]));
    from = LastEvaluatedKey;
  } while (from);
  return items;
};

/** I5: customers with two live registrations for one product line; nothing was closed or ran out during the load. */
const heldTwice = (items: readonly StoredItem[]): readonly string[] => {
  const deals = [...entitiesIn(items).values()].filter(
    ({ sk, status }) => sk === 'deal' && ['submitted', 'approved'].includes(String(status)),
  );
  // Deals are stored with the domain of their customer.
  const about = (deal: StoredItem) => `${(deal.customer as { domain: string }).domain} ${deal.productLine}`;
  return [...Map.groupBy(deals, about)]
    .filter(([, held]) => held.length > 1)
    .map(([customer, held]) => `I5: ${customer} is held by ${held.map(({ id }) => id).join(' and ')}`);
};

/** I9 for mails: of each event about which somebody is told, one note that it was done. */
const toldTwice = (items: readonly StoredItem[]): readonly string[] => {
  const approved = items.filter(({ sk, type }) => sk.startsWith('event#') && type === 'deal.approved');
  const keys = new Set(items.map(({ pk, sk }) => `${pk} ${sk}`));
  return approved
    .filter(({ pk, sk }) => !keys.has(`${pk} ${sk.replace('event#', 'mail#')}`))
    .map(({ pk }) => `I9: nobody was told that ${pk} was approved`);
};

/** What registered during the load: every try, and the ids of those that were told they had. */
export interface Registrations {
  readonly attempted: readonly { readonly by: string; readonly key: string }[];
  readonly acknowledged: readonly string[];
}

/** The id that a try leads to, whether or not anybody was told: it is made from who asks, for what, under which key. */
const idOf = ({ by, key }: Registrations['attempted'][number]): string =>
  derivedId('deal', shortHashOf([by, 'register-deal', {}, key]));

/** I7: each registration that was acknowledged is there, and each that is there was attempted. */
export const lostOrUnasked = (
  { attempted, acknowledged }: Registrations,
  there: ReadonlySet<string>,
): readonly string[] => {
  const asked = new Set(attempted.map(idOf));
  return [
    ...acknowledged.filter((id) => !there.has(id)).map((id) => `I7: ${id} was acknowledged and is not there`),
    ...[...there].filter((id) => !asked.has(id)).map((id) => `I7: ${id} is there and nobody asked for it`),
  ];
};

/** What is wrong with the table after the load, by the oracles of the fault tests. */
export const brokenInvariants = async (
  registrations: Registrations,
  { end, notFollowed }: AtRest,
): Promise<readonly string[]> => {
  // The program has a history too, of another kind than what the oracles are about.
  const items = (await scan()).filter(({ pk }) => pk !== 'program');
  const none = {
    calls: [],
    commits: [],
    facts: { start: [], commits: [], items: [] },
    mails: [],
    transfers: [],
    files: new Map(),
    logs: [],
    started: [],
    excuses: new Map(),
    signIns: new Map(),
    unfinished: [],
  };
  const recording: Recording = { ...none, items, notFollowed: [], end };
  const deals = new Set(items.filter(({ sk }) => sk === 'deal').map(({ pk }) => pk));
  return [
    ...[gatesCount, alongTheLifecycle, oneEventForEachChange, nothingStuck].flatMap((oracle) => oracle(recording)),
    ...heldTwice(items),
    ...toldTwice(items),
    ...lostOrUnasked(registrations, deals),
    ...notFollowed.map((event) => `I9: not followed: ${JSON.stringify(event).slice(0, 200)}`),
  ];
};
