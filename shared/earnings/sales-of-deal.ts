import * as z from 'zod';
import { allocateMoney } from '#shared/core/money.ts';
import { Day, dayOf, daysBetween } from '#shared/core/time.ts';
import { type Deal, DealType } from '#shared/deals/deal.ts';
import type { Program } from '#shared/program/program.ts';
import { isWon } from './earnings-of-deal.ts';
import { paidOf } from './tranches.ts';

/** A partner's part in a won deal, as the rules for quarters and years look at it. */
export const SaleFact = z.object({
  dealId: z.string(),
  partnerId: z.string(),
  closedOn: Day,
  /** The partner's share of what was sold and not given back, in minor units. */
  amountMinor: z.int(),
  /** What the whole deal was sold for. */
  valueMinor: z.int(),
  currency: z.string(),
  dealType: DealType,
  productLine: z.string(),
  role: z.enum(['sourced', 'influenced']),
  /** Counts the refunds that are taken into account. */
  refunds: z.int(),
});
export type SaleFact = z.infer<typeof SaleFact>;

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

/** What each partner of a deal sold with it; nothing while it is not won. */
export const salesOfDeal = (deal: Deal, program: Program): readonly SaleFact[] => {
  if (!isWon(deal)) return [];
  const { value, attributions, closedOn, refunds = [] } = deal;
  const kept = { ...value, amountMinor: value.amountMinor - takenBack(deal, program) };
  const shares = attributions.map(({ sharePercent }) => sharePercent);
  const parts = shares.some((share) => share > 0) ? allocateMoney(kept, shares) : [];
  return attributions.flatMap(({ partnerId, role, sharePercent }, index) =>
    sharePercent === 0
      ? []
      : {
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
        },
  );
};
