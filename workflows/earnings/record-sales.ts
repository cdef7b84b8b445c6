import { allocateMoney } from '#shared/core/money.ts';
import { dayOf, daysBetween } from '#shared/core/time.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { isWon } from '#shared/earnings/earnings-of-deal.ts';
import { periodsOf } from '#shared/earnings/periods.ts';
import { recordSale } from '#shared/earnings/sale-store.ts';
import { paidOf } from '#shared/earnings/tranches.ts';
import type { Program } from '#shared/program/program.ts';
import { settleLate } from './settle-period.ts';

/** What was given back, or will not be paid, so soon that earnings are taken back, in minor units. */
const takenBack = (deal: Deal, { incentives, timeZone }: Program): number => {
  const { clawbackDays } = incentives;
  const paid = paidOf(deal.payments ?? [], deal.refunds ?? [], { valueMinor: deal.value.amountMinor, clawbackDays });
  const returned = paid.tranches
    .flatMap(({ takings }) => takings)
    .filter(({ takesBack }) => takesBack)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const { cancelledAt, cancelledMinor } = paid;
  const soon =
    cancelledAt !== undefined && daysBetween(deal.closedOn ?? '', dayOf(cancelledAt, timeZone)) <= clawbackDays;
  return Math.min(deal.value.amountMinor, returned + (soon ? cancelledMinor : 0));
};

/** Writes down what each partner of a won deal sold with it, for the rules of whole quarters and years. */
export const recordSales = async (deal: Deal, program: Program): Promise<void> => {
  if (!isWon(deal)) return;
  const { value, attributions, closedOn, refunds = [] } = deal;
  const kept = { ...value, amountMinor: value.amountMinor - takenBack(deal, program) };
  const shares = attributions.map(({ sharePercent }) => sharePercent);
  const parts = shares.some((share) => share > 0) ? allocateMoney(kept, shares) : [];
  const at = refunds.at(-1)?.at ?? deal.wonAt;
  for (const [index, { partnerId, role, sharePercent }] of attributions.entries()) {
    if (sharePercent === 0) continue;
    await recordSale({
      dealId: deal.id,
      partnerId,
      closedOn,
      amountMinor: parts[index]?.amountMinor ?? 0,
      valueMinor: value.amountMinor,
      currency: value.currency,
      dealType: deal.dealType,
      productLine: deal.productLine,
      role,
      refunds: refunds.length,
    });
    await settleLate(partnerId, periodsOf(closedOn, program), at);
  }
};
