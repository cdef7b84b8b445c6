import { nextQuarter, type Quarter, quarterOf } from '#shared/core/quarters.ts';
import { addDays, dayOf, type Instant } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import { defaultTierReviews } from '#shared/program/tiers.ts';
import type { Partner } from './partner.ts';
import { type TierJudgement, verdictOf } from './tier-of-quarter.ts';

/** What becomes of a partner, and what it is called. */
export interface TierChange {
  readonly after: Partner;
  readonly type:
    | 'partner.tier_changed'
    | 'partner.tier_notice_given'
    | 'partner.tier_notice_withdrawn'
    | 'partner.tier_appeal_reminded';
}

interface Terms {
  readonly program: Program;
  readonly now: Instant;
}

const nameOf = (tier: string, { tiers }: Program): string => tiers.find(({ id }) => id === tier)?.name ?? tier;

/** Nothing hangs over its tier any more. */
export const withoutNotice = ({ tierNotice: _n, due, ...partner }: Partner): Partner =>
  due?.what === 'lapse' ? { ...partner, due } : partner;

/** A person's word on the tier still holds. */
export const isOverridden = ({ tierOverride }: Partner, now: Instant): boolean =>
  tierOverride !== undefined && tierOverride.until > now;

const appealIsOpen = ({ tierAppeal }: Partner): boolean => tierAppeal?.status === 'open';

/** What is next for a partner under notice: the next time it is told, or the loss. */
const nextDue = ({ noticesAt, endsAt, given }: NonNullable<Partner['tierNotice']>): NonNullable<Partner['due']> => {
  const next = noticesAt[given];
  return next ? { what: 'tier_notice', at: next } : { what: 'tier_loss', at: endsAt };
};

const promote = (partner: Partner, to: string, { quarter }: TierJudgement, { program }: Terms): TierChange => ({
  type: 'partner.tier_changed',
  after: {
    ...withoutNotice(partner),
    tier: to,
    tierReason: `All that ${nameOf(to, program)} asks for is met over the four quarters to ${quarter}.`,
  },
});

const giveNotice = (partner: Partner, to: string, { quarter }: TierJudgement, { program, now }: Terms): TierChange => {
  const { noticeDays, graceDays } = program.tierReviews ?? defaultTierReviews;
  const tierNotice = {
    to,
    quarter,
    since: now,
    endsAt: addDays(now, graceDays),
    noticesAt: noticeDays.map((days) => addDays(now, days)),
    given: 1,
  };
  return { type: 'partner.tier_notice_given', after: { ...partner, tierNotice, due: nextDue(tierNotice) } };
};

const withdrawNotice = (partner: Partner): TierChange => ({
  type: 'partner.tier_notice_withdrawn',
  after: withoutNotice(partner),
});

/** Of past quarters only the last one says anything about the tier of today. */
export const isLastQuarter = (quarter: Quarter, { program, now }: Terms): boolean =>
  nextQuarter(quarter) === quarterOf(dayOf(now, program.timeZone), program.fiscalYearStart);

/**
 * What a quarter's figures do to a partner's tier; undefined when nothing. Up at once, down only by notice. What was earned, or
 * promised for what was won before, stays as it was: rules look at the tier of their own day.
 */
export const applyJudgement = (partner: Partner, judgement: TierJudgement, terms: Terms): TierChange | undefined => {
  if (partner.status !== 'active' || isOverridden(partner, terms.now)) return undefined;
  if (!isLastQuarter(judgement.quarter, terms)) return undefined;
  const { outcome, to } = verdictOf(judgement, partner.tier, terms.program);
  if (outcome === 'promotes') return promote(partner, to, judgement, terms);
  if (outcome === 'keeps') return partner.tierNotice ? withdrawNotice(partner) : undefined;
  return partner.tierNotice ? undefined : giveNotice(partner, to, judgement, terms);
};

const lower = (partner: Partner, { to, quarter }: NonNullable<Partner['tierNotice']>, now: Instant): TierChange => ({
  type: 'partner.tier_changed',
  after: {
    ...withoutNotice(partner),
    tier: to,
    tierReason: `What the tier asks for was not met over the four quarters to ${quarter}, nor until now.`,
    tierLowered: { from: partner.tier, to, at: now, by: 'system' },
  },
});

const reminderDays = 7;

/**
 * What is due about a partner's tier. `present` is what the figures say on the day the tier would be lost, those of the running quarter
 * among them: whoever meets the criteria again keeps it. An open appeal holds everything up.
 */
export const dueTierChange = (partner: Partner, present: TierJudgement, terms: Terms): TierChange => {
  const { tierNotice, due } = partner;
  if (due?.what === 'tier_appeal' && appealIsOpen(partner)) {
    const again = { what: 'tier_appeal' as const, at: addDays(due.at, reminderDays) };
    return { type: 'partner.tier_appeal_reminded', after: { ...partner, due: again } };
  }
  if (!tierNotice || partner.status !== 'active' || isOverridden(partner, terms.now)) return withdrawNotice(partner);
  if (due?.what === 'tier_notice') {
    const told = { ...tierNotice, given: tierNotice.given + 1 };
    return { type: 'partner.tier_notice_given', after: { ...partner, tierNotice: told, due: nextDue(told) } };
  }
  const { outcome, to } = verdictOf(present, partner.tier, terms.program);
  if (outcome === 'promotes') return promote(partner, to, present, terms);
  return outcome === 'keeps' ? withdrawNotice(partner) : lower(partner, tierNotice, terms.now);
};

/** After an appeal was rejected the notice goes on where it stood; what should have happened meanwhile happens next. */
export const resumeNotice = (partner: Partner): Partner =>
  partner.tierNotice ? { ...partner, due: nextDue(partner.tierNotice) } : withoutNotice(partner);

/** While an appeal is open nothing is lost; staff are reminded of it. */
export const holdForAppeal = (partner: Partner, now: Instant): Partner => ({
  ...partner,
  due: { what: 'tier_appeal', at: addDays(now, reminderDays) },
});
