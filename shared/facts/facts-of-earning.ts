import type { Earning } from '#shared/earnings/earning.ts';
import type { Fact } from './fact.ts';
import { type Calendar, entered, factOfEvent, type Step } from './step.ts';
import { useName } from './use-name.ts';

/** What is owed from now on; what was owed and is reversed goes off again. */
export const factsOfEarning = (step: Step<Earning>, calendar: Calendar): readonly Fact[] => {
  const { before, after, event } = step;
  const { partnerId, amount } = after;
  const fact = factOfEvent(event, calendar);
  const about = useName('incentive', after.explanation.rule);
  if (entered(step, 'on_hold')) return [fact('earning.accrued', { partnerId, value: amount.amountMinor, about })];
  return before?.status === 'on_hold' && entered(step, 'reversed')
    ? [fact('earning.accrued', { partnerId, value: -before.amount.amountMinor, about })]
    : [];
};
