import { type Operation, reaches } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { getEarning } from '#shared/earnings/earning-store.ts';

/** The earning, if the caller may see it. Throws `not_found`, for another partner's too. */
export const getVisibleEarning = async (operation: Operation, caller: Caller, earningId: string): Promise<Earning> => {
  const earning = await getEarning(earningId);
  if (!reaches(operation, caller, earning.partnerId)) throw notFound();
  return earning;
};
