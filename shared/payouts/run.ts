import * as z from 'zod';
import { Awaited, awaiting } from '#shared/core/awaited.ts';
import { DomainError } from '#shared/core/errors.ts';
import { Tracked } from '#shared/core/history.ts';
import { type Lifecycle, moveTo } from '#shared/core/lifecycle.ts';
import { Money } from '#shared/core/money.ts';
import { addDays, Day, dayOf, Instant } from '#shared/core/time.ts';

export const runStatuses = ['collecting', 'awaiting_approval', 'approved', 'paying', 'completed', 'rejected'] as const;
export const RunStatus = z.enum(runStatuses);
export type RunStatus = z.infer<typeof RunStatus>;

/** API.md *Lifecycles*; where there is nothing to pay nobody is asked. */
export const runLifecycle: Lifecycle<RunStatus> = {
  collecting: ['awaiting_approval', 'completed'],
  awaiting_approval: ['approved', 'rejected'],
  approved: ['paying'],
  paying: ['completed'],
  completed: [],
  rejected: [],
};

const monthMust = 'must be a month or a day, for example "2026-10" or "2026-10-14"';
/** A month, or a day for what is paid between runs. */
export const RunPeriod = z
  .union([Day, z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, monthMust)], { error: monthMust })
  .meta({ id: 'RunPeriod', example: '2026-10' });

/** Of the payments that an answer of the bank names: how they stand after it; `ignored` are none of this run, or past it, `differing` are
 * told with another amount than we asked for and wait for people, `left` wait until the
 * same answer is handed in again. */
export const BankStatus = z
  .strictObject({
    settled: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    pending: z.int().nonnegative(),
    ignored: z.int().nonnegative(),
    differing: z.int().nonnegative().default(0),
    left: z.int().nonnegative().default(0),
  })
  .meta({ id: 'BankStatus' });
export type BankStatus = z.infer<typeof BankStatus>;

/** One period's payouts of all partners: collected, approved as a whole, then paid partner by partner. */
export const Run = z.object({
  ...Tracked.shape,
  status: RunStatus,
  period: RunPeriod,
  startedBy: z.string(),
  /** Of all its payouts; both stand from the freeze on. */
  total: Money,
  payouts: z.int().nonnegative(),
  /** How many partners' statements were carried over, by reason. */
  carried: z.record(z.string(), z.int().positive()),
  /** SHA-256 of all its lines in order: what was approved is what is paid. */
  manifestHash: z.string().optional(),
  approvals: z.int().nonnegative(),
  awaits: Awaited.optional(),
  /** Why somebody else did not approve it. */
  reason: z.string().optional(),
  needsAttention: z.string().optional(),
  /** Counts the executions of its workflow, whose names cannot be used again. */
  attempt: z.int().positive(),
  approvedAt: Instant.optional(),
  /** From then on every payout has been handed to its provider. */
  handedOverAt: Instant.optional(),
  releasedAt: Instant.optional(),
  completedAt: Instant.optional(),
  /** What the bank's last answer came to. */
  bankStatus: BankStatus.optional(),
  due: z.object({ what: z.literal('complete'), at: Instant }).optional(),
});
export type Run = z.infer<typeof Run>;

/** Why a run was not approved may speak of persons. */
export const personalRunFields: readonly string[] = ['reason'];

/** Throws `payout.period_not_ended`: what becomes payable until its end is not all there. */
export const mustHaveEnded = (period: string, now: string, timeZone: string): void => {
  const today = dayOf(now, timeZone);
  if (period < today.slice(0, period.length)) return;
  throw new DomainError('rule', 'payout.period_not_ended', `${period} has not ended yet in the program's time zone.`, {
    facts: { period },
  });
};

export const startRun = (about: {
  readonly id: string;
  readonly period: string;
  readonly by: string;
  readonly now: string;
  readonly currency: string;
}): Run => ({
  id: about.id,
  status: 'collecting',
  version: 0,
  head: '',
  createdAt: about.now,
  updatedAt: about.now,
  period: about.period,
  startedBy: about.by,
  total: { amountMinor: 0, currency: about.currency },
  payouts: 0,
  carried: {},
  approvals: 0,
  attempt: 1,
});

/** What the collectors froze, and what they carried over. */
export interface Manifest {
  readonly totalMinor: number;
  readonly payouts: number;
  readonly carried: Readonly<Record<string, number>>;
  readonly hash: string;
}

/** Nothing of it changes any more: whoever did not start it may approve it. */
export const freezeRun = (
  run: Run,
  manifest: Manifest,
  about: { readonly now: string; readonly attempt: number },
): Run => {
  const { now, attempt } = about;
  const frozen: Run = {
    ...run,
    total: { ...run.total, amountMinor: manifest.totalMinor },
    payouts: manifest.payouts,
    carried: { ...manifest.carried },
    manifestHash: manifest.hash,
  };
  if (manifest.payouts === 0)
    return { ...frozen, status: moveTo(runLifecycle, run.status, 'completed'), completedAt: now };
  const { approvals, awaits } = awaiting(run, 'payout_run', { now, by: run.startedBy });
  const status = moveTo(runLifecycle, run.status, 'awaiting_approval');
  // Whoever was believed lost may freeze it after another execution was started: whoever asks again needs a number after both.
  return { ...frozen, status, approvals, awaits: { ...awaits, attempt: Math.max(attempt, run.attempt) } };
};

export const approveRun = ({ awaits: _awaits, ...run }: Run, now: string): Run => ({
  ...run,
  status: moveTo(runLifecycle, run.status, 'approved'),
  approvedAt: now,
});

export const rejectRun = ({ awaits: _awaits, ...run }: Run, reason: string): Run => ({
  ...run,
  status: moveTo(runLifecycle, run.status, 'rejected'),
  reason,
});

export const beginPaying = (run: Run): Run => ({ ...run, status: moveTo(runLifecycle, run.status, 'paying') });

/** A day: answers of banks and of people are followed at once, this only finds what was missed. */
const lookAgain = (now: string): NonNullable<Run['due']> => ({ what: 'complete', at: addDays(now, 1) });

export const handOver = ({ needsAttention: _attention, ...run }: Run, now: string): Run => ({
  ...run,
  handedOverAt: now,
  due: lookAgain(now),
});

export const waitOn = (run: Run, now: string): Run => ({ ...run, due: lookAgain(now) });

export const completeRun = ({ due: _due, needsAttention: _attention, ...run }: Run, now: string): Run => ({
  ...run,
  status: moveTo(runLifecycle, run.status, 'completed'),
  completedAt: now,
});

export const releaseRun = ({ needsAttention: _attention, ...run }: Run, now: string): Run => ({
  ...run,
  releasedAt: now,
});

export const restartRun = (run: Run, attempt: number): Run => ({ ...run, attempt });

/** What the workflow does next; whichever execution asks is told the same. */
export type RunStep = 'collect' | 'ask' | 'pay' | 'release' | 'done';

export const nextStep = (run: Run): RunStep => {
  switch (run.status) {
    case 'collecting':
      return 'collect';
    case 'awaiting_approval':
      return 'ask';
    case 'approved':
      return 'pay';
    case 'paying':
      return run.handedOverAt ? 'done' : 'pay';
    case 'rejected':
      return run.releasedAt ? 'done' : 'release';
    case 'completed':
      return 'done';
  }
};
