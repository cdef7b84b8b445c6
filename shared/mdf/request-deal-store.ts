import { notFound } from '#shared/core/errors.ts';
import { all, is, present } from '#shared/platform/condition.ts';
import type { Key, Write } from '#shared/platform/table.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | name a deal that came from a partner's activity | table | pk = request id, sk = `request` |
 */
export const requestKey = (requestId: string): Key => ({ pk: requestId, sk: 'request' });

/** A new deal came from an activity of its partner that was approved. Refused with `not_found` when there is no such activity. */
export const nameDealOfRequest = (
  requestId: string,
  deal: { readonly id: string; readonly partnerId: string; readonly createdAt: string },
): Write => ({
  write: 'change',
  key: requestKey(requestId),
  change: { set: { [`deals.${deal.id}`]: deal.createdAt } },
  when: all(is('partnerId', '=', deal.partnerId), present('deals')),
  refuse: notFound,
});
