import { DomainError } from '#shared/core/errors.ts';
import { type Intent, record, remember } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import { KnownAccount } from '#shared/known-accounts/known-account.ts';
import { absent, all, any, type Condition, is } from '#shared/platform/condition.ts';
import { commitChange, type Saved, stale } from '#shared/platform/history-store.ts';
import { type Item, read, type Write } from '#shared/platform/table.ts';
import { type CustomerLock, lockOf, newFreeAtOf, type Obstacles, refusalBy } from './customer-lock.ts';
import type { Deal } from './deal.ts';
import type { Terms } from './deal-registration.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | who holds a customer, and whether direct sales knows it | table | pk = `customer#<domain>`, sk = `customer` |
 *
 * | everything that direct sales knows | byStatus | `known-accounts#<shard>` |
 *
 * One item a customer: an attribute `line:<product line>` holds each line's lock, `won:<product line>` until when deals of type `new`
 * wait after a win (it outlives the locks of expansions and renewals), `known` what direct sales knows. Being one item, it answers
 * all questions of a registration in the one condition that takes the hold.
 */
const keyOf = (domain: string) => ({ pk: `customer#${domain}`, sk: 'customer' });
const lineOf = (productLine: string): string => `line:${productLine}`;
const wonOf = (productLine: string): string => `won:${productLine}`;

const obstaclesIn = (image: Item | undefined, productLine: string): Obstacles => ({
  // Only takeCustomer and holdCustomer write these attributes.
  lock: image?.[lineOf(productLine)] as CustomerLock | undefined,
  newFreeAt: image?.[wonOf(productLine)] as string | undefined,
});

/** What the customer's item says once the deal is in its present state; a win is remembered, whatever follows. */
const holdOf = (deal: Deal, terms: Terms, now: string): Readonly<Record<string, unknown>> => {
  const newFreeAt = newFreeAtOf(deal, terms, now);
  const { productLine } = deal;
  return { [lineOf(productLine)]: lockOf(deal, terms, now), ...(newFreeAt ? { [wonOf(productLine)]: newFreeAt } : {}) };
};

const knownIn = (image: Item | undefined): KnownAccount | undefined =>
  image?.known === undefined ? undefined : KnownAccount.parse(image.known);

const isFree = (deal: Deal, now: string): Condition => {
  const line = lineOf(deal.productLine);
  const heldByMe = is(`${line}.holder`, '=', deal.partnerId);
  const free = any(
    all(is(`${line}.holder`, '<>', deal.partnerId), is(`${line}.freeAt`, '<=', now)),
    all(heldByMe, is(`${line}.freeAt`, '<=', now), is(`${line}.freeForHolderAt`, '<=', now)),
  );
  const won = wonOf(deal.productLine);
  const newAllowed = any(absent(won), is(won, '<=', now));
  return any(absent(line), deal.dealType === 'new' ? all(free, newAllowed) : free);
};

const refuseTaking =
  (deal: Deal, terms: Terms, now: string) =>
  (image: Item | undefined): Error => {
    const refusal = refusalBy(obstaclesIn(image, deal.productLine), { ...deal, now });
    if (refusal) return refusal;
    if (terms.program.deals.knownAccounts === 'review')
      return new DomainError('rule', 'deal.needs_review', 'Direct sales knows this account.');
    return new DomainError('rule', 'deal.known_to_direct_sales', 'Direct sales works on this account already.');
  };

/**
 * Takes the customer for a new registration if it is free. What would be approved at once must also be unknown to direct sales
 * (`deal.needs_review` otherwise), as must everything where the program refuses known accounts.
 */
export const takeCustomer = (deal: Deal, terms: Terms, now: string): Write => {
  const mustBeUnknown = deal.status === 'approved' || terms.program.deals.knownAccounts === 'refuse';
  const free = isFree(deal, now);
  return {
    write: 'change',
    key: keyOf(deal.customer.domain),
    change: { set: { kind: 'customer', ...holdOf(deal, terms, now) } },
    when: mustBeUnknown ? all(free, absent('known')) : free,
    refuse: refuseTaking(deal, terms, now),
  };
};

/** Changes the hold of a deal that still has it. Throws `deal.hold_lost` when it ended and another registration took over. */
export const holdCustomer = (deal: Deal, terms: Terms, now: string): Write => {
  const line = lineOf(deal.productLine);
  return {
    write: 'change',
    key: keyOf(deal.customer.domain),
    change: { set: holdOf(deal, terms, now) },
    when: all(is(`${line}.dealId`, '=', deal.id), is(`${line}.freeAt`, '>', now)),
    refuse: () =>
      new DomainError('conflict', 'deal.hold_lost', 'The hold on this customer has ended; register the deal anew.'),
  };
};

/** What is known of a customer: what stands in the way on one product line, and the account that direct sales works on. */
export const readCustomer = async (
  domain: string,
  productLine: string,
): Promise<{ readonly obstacles: Obstacles; readonly known: KnownAccount | undefined }> => {
  const [item] = await read([keyOf(domain)]);
  return { obstacles: obstaclesIn(item, productLine), known: knownIn(item) };
};

/** The account that direct sales works on, if it knows this domain. */
export const findKnownAccount = async (domain: string): Promise<KnownAccount | undefined> =>
  (await readWholeCustomer(domain)).known;

/** Everything that is known of a customer: the lock of each product line that ever had one, and the account. */
export interface Customer {
  readonly holds: Readonly<Record<string, CustomerLock>>;
  readonly known: KnownAccount | undefined;
}

export const readWholeCustomer = async (domain: string): Promise<Customer> => {
  const [item] = await read([keyOf(domain)]);
  const holds = Object.entries(item ?? {}).filter(([name]) => name.startsWith(lineOf('')));
  return {
    // Only takeCustomer and holdCustomer write these attributes.
    holds: Object.fromEntries(holds.map(([name, lock]) => [name.slice(lineOf('').length), lock as CustomerLock])),
    known: knownIn(item),
  };
};

const isAs = (before: Customer | undefined, productLines: readonly string[]): Condition => {
  if (!before) return absent('pk');
  const lines = [...new Set([...productLines, ...Object.keys(before.holds)])].map((line) => {
    const hold = before.holds[line];
    return hold ? is(lineOf(line), '=', hold) : absent(lineOf(line));
  });
  return all(before.known ? is('known.version', '=', before.known.version) : absent('known'), ...lines);
};

/**
 * Records what direct sales knows, on condition that the customer still is as `before`, because who holds its product lines decided
 * on the conflicts; undefined stands for a customer that nobody has registered or recorded yet. `productLines` are those of the
 * program, in which holds may have come up since. Throws `version.stale` when the customer is otherwise, `idempotency.key_reused`.
 */
export const recordKnownAccount = async (
  before: Customer | undefined,
  after: KnownAccount,
  about: { readonly intent: Intent; readonly productLines: readonly string[] },
): Promise<Saved<KnownAccount>> => {
  const known = before?.known;
  const { intent } = about;
  const happening = { type: `known-account.${known ? 'updated' : 'recorded'}`, intent, personalFields: [] };
  const change = record(known, after, happening);
  // The thing is named for its customer, not for the request, so the first request on it is remembered as the later ones are.
  const entity = known ? change.entity : { ...change.entity, doneKeys: remember(undefined, { intent }, 1) };
  const write: Write = {
    write: 'change',
    key: keyOf(after.domain),
    change: {
      set: {
        kind: 'customer',
        known: entity,
        statusKey: `known-accounts#${shardOf(entity.id)}`,
        statusSort: `known#${entity.createdAt}#${entity.id}`,
      },
    },
    when: isAs(before, about.productLines),
    refuse: () => stale(known?.version),
  };
  return commitChange(known, { entity, event: change.event, writes: [write] });
};
