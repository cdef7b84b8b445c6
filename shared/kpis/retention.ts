import { previousQuarter, type Quarter } from '#shared/core/quarters.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { type FactsByKind, isLater, ofKind } from './facts-by-kind.ts';

/** By the number of integrations that a customer uses, `3` for three or more; `untold` where nobody said. */
const bands = ['0', '1', '2', '3', 'untold'] as const;

const yearBefore = (quarter: Quarter): Quarter => [1, 2, 3, 4].reduce(previousQuarter, quarter);

const bandOf = (integrations: number | undefined): (typeof bands)[number] =>
  bands[integrations === undefined ? 4 : Math.min(integrations, 3)] ?? 'untold';

/** Customers are told apart by what their facts are about. */
const byCustomer = (facts: readonly Fact[], quarter: Quarter): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  for (const { about = '', value, quarter: of } of facts)
    if (of === quarter) sums.set(about, (sums.get(about) ?? 0) + value);
  return sums;
};

const integrationsBy = (facts: readonly Fact[], quarter: Quarter): ReadonlyMap<string, Fact> => {
  const latest = new Map<string, Fact>();
  for (const fact of facts)
    if (fact.quarter <= quarter && isLater(fact, latest.get(fact.about ?? ''))) latest.set(fact.about ?? '', fact);
  return latest;
};

/**
 * What the customers of a year before paid then, and what the same customers pay now: altogether (`base`, `kept`) and by integrations
 * (`base.3`, `kept.3`). Who is gone pays nothing now; who is new is left out.
 */
export const retentionOf = (facts: FactsByKind, quarter: Quarter): ReadonlyMap<string, number> => {
  const revenue = ofKind(facts, 'customer.revenue');
  const now = byCustomer(revenue, quarter);
  const integrations = integrationsBy(ofKind(facts, 'customer.integrations'), quarter);
  const sums = new Map<string, number>();
  const add = (name: string, value: number): void => {
    sums.set(name, (sums.get(name) ?? 0) + value);
  };
  for (const [customer, base] of byCustomer(revenue, yearBefore(quarter))) {
    if (base <= 0) continue;
    const kept = now.get(customer) ?? 0;
    const band = bandOf(integrations.get(customer)?.value);
    add('base', base);
    add('kept', kept);
    add(`base.${band}`, base);
    add(`kept.${band}`, kept);
  }
  return sums;
};
