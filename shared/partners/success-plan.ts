import * as z from 'zod';
import { addDays, Day, dayOf } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';

/** What a new partner and its manager do first, made from the program's template on the day the partner becomes active. */
export const SuccessPlan = z.strictObject({
  tasks: z.array(z.strictObject({ title: z.string(), owner: z.enum(['partner', 'partner_manager']), dueOn: Day })),
});
export type SuccessPlan = z.infer<typeof SuccessPlan>;

/** Days are counted in the program's time zone. */
export const planSuccess = (program: Program, activeAt: string): SuccessPlan => {
  const today = dayOf(activeAt, program.timeZone);
  return {
    tasks: program.onboarding.successPlan.map(({ title, owner, dueAfterDays }) => ({
      title,
      owner,
      dueOn: addDays(today, dueAfterDays),
    })),
  };
};
