import type { Check } from '#shared/approvals/approval.ts';
import { formatMoney } from '#shared/core/money.ts';
import { addDays } from '#shared/core/time.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import { isManual, sumOf } from '#shared/earnings/manual-bonus.ts';

const withinDays = 90;
const most = 1_000;

/** What the partner was given by hand of late, since an amount that is split in parts looks small. */
export const checkBonuses = async ({ id, partnerId }: Earning, since: string): Promise<Check> => {
  const from = addDays(since, -withinDays);
  const keep = (other: Earning): boolean =>
    isManual(other) && other.id !== id && other.status !== 'rejected' && other.createdAt >= from;
  const { earnings } = await listEarningsOfPartner({ partnerId, keep, after: undefined, limit: most });
  const check = 'other-bonuses';
  const sum = sumOf(earnings);
  if (!sum) return { check, outcome: 'pass', detail: `No other bonus in the ${withinDays} days before.` };
  const detail = `${earnings.length} other bonuses of ${formatMoney(sum)} in all, given or asked for, in the ${withinDays} days before.`;
  return { check, outcome: 'warn', detail };
};
