import { mustReach, type Operation, type Reach, reachOf } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { getEarning } from '#shared/earnings/earning-store.ts';

/** A bonus that staff ask for is staff's own affair until it is approved. */
export const isShownTo = (reach: Reach, { status }: Pick<Earning, 'status'>): boolean =>
  reach === 'any' || (status !== 'submitted' && status !== 'rejected');

/** The earning, if the caller may see it. Throws `not_found`, for another partner's too. */
export const getVisibleEarning = async (operation: Operation, caller: Caller, earningId: string): Promise<Earning> => {
  const earning = await getEarning(earningId);
  mustReach(operation, caller, earning.partnerId);
  if (!isShownTo(reachOf(operation, caller), earning)) throw notFound();
  return earning;
};
