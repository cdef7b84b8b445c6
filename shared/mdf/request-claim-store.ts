import { DomainError } from '#shared/core/errors.ts';
import { formatMoney, type Money } from '#shared/core/money.ts';
import { all, is } from '#shared/platform/condition.ts';
import type { Item, Write } from '#shared/platform/table.ts';
import type { Claim } from './claim.ts';
import { requestKey } from './request-deal-store.ts';
import { dueFields } from './request-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | move the balances of a fund request for one of its claims | table | pk = request id, sk = `request` |
 */
const exceeded =
  (claim: Claim, now: string) =>
  (image: Item | undefined): DomainError => {
    if (image?.status !== 'approved') {
      const message = 'Only an approved request can be claimed.';
      const facts = image ? { status: image.status } : {};
      return new DomainError('conflict', 'state.transition_not_allowed', message, { facts });
    }
    if (String(image.claimUntil) <= now) {
      const message = `It could be claimed until ${image.claimUntil}.`;
      return new DomainError('rule', 'mdf.claim_window_closed', message, { facts: { claimUntil: image.claimUntil } });
    }
    const available: Money = { ...claim.claimedAmount, amountMinor: Number(image.reservedLeft) };
    const message = `Of what was reserved, ${formatMoney(available)} are left; this claims ${formatMoney(claim.claimedAmount)}.`;
    const detail = `must be at most ${formatMoney(available)}`;
    return new DomainError('conflict', 'mdf.budget_exceeded', message, {
      facts: { available },
      errors: [{ pointer: '#/claimedAmount', code: 'mdf.budget_exceeded', detail }],
    });
  };

/** A new claim takes its amount out of what is reserved, while the request can be claimed; the request lists it. */
export const claimFromRequest = (claim: Claim, now: string): Write => {
  const { amountMinor } = claim.claimedAmount;
  return {
    write: 'change',
    key: requestKey(claim.requestId),
    change: {
      set: { [`claims.${claim.id}`]: claim.createdAt },
      add: { reservedLeft: -amountMinor, inReview: amountMinor },
    },
    when: all(is('status', '=', 'approved'), is('reservedLeft', '>=', amountMinor), is('claimUntil', '>', now)),
    refuse: exceeded(claim, now),
  };
};

/** What a claim's next state adds to the balances of its request. */
interface Moved {
  readonly reservedLeft: number;
  readonly inReview: number;
  readonly reimbursed?: number;
}

/**
 * Moves the balances after a claim was sent again, decided on or given up. The sweep then looks whether the request has ended with
 * it; what was refused stays reserved as long as the decision can be disputed.
 */
export const settleWithRequest = (claim: Claim, moved: Moved, now: string): Write => {
  const takes = Math.max(0, -moved.reservedLeft);
  const isDecided = claim.decidedAt !== undefined;
  const { disputableUntil } = claim;
  const canBeDisputed = disputableUntil !== undefined && claim.disputedAt === undefined;
  const held = canBeDisputed && moved.reservedLeft > 0 ? { heldUntil: disputableUntil } : {};
  return {
    write: 'change',
    key: requestKey(claim.requestId),
    change: {
      set: { ...held, ...(isDecided || claim.status === 'expired' ? dueFields(claim.requestId, now) : {}) },
      add: { ...moved },
    },
    when: all(
      is('status', '=', 'approved'),
      is('reservedLeft', '>=', takes),
      is('inReview', '>=', Math.max(0, -moved.inReview)),
    ),
    // Whatever closed in the meantime, a claim that is under way goes on as long as the request does.
    refuse: exceeded(claim, ''),
  };
};

/** Of a claim that was found false nothing counts as reimbursed any more, whatever became of the request. */
export const takeBackFromRequest = (claim: Claim, amountMinor: number): Write => ({
  write: 'change',
  key: requestKey(claim.requestId),
  change: { add: { reimbursed: -amountMinor } },
  when: is('reimbursed', '>=', amountMinor),
  refuse: () => new Error(`${claim.requestId} was not reimbursed for ${claim.id}.`),
});
