import { factsByQuarter } from '#shared/facts/facts-by-quarter.ts';
import type { PartnerFacts } from '#shared/facts/partner-facts.ts';

/**
 * Whether a partner is scored for a quarter: it was active by its end, and had not left before it began. Those who only applied, or
 * came later, are none of its partners; one that was suspended is.
 */
export const isInProgram = (of: PartnerFacts): boolean => {
  const { status } = of.profile;
  const facts = factsByQuarter(of);
  const cameLater = facts.ofKind('partner.activated').some(({ back }) => back < 0);
  if (cameLater) return false;
  if (status === 'active' || status === 'suspended') return true;
  return status === 'terminated' && facts.ofKind('partner.left').some(({ back }) => back <= 0);
};
