import { DomainError } from '#shared/core/errors.ts';
import { addDays, type Instant } from '#shared/core/time.ts';
import type { Partner } from './partner.ts';
import { holdForAppeal, resumeNotice, withoutNotice } from './tier-life.ts';

/** So long after the tier went down it can be appealed. */
const appealDays = 30;

const lateFrom = (partner: Partner): Instant | undefined =>
  partner.tierLowered && addDays(partner.tierLowered.at, appealDays);

/** When what could be appealed now began. */
const groundOf = (partner: Partner, now: Instant): Instant | undefined => {
  if (partner.tierNotice) return partner.tierNotice.since;
  const late = lateFrom(partner);
  return late !== undefined && now < late ? partner.tierLowered?.at : undefined;
};

/**
 * The partner says why its tier should stay, or come back: while it is under notice, or within 30 days after the tier went down; once
 * for each. Until the answer nothing is lost. Throws `partner.nothing_to_appeal`, `partner.already_appealed`.
 */
export const appealTier = (
  partner: Partner,
  { reason, by, now }: { readonly reason: string; readonly by: string; readonly now: Instant },
): Partner => {
  const ground = groundOf(partner, now);
  if (partner.status !== 'active' || ground === undefined)
    throw new DomainError(
      'conflict',
      'partner.nothing_to_appeal',
      'Your tier is not in danger, nor was it lowered lately.',
    );
  if (partner.tierAppeal && partner.tierAppeal.at >= ground)
    throw new DomainError(
      'conflict',
      'partner.already_appealed',
      'This was appealed before; there is one answer to it.',
      {
        facts: { status: partner.tierAppeal.status },
      },
    );
  const tierAppeal = { status: 'open' as const, by, at: now };
  return holdForAppeal({ ...partner, tierAppeal, tierAppealWords: { reason } }, now);
};

export interface AppealAnswer {
  readonly outcome: 'uphold' | 'reject';
  readonly reason: string;
  /** The partner keeps its tier, or has it back, until then, whatever the figures say. */
  readonly until: Instant;
  readonly by: string;
  readonly now: Instant;
}

/**
 * Somebody answers who had no part in it: not who appealed, and not who lowered the tier. Upheld, the tier stays or comes back.
 * Throws `partner.no_open_appeal`, `partner.own_tier_decision`.
 */
export const answerAppeal = (partner: Partner, { outcome, reason, until, by, now }: AppealAnswer): Partner => {
  const { tierAppeal, tierNotice, tierLowered } = partner;
  if (tierAppeal?.status !== 'open')
    throw new DomainError('conflict', 'partner.no_open_appeal', 'No appeal waits for an answer.');
  const lowered = !tierNotice && tierLowered ? tierLowered : undefined;
  if (by === tierAppeal.by || by === lowered?.by)
    throw new DomainError('forbidden', 'partner.own_tier_decision', 'Somebody answers who did not lower the tier.');
  const answered = {
    ...partner,
    tierAppeal: {
      ...tierAppeal,
      status: outcome === 'uphold' ? ('upheld' as const) : ('rejected' as const),
      answeredBy: by,
      answeredAt: now,
    },
    tierAppealWords: { reason: partner.tierAppealWords?.reason ?? '', answer: reason },
  };
  if (outcome === 'reject') return resumeNotice(answered);
  const { tierLowered: _l, ...kept } = withoutNotice(answered);
  return {
    ...kept,
    tier: lowered?.from ?? partner.tier,
    tierReason: reason,
    tierOverride: { until, by, at: now },
  };
};
