import { DomainError } from '#shared/core/errors.ts';
import { addDays, type Day, dayOf, type Instant } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import type { Partner } from './partner.ts';
import { refuseFaults } from './partner-screening.ts';
import { holdForAppeal, placeTier, resumeNotice } from './tier-life.ts';

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
  /** Upheld: the last day on which the tier is kept whatever the figures say. */
  readonly tierUntil?: Day | undefined;
}

interface Answering {
  readonly program: Program;
  readonly now: Instant;
  readonly by: string;
}

const mustNameDay = ({ outcome, tierUntil }: AppealAnswer, { program, now }: Answering): Day => {
  const pointer = '#/tierUntil';
  const today = dayOf(now, program.timeZone);
  const what = 'The appeal cannot be answered like this';
  if (outcome === 'uphold' && tierUntil === undefined)
    refuseFaults(
      [{ pointer, code: 'partner.tier_until_missing', detail: 'must say until when the tier is kept' }],
      what,
    );
  if (tierUntil !== undefined && tierUntil < today)
    refuseFaults([{ pointer, code: 'partner.tier_until_past', detail: 'must be today or a later day' }], what);
  return tierUntil ?? today;
};

/**
 * Somebody answers who had no part in it: not who appealed, and not who lowered the tier. Upheld, the tier stays or comes back.
 * Throws `partner.no_open_appeal`, `partner.own_tier_decision`, `partner.tier_until_missing`, `partner.tier_until_past`.
 */
export const answerAppeal = (partner: Partner, answer: AppealAnswer, about: Answering): Partner => {
  const { tierAppeal, tierNotice, tierLowered } = partner;
  const { by, now } = about;
  if (tierAppeal?.status !== 'open')
    throw new DomainError('conflict', 'partner.no_open_appeal', 'No appeal waits for an answer.');
  const lowered = tierNotice ? undefined : tierLowered;
  if (by === tierAppeal.by || by === lowered?.by)
    throw new DomainError('forbidden', 'partner.own_tier_decision', 'Somebody answers who did not lower the tier.');
  const tierUntil = mustNameDay(answer, about);
  const isUpheld = answer.outcome === 'uphold';
  const answered: Partner = {
    ...partner,
    tierAppeal: { ...tierAppeal, status: isUpheld ? 'upheld' : 'rejected', answeredBy: by, answeredAt: now },
    tierAppealWords: { reason: partner.tierAppealWords?.reason ?? '', answer: answer.reason },
  };
  if (!isUpheld) return resumeNotice(answered, about);
  const { tierLowered: _l, ...kept } = answered;
  return placeTier(kept, { tier: lowered?.from ?? partner.tier, reason: answer.reason, tierUntil }, about);
};
