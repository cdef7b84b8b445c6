import { nextQuarter, type Quarter, quarterOf } from '#shared/core/quarters.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { addDays, type Day, dayOf, type Instant } from '#shared/core/time.ts';
import { defaultTierReviews } from '#shared/program/default-tier-reviews.ts';
import type { Program } from '#shared/program/program.ts';
import type { Partner } from './partner.ts';
import { type TierJudgement, verdictOf } from './tier-of-quarter.ts';
import type { TierHeld } from './tier-standing.ts';

/** What becomes of a partner, and what it is called. */
export interface TierChange {
  readonly after: Partner;
  readonly type:
    | 'partner.tier_changed'
    | 'partner.tier_notice_given'
    | 'partner.tier_notice_withdrawn'
    | 'partner.tier_notice_held'
    | 'partner.tier_notice_let_go'
    | 'partner.tier_appeal_reminded';
}

interface Terms {
  readonly program: Program;
  readonly now: Instant;
}

const nameOf = (tier: string, { tiers }: Program): string => tiers.find(({ id }) => id === tier)?.name ?? tier;

const appealIsOpen = ({ tierAppeal }: Partner): boolean => tierAppeal?.status === 'open';

/** Nothing hangs over its tier any more; an open appeal still waits for its answer. */
const withoutNotice = ({ tierNotice: _n, tierHeld: _h, due, ...partner }: Partner): Partner =>
  due?.what === 'lapse' || (due?.what === 'tier_appeal' && appealIsOpen(partner)) ? { ...partner, due } : partner;

/** A person's word on the tier still holds. */
const isOverridden = ({ tierOverride }: Partner, now: Instant): boolean =>
  tierOverride !== undefined && tierOverride.until > now;

/** What is next for a partner under notice: the next time it is told, or the loss. */
const nextDue = ({ noticesAt, endsAt, given }: NonNullable<Partner['tierNotice']>): NonNullable<Partner['due']> => {
  const next = noticesAt[given];
  return next ? { what: 'tier_notice', at: next } : { what: 'tier_loss', at: endsAt };
};

/** Which way it goes, and by which quarter's figures. */
type Move = TierHeld;

const promote = (partner: Partner, { to, quarter }: Move, { program }: Terms): TierChange => ({
  type: 'partner.tier_changed',
  after: {
    ...withoutNotice(partner),
    tier: to,
    tierReason: `All that ${nameOf(to, program)} asks for is met over the four quarters to ${quarter}.`,
  },
});

const giveNotice = (
  { tierHeld: _h, ...partner }: Partner,
  { to, quarter }: Move,
  { program, now }: Terms,
): TierChange => {
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

/** Until somebody has answered the appeal nothing more falls on the partner. */
const holdNotice = (partner: Partner, move: Move): TierChange => ({
  type: 'partner.tier_notice_held',
  after: { ...partner, tierHeld: move },
});

const letGo = ({ tierHeld: _h, ...partner }: Partner): TierChange => ({
  type: 'partner.tier_notice_let_go',
  after: partner,
});

const withdrawNotice = (partner: Partner): TierChange => ({
  type: 'partner.tier_notice_withdrawn',
  after: withoutNotice(partner),
});

/** Of past quarters only the last one says anything about the tier of today. */
const isLastQuarter = (quarter: Quarter, { program, now }: Terms): boolean =>
  nextQuarter(quarter) === quarterOf(dayOf(now, program.timeZone), program.fiscalYearStart);

/**
 * What a quarter's figures do to a partner's tier; undefined when nothing. Up at once, down only by notice. What was earned, or
 * promised for what was won before, stays as it was: rules look at the tier of their own day. While an appeal is open no notice is given:
 * what the figures say of it is acted on with the answer.
 */
export const applyJudgement = (partner: Partner, judgement: TierJudgement, terms: Terms): TierChange | undefined => {
  if (partner.status !== 'active' || isOverridden(partner, terms.now)) return undefined;
  if (!isLastQuarter(judgement.quarter, terms)) return undefined;
  const { outcome, to } = verdictOf(judgement, partner.tier, terms.program);
  const move = { to, quarter: judgement.quarter };
  if (outcome === 'promotes') return promote(partner, move, terms);
  const { tierNotice, tierHeld } = partner;
  if (outcome === 'keeps') return tierNotice ? withdrawNotice(partner) : tierHeld && letGo(partner);
  if (tierNotice) return undefined;
  return appealIsOpen(partner) ? holdNotice(partner, move) : giveNotice(partner, move, terms);
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
 * What is due about a partner's tier. `present` is what the figures say when the tier would be lost, of the last quarter and of the
 * running one: whoever meets the criteria by either keeps it. An open appeal holds everything up.
 */
export const dueTierChange = (partner: Partner, present: readonly TierJudgement[], terms: Terms): TierChange => {
  const { tierNotice, due } = partner;
  if (due && appealIsOpen(partner)) {
    const again = { what: 'tier_appeal' as const, at: addDays(due.at, reminderDays) };
    return { type: 'partner.tier_appeal_reminded', after: { ...partner, due: again } };
  }
  if (!tierNotice || partner.status !== 'active' || isOverridden(partner, terms.now)) return withdrawNotice(partner);
  if (due?.what === 'tier_notice') {
    const told = { ...tierNotice, given: tierNotice.given + 1 };
    return { type: 'partner.tier_notice_given', after: { ...partner, tierNotice: told, due: nextDue(told) } };
  }
  const isKept = present.some((it) => verdictOf(it, partner.tier, terms.program).outcome !== 'falls_short');
  return isKept ? withdrawNotice(partner) : lower(partner, tierNotice, terms.now);
};

/**
 * After an appeal was rejected the notice goes on where it stood; what should have happened meanwhile happens next. One that was held
 * back is given now.
 */
export const resumeNotice = (partner: Partner, terms: Terms): Partner => {
  const { tierNotice, tierHeld } = partner;
  if (tierNotice) return { ...partner, due: nextDue(tierNotice) };
  return tierHeld ? giveNotice(partner, tierHeld, terms).after : withoutNotice(partner);
};

/** While an appeal is open nothing is lost; staff are reminded of it. */
export const holdForAppeal = (partner: Partner, now: Instant): Partner => ({
  ...partner,
  due: { what: 'tier_appeal', at: addDays(now, reminderDays) },
});

/** What a person says about the tier: which, why, and until when it holds whatever the figures say. */
export interface Placement {
  readonly tier?: string | undefined;
  readonly reason?: string | undefined;
  readonly tierUntil?: Day | undefined;
}

/** A person's word ends what hung over the tier. Without an end the next quarter's figures decide again. */
export const placeTier = (
  partner: Partner,
  { tier = partner.tier, reason, tierUntil }: Placement,
  { program, now, by }: Terms & { readonly by: string },
): Partner => {
  const isMoved = tier !== partner.tier;
  if (!isMoved && tierUntil === undefined) return partner;
  const place = (id: string): number => program.tiers.findIndex((it) => it.id === id);
  const { tierOverride: _o, ...kept } = withoutNotice(partner);
  return {
    ...kept,
    tier,
    ...(reason === undefined ? {} : { tierReason: reason }),
    ...(place(tier) < place(partner.tier) ? { tierLowered: { from: partner.tier, to: tier, at: now, by } } : {}),
    ...(tierUntil === undefined
      ? {}
      : { tierOverride: { until: startOfDay(addDays(tierUntil, 1), program.timeZone), by, at: now } }),
  };
};
