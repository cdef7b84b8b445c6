import { DomainError } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import type { Payout, Proposal } from './payout.ts';

/** What somebody says became of a payout. */
export interface Resolution {
  readonly outcome: Proposal['outcome'];
  readonly reference?: string | undefined;
  readonly reason: string;
}

/** People say what became of what nobody knows of, of what no machine answers about (paid by hand, or by a bank
 * that sends no files), and of what does not fit. Throws `state.transition_not_allowed`. */
export const mustBeOpen = ({ status, provider, needsAttention }: Payout, { outcome }: Resolution): void => {
  if (status === 'unknown' || (status === 'sent' && provider !== 'stripe')) return;
  // Money comes back for weeks after it was booked.
  if (status === 'paid' && outcome === 'failed' && provider !== 'stripe') return;
  // What has failed stands on the next statement already: it is not paid any more, whatever was sent.
  if (needsAttention && (status === 'paid' || status === outcome)) return;
  const message = `What is ${status} is not for people to resolve${status === 'sent' ? ': its provider answers' : ''}.`;
  throw new DomainError('conflict', 'state.transition_not_allowed', message, { facts: { status } });
};

/** Whether somebody else has said the same. Throws `approval.already_decided_by_you` where only this person has. */
export const isAgreed = ({ proposal }: Payout, { outcome, reference }: Resolution, by: string): boolean => {
  if (proposal?.outcome !== outcome || proposal.reference !== reference) return false;
  if (proposal.by !== by) return true;
  throw new DomainError('forbidden', 'approval.already_decided_by_you', 'You have said so; somebody else confirms it.');
};

/** The latest word stands; who says something else begins anew. */
export const proposePayout = (payout: Payout, { outcome, reference, reason }: Resolution, intent: Intent): Payout => ({
  ...payout,
  proposal: { outcome, ...(reference ? { reference } : {}), reason, by: intent.by, at: intent.at },
});
