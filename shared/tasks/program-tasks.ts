import { startOfDay } from '#shared/core/start-of-day.ts';
import { addDays, type Instant } from '#shared/core/time.ts';
import type { UnusedOffer } from '#shared/scorecards/unused-offers.ts';
import type { Task } from './task.ts';

const wordsOf = ({ what, name, quarters }: UnusedOffer): string =>
  what === 'incentive'
    ? `Nobody has earned “${name}” for ${quarters} quarters. Tell partners of it, or change or end it with the next version of the program.`
    : `Nobody has asked for funds for “${name}” for ${quarters} quarters. Suggest it to partners whose funds are open, or take it out with the next version of the program.`;

/** What whoever keeps the program is to do about what nobody uses. */
export const programTasks = (offers: readonly UnusedOffer[], timeZone: string, now: Instant): readonly Task[] =>
  offers
    .map((offer) => ({
      kind: 'unused_offer' as const,
      text: wordsOf(offer),
      dueAt: startOfDay(addDays(offer.until, 1), timeZone),
      subject: { type: 'program' as const, id: offer.id },
    }))
    .filter(({ dueAt }) => dueAt > now);
