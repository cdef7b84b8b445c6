import { DomainError, isCode, notFound } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import { getDeal } from '#shared/deals/deal-store.ts';
import { mustBeActive } from '#shared/partners/partner-gate-store.ts';
import { commitChange, type Saved } from '#shared/platform/history-store.ts';
import { listByStatus } from '#shared/platform/lists.ts';
import type { Write } from '#shared/platform/table.ts';
import type { Earning } from './earning.ts';
import { bookEarning, earningFrom } from './earning-store.ts';
import type { BonusAsked } from './manual-bonus.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | bonuses that wait for a decision | byStatus | `earnings#<shard>`, `submitted#<createdAt>#<earning id>` |
 *
 * Of all earnings these alone are in an index, and only while they wait.
 */
const forActivePartner = (partnerId: string): Write => {
  const check = mustBeActive(partnerId);
  return { ...check, refuse: (image) => (image ? check.refuse(image) : notFound()) };
};

/** Throws `not_found` when the bonus names a deal in which the partner has no part. */
export const checkDealOf = async ({ dealId, partnerId }: BonusAsked): Promise<void> => {
  if (dealId === undefined) return;
  const deal = await getDeal(dealId).catch((error: unknown) => {
    if (isCode(error, 'not_found')) return undefined;
    throw error;
  });
  if (deal?.attributions.some((part) => part.partnerId === partnerId)) return;
  throw new DomainError('not_found', 'not_found', 'The partner has no part in such a deal.', {
    errors: [{ pointer: '#/dealId', code: 'not_found', detail: 'must be a deal in which the partner has a part' }],
  });
};

/**
 * Asks for a bonus in one write. Throws `partner.not_active`: new bonuses are for active partners, while what was approved before a
 * suspension stays owed; `not_found` for a partner that is not there; `idempotency.*`.
 */
export const insertBonus = async (bonus: Earning, intent: Intent): Promise<Saved<Earning>> => {
  const change = bookEarning(bonus, intent);
  return commitChange(undefined, { ...change, writes: [...change.writes, forActivePartner(bonus.partnerId)] });
};

/** Bonuses that wait for a decision, oldest first. */
export const listWaitingBonuses = async (
  after: string | undefined,
  limit: number,
): Promise<{ readonly entities: readonly Earning[]; readonly after: string | undefined }> => {
  const page = await listByStatus({ noun: 'earnings', prefix: 'submitted#', after, limit });
  return { entities: page.items.flatMap((item) => earningFrom(item) ?? []), after: page.after };
};
