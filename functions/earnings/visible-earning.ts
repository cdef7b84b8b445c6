import { mustReach, type Operation, type Reach, reachOf } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import { type Earning, isShownToPartner } from '#shared/earnings/earning.ts';
import { getEarning } from '#shared/earnings/earning-store.ts';

export const isShownTo = (reach: Reach, earning: Pick<Earning, 'status'>): boolean =>
  reach === 'any' || isShownToPartner(earning);

/** The earning, if the caller may see it. Throws `not_found`, for another partner's too. */
export const getVisibleEarning = async (operation: Operation, caller: Caller, earningId: string): Promise<Earning> => {
  const earning = await getEarning(earningId);
  mustReach(operation, caller, earning.partnerId);
  if (!isShownTo(reachOf(operation, caller), earning)) throw notFound();
  return earning;
};
