import { isCode } from '#shared/core/errors.ts';
import { systemIntent } from '#shared/core/history.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { withEarningsBooked } from '#shared/deals/deal-payments.ts';
import { changeDeal, getDeal } from '#shared/deals/deal-store.ts';
import { earningsOf, isWon } from '#shared/earnings/earnings-of-deal.ts';
import { participantOf } from '#shared/earnings/participant.ts';
import { getPartnerAsOf } from '#shared/partners/partner-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { getProgramRules } from '#shared/program/program-store.ts';
import { bookSeries } from './book-series.ts';
import { recordSales } from './record-sales.ts';

/** Who changed the deal in the meantime has its own event, after which its earnings are booked again. */
const clearDue = async (deal: Deal, terms: Parameters<typeof changeDeal>[2]['terms']): Promise<void> => {
  if (deal.due?.what !== 'earn') return;
  const intent = systemIntent('earned', `${deal.id}@${deal.version}`, deal.due.at);
  const change = changeDeal(deal, withEarningsBooked(deal, terms.program.timeZone), {
    type: 'deal.earnings_booked',
    intent,
    terms,
  });
  await commitChange(deal, change).catch((error: unknown) => {
    if (!isCode(error, 'version.stale')) throw error;
  });
};

const tries = 5;

/**
 * Books what a won deal earns, as its payments and refunds now stand. What is to be booked is reckoned anew from the deal each time
 * and has ids of its own, so it may run twice, late, or beside itself: each earning is booked once.
 */
export const earnDeal = async (dealId: string): Promise<void> => {
  const deal = await getDeal(dealId);
  if (!isWon(deal)) return;
  const program = await getProgramRules(deal.programVersion);
  const participants = await Promise.all(
    deal.attributions.map(async (part) => participantOf(part, await getPartnerAsOf(part.partnerId, deal.wonAt))),
  );
  for (const series of earningsOf(deal, { program, participants })) {
    for (let left = tries; ; left -= 1) {
      try {
        await bookSeries(series, program);
        break;
      } catch (error) {
        if (!isCode(error, 'version.stale') || left === 1) throw error;
      }
    }
  }
  await recordSales(deal, program);
  await clearDue(deal, { version: deal.programVersion, program });
};
