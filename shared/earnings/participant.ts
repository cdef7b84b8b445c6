import type * as z from 'zod';
import type { Money } from '#shared/core/money.ts';
import type { Attribution, Deal } from '#shared/deals/deal.ts';
import type { Partner } from '#shared/partners/partner.ts';

/** What rules look at in a deal. */
export interface Sale {
  readonly dealType: Deal['dealType'];
  readonly productLine: string;
  readonly value: Money;
  readonly closedOn: string;
  /** Registered and approved before it was won. */
  readonly registeredBefore: boolean;
}

/** A partner's part in a deal, and what rules look at in the partner, as it was when the deal was won. */
export interface Participant {
  readonly partnerId: string;
  readonly role: z.infer<typeof Attribution>['role'];
  readonly sharePercent: number;
  readonly types: readonly string[];
  readonly tier: string;
  /** Rules that were agreed with it instead of others. */
  readonly agreed: readonly string[];
  /** It has agreed that its reps are paid themselves. */
  readonly paysReps: boolean;
}

/** What rules look at in a partner. */
export type Standing = Pick<Partner, 'types' | 'tier' | 'agreedIncentives' | 'repPayments' | 'targets'>;

export const participantOf = (part: z.infer<typeof Attribution>, partner: Standing): Participant => ({
  partnerId: part.partnerId,
  role: part.role,
  sharePercent: part.sharePercent,
  types: partner.types,
  tier: partner.tier,
  agreed: partner.agreedIncentives ?? [],
  paysReps: partner.repPayments === true,
});
