import type { PartnerFacts } from '#shared/facts/partner-facts.ts';
import { gather } from './measure-signals.ts';
import type { Score } from './score.ts';
import { type ScoringRules, signalsOf, trackFor } from './scoring-rules.ts';
import { settleScore } from './settle-score.ts';

/**
 * The health score of a partner's quarter: the same facts, in whatever order, and the same rules give the same bytes. Throws a
 * RangeError when facts add up to more than can be kept exactly.
 */
export const scoreQuarter = (of: PartnerFacts, rules: ScoringRules): Score => {
  const track = trackFor(rules, of.profile.types);
  return settleScore(gather(of, signalsOf(rules, track)), rules, track);
};
