import { DomainError } from '#shared/core/errors.ts';
import { dayOf } from '#shared/core/time.ts';
import type { Deal } from './deal.ts';
import { dayFaults, isAnnounced, mustBeWon, mustNotHaveLeft, type Telling } from './deal-payments.ts';
import { refuseBroken } from './registration-faults.ts';

/** What staff, or the product itself, says of a customer's adoption. */
export interface Reached {
  readonly milestone: string;
  readonly reachedOn: string;
}

const mustBeNew = (deal: Deal, milestone: string): void => {
  const before = deal.milestones?.find((each) => each.milestone === milestone);
  if (!before) return;
  const message = `The customer reached "${milestone}" on ${before.reachedOn}; that counts once.`;
  throw new DomainError('conflict', 'deal.milestone_reached', message, { facts: { reachedOn: before.reachedOn } });
};

const unknown = (milestone: string, { program }: Telling) => {
  const known = [...new Set(program.incentives.rules.flatMap((rule) => rule.milestone ?? []))];
  if (known.includes(milestone)) return [];
  const detail = `must be one of the milestones that the program rewards: ${known.join(', ') || 'it rewards none'}`;
  return [{ pointer: '#/milestone', code: 'program.unknown_milestone', detail }];
};

/**
 * The customer of a won deal reached a milestone of adoption. Throws `state.transition_not_allowed`, `deal.churned`,
 * `deal.milestone_reached`, and naming every faulty field `program.unknown_milestone`, `deal.day_out_of_range`.
 */
export const reachMilestone = (deal: Deal, { milestone, reachedOn }: Reached, about: Telling): Deal => {
  mustBeWon(deal);
  mustNotHaveLeft(deal);
  mustBeNew(deal, milestone);
  const today = dayOf(about.now, about.program.timeZone);
  refuseBroken([
    ...unknown(milestone, about),
    ...dayFaults(reachedOn, { pointer: '#/reachedOn', notBefore: deal.closedOn ?? today, today }),
  ]);
  const milestones = [...(deal.milestones ?? []), { milestone, reachedOn, at: about.now }];
  // What is due on the day that was named for the payment stays due then.
  return { ...deal, milestones, ...(isAnnounced(deal) ? {} : { due: { what: 'earn', at: about.now } }) };
};
