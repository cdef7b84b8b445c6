import { addMoney, allocateMoney, type Money } from '#shared/core/money.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { type Claim, invoiced } from './claim.ts';
import type { FundRequest } from './fund-request.ts';
import type { MdfReturn } from './mdf-contract.ts';

/** Rounded to the cent, the odd cents to the first leads; undefined without leads. */
export const costPerLead = (cost: Money, leads: number): Money | undefined =>
  leads === 0 ? undefined : allocateMoney(cost, [1, leads - 1])[0];

const sum = (amounts: readonly Money[], currency: string): Money =>
  amounts.reduce<Money>(addMoney, { amountMinor: 0, currency });

const counts = ({ status, clawedBackAt }: Claim): boolean =>
  status !== 'rejected' && status !== 'expired' && clawedBackAt === undefined;

const openOrWon = (deals: readonly Deal[], statuses: readonly Deal['status'][]): readonly Money[] =>
  deals.filter(({ status }) => statuses.includes(status)).map(({ value }) => value);

const withCost = (figures: Omit<MdfReturn['actual'], 'costPerLead'>): MdfReturn['actual'] => {
  const each = costPerLead(figures.cost, figures.leads);
  return { ...figures, ...(each ? { costPerLead: each } : {}) };
};

/**
 * What an activity brought against what it promised: leads and pipeline as its claims say, and as the deals show that were registered
 * from it; what its deals sold; what it cost in all, net of VAT, and so each lead.
 */
export const returnOf = (request: FundRequest, claims: readonly Claim[], deals: readonly Deal[]): MdfReturn => {
  const { currency } = request.requestedAmount;
  const told = claims.filter(counts);
  const promised = { leads: request.expectedLeads, pipeline: request.expectedPipeline, cost: request.expectedCost };
  const actual = {
    leads: told.reduce((total, { outcome }) => total + outcome.leads, 0),
    pipeline: sum(
      told.map(({ outcome }) => outcome.pipeline),
      currency,
    ),
    cost: sum(told.map(invoiced), currency),
  };
  return {
    promised: withCost(promised),
    actual: withCost(actual),
    deals: deals.length,
    registeredPipeline: sum(openOrWon(deals, ['submitted', 'returned', 'approved', 'won']), currency),
    revenue: sum(openOrWon(deals, ['won']), currency),
  };
};
