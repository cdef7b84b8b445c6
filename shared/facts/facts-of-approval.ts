import type { Approval } from '#shared/approvals/approval.ts';
import type { Fact } from './fact.ts';
import { type Calendar, entered, factOfEvent, hoursBetween, type Step } from './step.ts';

/** How long a partner waited for our answer; what became moot was not answered, and a payout run is nobody's question. */
export const factsOfApproval = (step: Step<Approval>, calendar: Calendar): readonly Fact[] => {
  const { after, event } = step;
  const { partnerId } = after;
  if (partnerId === undefined || !entered(step, 'approved', 'rejected', 'returned')) return [];
  const value = hoursBetween(after.createdAt, event.at);
  return [factOfEvent(event, calendar)('approval.decided', { partnerId, value })];
};
