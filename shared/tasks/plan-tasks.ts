import { startOfDay } from '#shared/core/start-of-day.ts';
import { addDays } from '#shared/core/time.ts';
import type { Finding } from './task.ts';

/** A plan waits for its partner until it is over. */
export const plansProposed: Finding = ({ plans, partner, program, now }) =>
  plans
    .filter(({ status }) => status === 'proposed' && partner.status === 'active')
    .map(({ id, quarter, endsOn }) => ({
      kind: 'plan_proposed' as const,
      text: `Look at the success plan for ${quarter}, and accept it or say what should be different.`,
      dueAt: startOfDay(addDays(endsOn, 1), program.timeZone),
      subject: { type: 'success_plan' as const, id },
    }))
    .filter(({ dueAt }) => dueAt > now);
