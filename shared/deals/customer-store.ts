import { DomainError } from '#shared/core/errors.ts';
import { absent, all, any, type Condition, is } from '#shared/platform/condition.ts';
import { type Item, read, type Write } from '#shared/platform/table.ts';
import { type CustomerLock, lockOf, refusalBy } from './customer-lock.ts';
import type { Deal } from './deal.ts';
import type { Terms } from './deal-registration.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | who holds a customer, and whether direct sales knows it | table | pk = `customer#<domain>`, sk = `customer` |
 *
 * One item a customer: an attribute `line:<product line>` holds each line's lock, `known` what direct sales knows. Being one item,
 * it answers both questions of a registration in the one condition that takes the hold.
 */
const keyOf = (domain: string) => ({ pk: `customer#${domain}`, sk: 'customer' });
const lineOf = (productLine: string): string => `line:${productLine}`;

/** An account that direct sales works on. */
export interface KnownAccount {
  readonly companyName: string;
  readonly openOpportunity: boolean;
  readonly customerSince?: string;
  /** Who recorded it, and is told when a partner's registration is approved. */
  readonly ownerId: string;
  readonly recordedAt: string;
}

const lockIn = (image: Item | undefined, productLine: string): CustomerLock | undefined =>
  // Only takeCustomer and holdCustomer write these attributes.
  image?.[lineOf(productLine)] as CustomerLock | undefined;

const isFree = (deal: Deal, now: string): Condition => {
  const line = lineOf(deal.productLine);
  const heldByMe = is(`${line}.holder`, '=', deal.partnerId);
  const free = any(
    all(is(`${line}.holder`, '<>', deal.partnerId), is(`${line}.freeAt`, '<=', now)),
    all(heldByMe, is(`${line}.freeAt`, '<=', now), is(`${line}.freeForHolderAt`, '<=', now)),
  );
  const newAllowed = any(absent(`${line}.newFreeAt`), is(`${line}.newFreeAt`, '<=', now));
  return any(absent(line), deal.dealType === 'new' ? all(free, newAllowed) : free);
};

const refuseTaking =
  (deal: Deal, now: string) =>
  (image: Item | undefined): Error => {
    const refusal = refusalBy(lockIn(image, deal.productLine), { ...deal, now });
    if (refusal) return refusal;
    if (deal.status === 'approved')
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
    change: { set: { kind: 'customer', [lineOf(deal.productLine)]: lockOf(deal, terms, now) } },
    when: mustBeUnknown ? all(free, absent('known')) : free,
    refuse: refuseTaking(deal, now),
  };
};

/** Changes the hold of a deal that still has it. Throws `deal.hold_lost` when it ended and another registration took over. */
export const holdCustomer = (deal: Deal, terms: Terms, now: string): Write => {
  const line = lineOf(deal.productLine);
  return {
    write: 'change',
    key: keyOf(deal.customer.domain),
    change: { set: { [line]: lockOf(deal, terms, now) } },
    when: all(is(`${line}.dealId`, '=', deal.id), is(`${line}.freeAt`, '>', now)),
    refuse: () =>
      new DomainError('conflict', 'deal.hold_lost', 'The hold on this customer has ended; register the deal anew.'),
  };
};

/** What is known of a customer: its lock for one product line, and the account that direct sales works on. */
export const readCustomer = async (
  domain: string,
  productLine: string,
): Promise<{ readonly lock: CustomerLock | undefined; readonly known: KnownAccount | undefined }> => {
  const [item] = await read([keyOf(domain)]);
  return { lock: lockIn(item, productLine), known: item?.known as KnownAccount | undefined };
};

export const findKnownAccount = async (domain: string): Promise<KnownAccount | undefined> => {
  const [item] = await read([keyOf(domain)]);
  return item?.known as KnownAccount | undefined;
};
