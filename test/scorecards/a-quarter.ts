import { nextQuarter, previousQuarter, type Quarter } from '#shared/core/quarters.ts';
import { millis } from '#shared/core/time.ts';
import type { Fact } from '#shared/facts/fact.ts';
import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { PartnerFacts, Profile } from '#shared/facts/partner-facts.ts';

export const quarter: Quarter = '2026-Q3';
export const partnerId = 'ptr_a';

/** A quarter so many quarters ago; below zero, one that is still to come. */
const ago = (quarters: number): Quarter => {
  if (quarters < 0) return nextQuarter(ago(quarters + 1));
  return quarters === 0 ? quarter : previousQuarter(ago(quarters - 1));
};

let facts = 0;

/** Facts of one kind in the quarter that is looked at, or so many quarters before it: one for each value. */
export const some = (
  kind: FactKindId,
  values: readonly number[],
  { back = 0, on = '2026-08-15' }: { readonly back?: number; readonly on?: string } = {},
): readonly Fact[] =>
  values.map((value) => {
    facts += 1;
    return { partnerId, kind, quarter: ago(back), id: `f${facts}`, value, at: millis(on) / 1000 };
  });

/** All that is known of a partner in the third quarter of 2026. */
export const aQuarter = (known: readonly (readonly Fact[])[], profile: Partial<Profile> = {}): PartnerFacts => ({
  partnerId,
  quarter,
  profile: { status: 'active', tier: 'gold', region: 'amer', types: ['reseller'], ...profile },
  facts: known.flat(),
});
