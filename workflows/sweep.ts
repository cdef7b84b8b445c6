import { isCode } from '#shared/core/errors.ts';
import { listDue } from '#shared/platform/due.ts';
import { log } from '#shared/platform/logger.ts';
import { dueApproval } from './approvals/due-approval.ts';
import { recover } from './approvals/recover.ts';
import { dueDeal } from './deals/due-deal.ts';
import { dueDocument } from './documents/due-document.ts';
import { settlePeriods } from './earnings/settle-period.ts';
import { recoverScoring } from './health/recover-scoring.ts';
import { scoreDay } from './health/score-day.ts';
import { dueBudget } from './mdf/due-budget.ts';
import { dueClaim } from './mdf/due-claim.ts';
import { dueRequest } from './mdf/due-request.ts';
import { openQuarter } from './mdf/open-quarter.ts';
import { duePartner } from './partners/due-partner.ts';
import { dueRun } from './payouts/due-run.ts';
import { payDay } from './payouts/pay-day.ts';
import { recoverRuns } from './payouts/recover-runs.ts';

/** What a schedule of functions/schedules.ts sends: which one, and the instant it stands for. */
export interface ScheduleEvent {
  readonly schedule: string;
  readonly time: string;
}

type Handle = (id: string, now: string) => Promise<void>;

const handlers: Readonly<Record<string, Handle>> = {
  deal: dueDeal,
  apr: dueApproval,
  ptr: duePartner,
  bud: dueBudget,
  mdr: dueRequest,
  clm: dueClaim,
  run: dueRun,
  doc: dueDocument,
};

const atOnce = 16;
/** A thing may have several dues behind it when the sweep is late; more rounds than that are left to the next sweep. */
const rounds = 10;

/**
 * Answers whether it may be looked at again in this sweep: it went well, or somebody was faster, as when a claim and its request are
 * due together. What failed stays due, so the next sweep tries again; the alarm on this line tells people.
 */
const handle = async (id: string, now: string, round: number): Promise<boolean> => {
  try {
    await handlers[id.split('_')[0] ?? '']?.(id, now);
    return true;
  } catch (error) {
    if (isCode(error, 'version.stale') && round < rounds) return true;
    log.error('due item failed', { id, error: error as Error });
    return false;
  }
};

/** Does everything that is due. Safe to run twice, late, or beside itself: each item is changed under its version. */
const sweep = async (now: string): Promise<void> => {
  const failed = new Set<string>();
  for (let round = 1; round <= rounds; round += 1) {
    const due = (await listDue(now)).filter((id) => !failed.has(id));
    if (due.length === 0) return;
    for (let start = 0; start < due.length; start += atOnce) {
      const ids = due.slice(start, start + atOnce);
      const well = await Promise.all(ids.map((id) => handle(id, now, round)));
      for (const [index, id] of ids.entries()) if (!well[index]) failed.add(id);
    }
  }
};

const works: Readonly<Record<string, (now: string) => Promise<void>>> = {
  sweep,
  recover: async (now) => {
    // What fails holds up none of the others, and is heard of all the same.
    const done = await Promise.allSettled([recoverRuns(now), recoverScoring(now), recover(now)]);
    for (const each of done) if (each.status === 'rejected') throw each.reason;
  },
  'pay-day': payDay,
  'score-quarter': scoreDay,
  'open-quarter': openQuarter,
  settle: settlePeriods,
};

export const handler = async ({ schedule, time }: ScheduleEvent): Promise<void> => {
  const now = new Date(time).toISOString();
  await (works[schedule] ?? sweep)(now);
};
