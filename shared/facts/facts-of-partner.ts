import { dayOf, daysBetween, type Instant } from '#shared/core/time.ts';
import type { Partner } from '#shared/partners/partner.ts';
import type { Fact } from './fact.ts';
import { tellProfile } from './partner-facts.ts';
import { type Calendar, entered, factOfEvent, type Step } from './step.ts';

/** What one event of a partner says of it. */
export const factsOfPartner = (step: Step<Partner>, calendar: Calendar): readonly Fact[] => {
  const { before, after, event } = step;
  const partnerId = after.id;
  const fact = factOfEvent(event, calendar);
  const days = (from: Instant, to: Instant): number =>
    daysBetween(dayOf(from, calendar.timeZone), dayOf(to, calendar.timeZone));
  const { activeAt, firstDealApprovedAt, agreement } = after;
  const begins = activeAt !== undefined && before?.activeAt === undefined;
  const isProductive = firstDealApprovedAt !== undefined && before?.firstDealApprovedAt === undefined;
  const agrees = agreement?.acceptedAt !== undefined && before?.agreement?.acceptedAt !== agreement.acceptedAt;
  const profile = tellProfile(after);
  // Of the quarter that was agreed on, whenever that was.
  const targets = Object.entries(after.targets ?? {}).flatMap(([quarter, { amountMinor: value }]) =>
    before?.targets?.[quarter]?.amountMinor === value
      ? []
      : [{ ...fact('partner.target', { partnerId, value, part: Number(quarter.replace('-Q', '')) }), quarter }],
  );
  return [
    ...targets,
    ...(before ? [] : [fact('partner.applied', { partnerId, value: 1 })]),
    ...(begins ? [fact('partner.activated', { partnerId, value: days(after.createdAt, activeAt) })] : []),
    ...(entered(step, 'terminated') ? [fact('partner.left', { partnerId, value: 1 })] : []),
    ...(agrees ? [fact('partner.agreement', { partnerId, value: 1 })] : []),
    ...(isProductive && activeAt !== undefined
      ? [fact('deal.first', { partnerId, value: days(activeAt, firstDealApprovedAt) })]
      : []),
    ...(before && tellProfile(before) === profile
      ? []
      : [fact('partner.profile', { partnerId, value: 1, about: profile })]),
  ];
};
