import { firstDayOf } from '#shared/core/quarters.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { allocatedTo, type Budget } from '#shared/mdf/budget.ts';
import type { Claim } from '#shared/mdf/claim.ts';
import type { FundRequest } from '#shared/mdf/fund-request.ts';
import type { Fact } from './fact.ts';
import type { FactKindId } from './fact-kinds.ts';
import { type Calendar, entered, factOfEvent, type Step } from './step.ts';
import { useName } from './use-name.ts';

/** What was given for a quarter belongs to it, also when it was given before. */
export const factsOfBudget = ({ before, after, event }: Step<Budget>, calendar: Calendar): readonly Fact[] => {
  const value = allocatedTo(after) - (before ? allocatedTo(before) : 0);
  if (value === 0) return [];
  const { partnerId, quarter } = after;
  const begins = startOfDay(firstDayOf(quarter, calendar.fiscalYearStart), calendar.timeZone);
  const at = event.at < begins ? begins : event.at;
  return [factOfEvent(event, calendar)('mdf.budget', { partnerId, value, at })];
};

export const factsOfRequest = (step: Step<FundRequest>, calendar: Calendar): readonly Fact[] => {
  const { before, after, event } = step;
  const { partnerId, activityType, requestedAmount, approvedAmount, expectedLeads } = after;
  const fact = factOfEvent(event, calendar);
  return [
    ...(before
      ? []
      : [
          fact('mdf.requested', {
            partnerId,
            value: requestedAmount.amountMinor,
            about: useName('activity', activityType),
          }),
        ]),
    ...(entered(step, 'approved')
      ? [
          fact('mdf.approved', { partnerId, value: (approvedAmount ?? requestedAmount).amountMinor }),
          fact('mdf.leads.promised', { partnerId, value: expectedLeads }),
        ]
      : []),
  ];
};

/** What a claim that was found false had brought, with the opposite sign. */
const takenBack = (
  { partnerId, approvedAmount, outcome }: Claim,
  fact: ReturnType<typeof factOfEvent>,
): readonly Fact[] => {
  const less = (kind: FactKindId, value: number): readonly Fact[] =>
    value === 0 ? [] : [fact(kind, { partnerId, value: -value })];
  return [
    ...less('mdf.reimbursed', approvedAmount?.amountMinor ?? 0),
    ...less('mdf.leads', outcome?.leads ?? 0),
    ...less('mdf.pipeline', outcome?.pipeline.amountMinor ?? 0),
  ];
};

/** A dispute that is granted raises what was approved; the activity brought what it brought, once. What is taken back goes off again. */
export const factsOfClaim = ({ before, after, event }: Step<Claim>, calendar: Calendar): readonly Fact[] => {
  const { partnerId, claimedAmount } = after;
  const fact = factOfEvent(event, calendar);
  if (after.clawedBackAt && !before?.clawedBackAt) return takenBack(after, fact);
  const earlier = before?.approvedAmount?.amountMinor ?? 0;
  const more = (after.approvedAmount?.amountMinor ?? 0) - earlier;
  // Its words are in the record only, where they can be erased.
  const outcome = earlier === 0 && more > 0 ? after.outcome : undefined;
  return [
    ...(before ? [] : [fact('mdf.claimed', { partnerId, value: claimedAmount.amountMinor })]),
    ...(more > 0 ? [fact('mdf.reimbursed', { partnerId, value: more })] : []),
    ...(outcome
      ? [
          fact('mdf.leads', { partnerId, value: outcome.leads }),
          fact('mdf.pipeline', { partnerId, value: outcome.pipeline.amountMinor }),
        ]
      : []),
  ];
};
