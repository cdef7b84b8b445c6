import type { Quarter } from '#shared/core/quarters.ts';
import type { Fact } from './fact.ts';

/** The partner as its fact `partner.profile` tells, in the order of its words. */
export interface Profile {
  readonly status: string;
  readonly tier: string;
  readonly region: string;
  readonly types: readonly string[];
}

/** All that a quarter's score, scorecard, tier and figures are made from, and nothing else: whoever has the same facts gets the same. */
export interface PartnerFacts {
  readonly partnerId: string;
  /** The quarter that is looked at; facts of later ones are left out. */
  readonly quarter: Quarter;
  readonly profile: Profile;
  /** In any order. */
  readonly facts: readonly Fact[];
}

/** The facts of one partner as a quarter is looked at by them, with its profile as it was told last by the quarter's end. */
export const partnerFacts = (partnerId: string, quarter: Quarter, facts: readonly Fact[]): PartnerFacts => {
  let profile: Fact | undefined;
  for (const fact of facts)
    if (fact.kind === 'partner.profile' && fact.quarter <= quarter && !(profile && profile.at > fact.at))
      profile = fact;
  return { partnerId, quarter, profile: readProfile(profile?.about ?? ''), facts };
};

/** The words of a profile, as a fact keeps them. */
export const tellProfile = ({ status, tier, region, types }: Profile): string =>
  [status, tier, region, types.join(',')].join(';');

export const readProfile = (words: string): Profile => {
  const [status = '', tier = '', region = '', types = ''] = words.split(';');
  return { status, tier, region, types: types.split(',').filter(Boolean) };
};
