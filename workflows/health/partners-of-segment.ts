import type { Fact } from '#shared/facts/fact.ts';
import { readSegment } from '#shared/facts/fact-scan-store.ts';
import { type FactItem, factOf } from '#shared/facts/fact-store.ts';

/** A partner with all its facts. */
export interface Neighbours {
  readonly partnerId: string;
  readonly facts: Fact[];
  /** Its last item: whoever goes on behind it misses nothing and meets nobody twice. */
  last: FactItem;
}

export interface PartnersPage {
  /** Those whose facts are all there. */
  readonly partners: readonly Neighbours[];
  readonly isLast: boolean;
}

const keyOf = ({ pk, sk }: FactItem): FactItem => ({ ...(pk && { pk }), ...(sk && { sk }) });

/** Puts items to their partners, the last of which may go on on the next page. */
const gather = (items: readonly FactItem[], open: Neighbours | undefined): Neighbours[] => {
  const found: Neighbours[] = open ? [open] : [];
  let current = open;
  for (const item of items) {
    const partnerId = item.pk?.S ?? '';
    if (current?.partnerId !== partnerId) {
      current = { partnerId, facts: [], last: item };
      found.push(current);
    }
    const fact = factOf(item);
    if (fact) current.facts.push(fact);
    current.last = item;
  }
  return found;
};

/** The partners of a segment from a key on, page by page: items of one partition key are neighbours in a scan. */
export async function* partnersOfSegment(
  part: { readonly segment: number; readonly segments: number },
  after: FactItem | undefined,
): AsyncGenerator<PartnersPage> {
  let [from, open]: [FactItem | undefined, Neighbours | undefined] = [after, undefined];
  do {
    const page = await readSegment(part, from);
    const found = gather(page.items, open);
    from = page.next;
    open = from ? found.pop() : undefined;
    for (const partner of found) partner.last = keyOf(partner.last);
    yield { partners: found, isLast: from === undefined };
  } while (from);
}
