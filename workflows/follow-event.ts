import { markSubject, readSubject } from '#shared/approvals/subject-store.ts';
import { Awaited, approvalIdOf, subjectOf } from '#shared/core/awaited.ts';
import { type StoredEvent, systemIntent } from '#shared/core/history.ts';
import { foldEvent } from '#shared/ledger/ledger-store.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { commit } from '#shared/platform/history-store.ts';
import { log } from '#shared/platform/logger.ts';
import { programAt } from '#shared/program/program-store.ts';
import { createSignIn, disableSignIn } from '#shared/users/sign-in-store.ts';
import type { User } from '#shared/users/user.ts';
import { getUser, inviteFirstContact } from '#shared/users/user-store.ts';
import { answerTask } from './approvals/answer-task.ts';
import { cancelMoot } from './approvals/cancel-moot.ts';
import { startExecution } from './approvals/start-execution.ts';
import { earnDeal } from './earnings/earn-deal.ts';
import { startScoring } from './health/start-scoring.ts';
import { raiseBudget } from './mdf/raise-budget.ts';
import { notify } from './notify.ts';
import { dismissUsers } from './partners/dismiss-users.ts';
import { noteFirstDeal } from './partners/note-first-deal.ts';
import { proposeFirstPlan } from './partners/propose-first-plan.ts';
import { startRun } from './payouts/start-run.ts';

const decided = new Set(['approved', 'rejected', 'returned', 'cancelled']);

/** A subject stopped waiting: if nobody decided, its open approval has become pointless. */
const cancelLast = async (event: StoredEvent): Promise<void> => {
  const subject = await readSubject(event.subject);
  if (!subject?.entity.approvals) return;
  await cancelMoot(approvalIdOf(event.subject, subject.entity.approvals), event.subject, event.at);
};

/** Its subject may have stopped waiting while the question was being put: its own event came too early to find the approval then. */
const cancelOpened = (event: StoredEvent): Promise<unknown> =>
  cancelMoot(event.subject, subjectOf(event.subject) ?? '', event.at);

/** The first contact becomes the partner's administrator; where the address is somebody else's, a person has to choose another. */
const inviteContact = async (event: StoredEvent): Promise<void> => {
  const entity = await getPartner(event.subject);
  if (await inviteFirstContact(entity, event.at)) return;
  if (entity.needsAttention) return;
  const about = { intent: systemIntent('not-invited', entity.id, event.at), terms: await programAt(event.at) };
  const words = 'The first contact could not be invited, because the address belongs to another user.';
  const change = markSubject({ type: 'partner', entity }, words, about);
  await commit([change.event], change.writes);
};

/** An alarm reads this line: money has moved, or may have, and what is known of it does not fit. */
const tellOfPayout = async ({ subject, changes }: StoredEvent): Promise<void> =>
  log.error('payout needs attention', { payoutId: subject, reason: changes.needsAttention });

/** Whoever was deactivated before the invitation could be sent gets none: the address may be somebody else's by now. */
const inviteUser = async (user: User): Promise<void> => {
  if (user.status !== 'deactivated') await createSignIn(user);
};

/** What follows from events of one type, beside what all events have in common. */
const followUps: Readonly<Record<string, (event: StoredEvent) => Promise<unknown>>> = {
  'approval.opened': cancelOpened,
  'partner.approved': inviteContact,
  'partner.activated': proposeFirstPlan,
  'partner.lapsed': dismissUsers,
  'partner.tier_changed': raiseBudget,
  'partner.tier_appeal_upheld': raiseBudget,
  'deal.approved': noteFirstDeal,
  'deal.won': (event) => earnDeal(event.subject),
  'deal.paid': (event) => earnDeal(event.subject),
  'deal.refunded': (event) => earnDeal(event.subject),
  'deal.milestone_reached': (event) => earnDeal(event.subject),
  'payout.needs_attention': tellOfPayout,
  'payout.unknown': tellOfPayout,
  'payout_run.started': startRun,
  'scoring_run.started': startScoring,
  'scoring_run.restarted': startScoring,
  'deal.usage_reported': (event) => earnDeal(event.subject),
  'user.invited': async (event) => inviteUser(await getUser(event.subject)),
  'user.deactivated': async (event) => disableSignIn(await getUser(event.subject)),
};

/** Everything that follows from one event. Each part may be repeated: names, conditions and records make it happen once. */
export const followEvent = async (event: StoredEvent): Promise<void> => {
  const { awaits, status } = event.changes;
  await foldEvent(event);
  if (awaits) await startExecution(event.subject, Awaited.parse(awaits));
  if (awaits === null) await cancelLast(event);
  if (event.type.startsWith('approval.') && decided.has(String(status))) {
    await answerTask(event.subject, String(status));
  }
  await followUps[event.type]?.(event);
  await notify(event);
};
