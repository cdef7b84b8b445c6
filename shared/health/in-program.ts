import type { PartnerFacts } from '#shared/facts/partner-facts.ts';

/**
 * Whether a partner is scored for a quarter: it was active by its end, and had not left before it began. Those who only applied, or
 * came later, are none of its partners; one that was suspended is.
 */
export const isInProgram = ({ profile, facts, quarter }: PartnerFacts): boolean => {
  const cameLater = facts.some((fact) => fact.kind === 'partner.activated' && fact.quarter > quarter);
  if (cameLater) return false;
  if (profile.status === 'active' || profile.status === 'suspended') return true;
  if (profile.status !== 'terminated') return false;
  return facts.some((fact) => fact.kind === 'partner.left' && fact.quarter >= quarter);
};
