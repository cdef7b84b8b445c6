import { allocateMoney, type Money, percentOf } from '#shared/core/money.ts';
import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import type { Program } from '#shared/program/program.ts';
import type { Inputs } from './earning.ts';
import type { Participant } from './participant.ts';
import { percentFor } from './rules-that-apply.ts';

/** An amount, and the figures it was made of. */
export interface Reckoned {
  readonly amount: Money;
  readonly inputs: Inputs;
}

/** Who shares a deal, and whose part is asked for. */
export interface Split {
  readonly participant: Participant;
  readonly participants: readonly Participant[];
}

/**
 * Whether somebody is outside the split: an influencing partner without a share. A rule that names its role pays it on the whole;
 * any other pays it nothing.
 */
const isPaidOnTheWhole = (rule: IncentiveRule, { role, sharePercent }: Participant): boolean =>
  role === 'influenced' && sharePercent === 0 && (rule.roles ?? []).includes('influenced');

const partOf = (whole: Money, rule: IncentiveRule, { participant, participants }: Split): Money => {
  if (isPaidOnTheWhole(rule, participant)) return whole;
  const shares = participants.map(({ sharePercent }) => sharePercent);
  if (participant.sharePercent === 0) return { ...whole, amountMinor: 0 };
  // The parts add up to the whole, so that no cent of it is lost, whoever's part is asked for.
  return allocateMoney(whole, shares)[participants.indexOf(participant)] ?? { ...whole, amountMinor: 0 };
};

/** What a rule pays this partner on a base (a deal's value, or an invoice); undefined when it pays nothing. */
export const amountOfRule = (
  rule: IncentiveRule,
  base: Money,
  about: Split & { readonly program: Pick<Program, 'tiers'> },
): Reckoned | undefined => {
  const { participant, program } = about;
  const percent = percentFor(rule, participant.tier, program);
  if (rule.flat === undefined && percent === undefined) return undefined;
  const whole = rule.flat ?? percentOf(base, percent ?? 0);
  const amount = partOf(whole, rule, about);
  if (amount.amountMinor === 0) return undefined;
  const { sharePercent } = participant;
  return {
    amount,
    inputs: {
      of: base.amountMinor,
      ...(rule.flat ? { flat: rule.flat.amountMinor } : { percent: percent ?? 0 }),
      ...(rule.percent === 'tier' ? { tier: participant.tier } : {}),
      ...(sharePercent !== 100 && sharePercent !== 0 ? { sharePercent } : {}),
    },
  };
};
