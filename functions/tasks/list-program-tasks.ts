import { operation } from '#functions/http/door.ts';
import { firstDayOf, previousQuarter, quarterOf } from '#shared/core/quarters.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { dayOf } from '#shared/core/time.ts';
import { findSums } from '#shared/kpis/kpi-store.ts';
import { findProgramAt, programAt } from '#shared/program/program-store.ts';
import { quartersLookedAt, unusedOffers } from '#shared/scorecards/unused-offers.ts';
import { programTasks } from '#shared/tasks/program-tasks.ts';
import * as contracts from '#shared/tasks/task-contract.ts';

/** GET /v1/program/tasks: reckoned from the figures of the last quarters each time, as partners' tasks are from their records. */
export const listProgramTasks = operation(contracts.listProgramTasks, async ({ now }) => {
  const { program } = await programAt(now);
  const { timeZone, fiscalYearStart } = program;
  const quarter = previousQuarter(quarterOf(dayOf(now, timeZone), fiscalYearStart));
  const quarters = quartersLookedAt(quarter, program);
  const begins = startOfDay(firstDayOf(quarters[0] ?? quarter, fiscalYearStart), timeZone);
  const [then, ...kept] = await Promise.all([findProgramAt(begins), ...quarters.map(findSums)]);
  const sums = new Map(kept.flatMap((each) => (each ? [[each.run.quarter, each.sums] as const] : [])));
  const offers = unusedOffers(program, then?.program, { quarter, sums });
  return { status: 200, body: { data: programTasks(offers, timeZone, now), nextCursor: null } };
});
