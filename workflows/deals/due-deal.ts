import { systemIntent } from '#shared/core/history.ts';
import { type Deal, isLive } from '#shared/deals/deal.ts';
import { expireDeal, warnDeal } from '#shared/deals/deal-life.ts';
import { payAsAnnounced } from '#shared/deals/deal-payments.ts';
import { changeDeal, getDeal } from '#shared/deals/deal-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { getProgramRules, programAt } from '#shared/program/program-store.ts';
import { earnDeal } from '#workflows/earnings/earn-deal.ts';

/** What the stream lost is booked; where the day has come that was named for it, the customer has paid. */
const dueEarnings = async (deal: Deal): Promise<void> => {
  const paid = payAsAnnounced(deal);
  if (paid?.due) {
    const { at } = paid.due;
    const terms = { version: deal.programVersion, program: await getProgramRules(deal.programVersion) };
    const intent = systemIntent('announced', deal.id, at);
    await commitChange(deal, changeDeal(deal, paid, { type: 'deal.paid', intent, terms }));
  }
  await earnDeal(deal.id);
};

/** Warns of the end of a deal's protection, or ends it; books what a won deal earns where the stream has not. What was changed meanwhile is left to the next sweep. */
export const dueDeal = async (dealId: string, now: string): Promise<void> => {
  const deal = await getDeal(dealId);
  if (!deal.due || deal.due.at > now) return;
  if (deal.due.what === 'earn') return dueEarnings(deal);
  const terms = await programAt(now);
  const ends = deal.due.what !== 'warn' || !isLive(deal, now);
  const after = ends ? expireDeal(deal) : warnDeal(deal, terms.program);
  const intent = systemIntent('due', `${dealId}@${deal.version}`, now);
  await commitChange(deal, changeDeal(deal, after, { type: ends ? 'deal.expired' : 'deal.warned', intent, terms }));
};
