import type { Fact } from '#shared/facts/fact.ts';
import { readSegment } from '#shared/facts/fact-scan-store.ts';
import type { FactItem, FactReader } from '#shared/facts/fact-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | the partners of a segment of all facts, from a place on | activity | scan: items of one partition key are neighbours |
 */
export interface Neighbours {
  readonly partnerId: string;
  /** As the wire has them, until somebody looks at the partner: facts of a whole page at once are work for the garbage collector. */
  readonly items: FactItem[];
}

/** The facts of a partner that somebody looks at. */
export const factsOf = ({ items }: Neighbours, read: FactReader): readonly Fact[] => {
  const facts: Fact[] = [];
  for (const item of items) {
    const fact = read(item);
    if (fact) facts.push(fact);
  }
  return facts;
};

/** The last item of a partner: whoever goes on behind it misses nothing and meets nobody twice. */
export const placeBehind = ({ items }: Neighbours): string => {
  const last = items.at(-1);
  return JSON.stringify([last?.pk?.S, last?.sk?.S]);
};

const keyIn = (place: string): FactItem => {
  const [pk, sk]: readonly string[] = JSON.parse(place);
  return { pk: { S: pk ?? '' }, sk: { S: sk ?? '' } };
};

export interface PartnersPage {
  /** Those whose facts are all there. */
  readonly partners: readonly Neighbours[];
  readonly isLast: boolean;
}

/** Puts items to their partners, the last of which may go on on the next page. */
const gather = (items: readonly FactItem[], open: Neighbours | undefined): Neighbours[] => {
  const found: Neighbours[] = open ? [open] : [];
  let current = open;
  for (const item of items) {
    const partnerId = item.pk?.S ?? '';
    if (current?.partnerId !== partnerId) {
      current = { partnerId, items: [] };
      found.push(current);
    }
    current.items.push(item);
  }
  return found;
};

/** The partners of a segment behind a place, or from its beginning, page by page. */
export async function* partnersOfSegment(
  part: { readonly segment: number; readonly segments: number; readonly limit?: number },
  place: string | undefined,
): AsyncGenerator<PartnersPage> {
  let [from, open]: [FactItem | undefined, Neighbours | undefined] = [
    place === undefined ? undefined : keyIn(place),
    undefined,
  ];
  do {
    const page = await readSegment(part, from);
    const found = gather(page.items, open);
    from = page.next;
    open = from ? found.pop() : undefined;
    yield { partners: found, isLast: from === undefined };
  } while (from);
}
