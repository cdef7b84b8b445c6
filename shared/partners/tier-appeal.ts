import { DomainError } from '#shared/core/errors.ts';
import { addDays, type Day, dayOf, type Instant } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import type { Partner } from './partner.ts';
import { refuseFaults } from './partner-screening.ts';
import { holdForAppeal, placeTier, resumeNotice } from './tier-life.ts';
import type { TierAppeal } from './tier-standing.ts';

/** So long after the tier went down it can be appealed. */
const appealDays = 30;

type Ground = Pick<TierAppeal, 'about' | 'since' | 'from' | 'loweredBy'>;

/** What could be appealed now, the oldest first: whenever the tier goes down, no notice is left. */
const groundsOf = ({ tier, tierNotice, tierLowered }: Partner, now: Instant): readonly Ground[] => [
  ...(tierLowered && now < addDays(tierLowered.at, appealDays)
    ? [{ about: 'loss' as const, since: tierLowered.at, from: tierLowered.from, loweredBy: tierLowered.by }]
    : []),
  ...(tierNotice ? [{ about: 'notice' as const, since: tierNotice.since, from: tier }] : []),
];

/**
 * The partner says why its tier should stay, or come back: while it is under notice, or within 30 days after the tier went down; once
 * for each. Until the answer nothing is lost. Throws `partner.nothing_to_appeal`, `partner.already_appealed`.
 */
export const appealTier = (
  partner: Partner,
  { reason, by, now }: { readonly reason: string; readonly by: string; readonly now: Instant },
): Partner => {
  const grounds = groundsOf(partner, now);
  if (partner.status !== 'active' || grounds.length === 0)
    throw new DomainError(
      'conflict',
      'partner.nothing_to_appeal',
      'Your tier is not in danger, nor was it lowered lately.',
    );
  const last = partner.tierAppeal;
  const ground = grounds.find(({ since }) => last === undefined || (last.status !== 'open' && since > last.since));
  if (!ground)
    throw new DomainError(
      'conflict',
      'partner.already_appealed',
      'This was appealed before; there is one answer to it.',
      {
        facts: { status: last?.status },
      },
    );
  const tierAppeal = { status: 'open' as const, ...ground, by, at: now };
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
 * Somebody answers who had no part in it: not who appealed, and not who lowered the tier. Upheld, the tier stays or comes back; who
 * has risen above it meanwhile stays there. Throws `partner.no_open_appeal`, `partner.own_tier_decision`, `partner.tier_until_missing`, `partner.tier_until_past`.
 */
export const answerAppeal = (partner: Partner, answer: AppealAnswer, about: Answering): Partner => {
  const { tierAppeal } = partner;
  const { by, now, program } = about;
  if (tierAppeal?.status !== 'open')
    throw new DomainError('conflict', 'partner.no_open_appeal', 'No appeal waits for an answer.');
  if (by === tierAppeal.by || by === tierAppeal.loweredBy)
    throw new DomainError('forbidden', 'partner.own_tier_decision', 'Somebody answers who did not lower the tier.');
  const tierUntil = mustNameDay(answer, about);
  const isUpheld = answer.outcome === 'uphold';
  const answered: Partner = {
    ...partner,
    tierAppeal: { ...tierAppeal, status: isUpheld ? 'upheld' : 'rejected', answeredBy: by, answeredAt: now },
    tierAppealWords: { reason: partner.tierAppealWords?.reason ?? '', answer: answer.reason },
  };
  if (!isUpheld) return resumeNotice(answered, about);
  const place = (tier: string): number => program.tiers.findIndex(({ id }) => id === tier);
  const placement = { reason: answer.reason, tierUntil };
  if (place(tierAppeal.from) <= place(partner.tier)) return placeTier(answered, placement, about);
  const { tierLowered: _l, ...kept } = answered;
  return placeTier(kept, { ...placement, tier: tierAppeal.from }, about);
};
