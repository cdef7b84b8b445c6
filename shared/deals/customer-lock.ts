import { DomainError } from '#shared/core/errors.ts';
import { addDays, addMonths } from '#shared/core/time.ts';
import type { Deal } from './deal.ts';
import type { Terms } from './deal-registration.ts';

/**
 * Who holds a customer for a product line. A lock ends by its own times, whether or not anybody sweeps: from `freeAt` on others may
 * register, from `freeForHolderAt` on its last holder too.
 */
export interface CustomerLock {
  readonly holder: string;
  readonly dealId: string;
  readonly freeAt: string;
  readonly freeForHolderAt: string;
}

/** What stands in the way of a registration: the lock of the product line, and until when deals of type `new` wait after a win. */
export interface Obstacles {
  readonly lock: CustomerLock | undefined;
  readonly newFreeAt: string | undefined;
}

/** Later than anything; what is not decided yet has no end. */
const never = '9999-12-31T23:59:59.999Z';

/** The lock that belongs to a deal in its present state. `now` is when it came into it. Expiry leaves the lock alone. */
export const lockOf = (deal: Deal, terms: Terms, now: string): CustomerLock => {
  const { coolOffDays } = terms.program.deals;
  const mine = { holder: deal.partnerId, dealId: deal.id };
  const until = (freeAt: string, freeForHolderAt: string): CustomerLock => ({ ...mine, freeAt, freeForHolderAt });
  switch (deal.status) {
    case 'submitted':
      return until(never, never);
    case 'returned':
      return until(deal.returnedUntil ?? now, deal.returnedUntil ?? now);
    case 'approved':
      if (deal.closing) return until(never, never);
      return until(deal.protectedUntil ?? now, addDays(deal.protectedUntil ?? now, coolOffDays));
    case 'lost':
    case 'withdrawn':
      return until(now, deal.approvedAt ? addDays(now, coolOffDays) : now);
    default:
      return until(now, now);
  }
};

/** From when on deals of type `new` are taken again after this one; undefined when nothing was won, or the program has no such rule. */
export const newFreeAtOf = (deal: Deal, terms: Terms, now: string): string | undefined => {
  const months = terms.program.deals.newAfterWinMonths;
  return deal.status === 'won' && months ? addMonths(now, months) : undefined;
};

/** What is said to a partner who wants to register: nothing when the customer is free. */
export const refusalBy = (
  { lock, newFreeAt }: Obstacles,
  asking: { readonly partnerId: string; readonly dealType: Deal['dealType']; readonly now: string },
): DomainError | undefined => {
  if (!lock) return undefined;
  const { now } = asking;
  const own = lock.holder === asking.partnerId;
  if (own && lock.freeAt > now) {
    return new DomainError(
      'conflict',
      'deal.already_registered',
      'You hold a registration of this customer and product line.',
      {
        facts: { dealId: lock.dealId },
      },
    );
  }
  const forNew = asking.dealType === 'new' ? (newFreeAt ?? '') : '';
  const freeAt = [own ? lock.freeForHolderAt : '', forNew].sort().at(-1) ?? '';
  if (own && freeAt > now) {
    return new DomainError('conflict', 'deal.cooling_off', `You may register this customer again from ${freeAt} on.`, {
      facts: { freeAt },
    });
  }
  if (!own && (lock.freeAt > now || forNew > now)) {
    return new DomainError(
      'conflict',
      'deal.conflict',
      'This customer is registered for this product line by another partner.',
    );
  }
  return undefined;
};
