import type { Deal } from '#shared/deals/deal.ts';
import { isWon } from '#shared/earnings/earnings-of-deal.ts';
import { periodsOf } from '#shared/earnings/periods.ts';
import { recordSale } from '#shared/earnings/sale-store.ts';
import { salesOfDeal } from '#shared/earnings/sales-of-deal.ts';
import type { Program } from '#shared/program/program.ts';
import { settleLate } from './settle-period.ts';

/** Writes down what each partner of a won deal sold with it, for the rules of whole quarters and years. */
export const recordSales = async (deal: Deal, program: Program): Promise<void> => {
  if (!isWon(deal)) return;
  const at = deal.refunds?.at(-1)?.at ?? deal.wonAt;
  for (const sale of salesOfDeal(deal, program)) {
    await recordSale(sale);
    await settleLate(sale.partnerId, periodsOf(sale.closedOn, program), at);
  }
};
