import { absent, all, any, is } from '#shared/platform/condition.ts';
import { queryAll, transact } from '#shared/platform/table.ts';
import { SaleFact } from './sales-of-deal.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | a partner's sales from a day to a day | table | pk = partner id, sk = `sale#<closedOn>#<deal id>` |
 *
 * A partner's part in a won deal, as the rules for quarters and years look at it. The worker that books a deal's earnings writes it.
 */
const prefix = 'sale#';

/** Writes what a partner sold; what knows of fewer refunds does not overwrite what knows of more. */
export const recordSale = async (fact: SaleFact): Promise<void> => {
  const key = { pk: fact.partnerId, sk: `${prefix}${fact.closedOn}#${fact.dealId}` };
  await transact([
    {
      write: 'change',
      key,
      change: { set: { kind: 'sale', ...fact } },
      when: any(absent('refunds'), is('refunds', '<', fact.refunds)),
      refuse: () => new Error('It is known already.'),
    },
  ]);
};

const perQuery = 500;

/** A partner's sales that were closed between two days, both included, oldest first. */
export const listSales = async (partnerId: string, from: string, until: string): Promise<readonly SaleFact[]> => {
  const sales: SaleFact[] = [];
  const range = { test: 'between' as const, name: 'sk', from: `${prefix}${from}`, to: `${prefix}${until}#~` };
  for await (const items of queryAll({ key: all(is('pk', '=', partnerId), range), limit: perQuery }))
    sales.push(...items.map((item) => SaleFact.parse(item)));
  return sales;
};
