import { derivedId } from '#shared/core/ids.ts';
import { type Earning, newEarning } from '#shared/earnings/earning.ts';

export const earnedAt = '2026-07-01T12:00:00.000Z';
export const heldUntil = '2026-07-31T12:00:00.000Z';

/** A commission on hold, as it is before it is booked, with what a test wants different. */
export const anEarning = (overrides: Partial<Earning> = {}): Earning =>
  newEarning({
    id: derivedId('ern', 'deal_1', 'ptr_1', 'referral-commission', '1'),
    status: 'on_hold',
    kind: 'commission',
    partnerId: 'ptr_1',
    dealId: 'deal_1',
    amount: { amountMinor: 120_000, currency: 'USD' },
    createdAt: earnedAt,
    holdUntil: heldUntil,
    statement: '2026-07',
    explanation: {
      rule: 'referral-commission',
      programVersion: 1,
      inputs: { of: 1_200_000, percent: 10, tier: 'authorized' },
    },
    ...overrides,
  });
