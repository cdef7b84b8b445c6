import { millis } from '#shared/core/time.ts';

/** How good a value is for partners: more is better; undefined: cannot be told. */
export type Rank = (value: unknown) => number | undefined;

const quantity = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return millis(value);
  if (typeof value === 'object' && value !== null && 'amountMinor' in value) return Number(value.amountMinor);
  return undefined;
};

const best = Number.POSITIVE_INFINITY;
const worst = Number.NEGATIVE_INFINITY;

const more =
  (absent: number | undefined): Rank =>
  (value) =>
    value === undefined ? absent : quantity(value);
const less =
  (absent: number | undefined): Rank =>
  (value) => {
    if (value === undefined) return absent;
    const amount = quantity(value);
    return amount === undefined ? undefined : -amount;
  };
/** From the worst to the best. */
const choice =
  (...values: readonly (string | undefined)[]): Rank =>
  (value) =>
    values.indexOf(value as string | undefined);
const neutral: Rank = () => 0;
/** Whoever changes this changes what partners were promised, for better or worse cannot be told by the value alone. */
const promise: Rank = () => undefined;

/**
 * Every single value of a program file, by its place (`*` stands for whatever a list holds). A place that is not here is refused
 * by the comparison, so that nobody adds a field and forgets to say whom it hurts.
 */
export const ranks: Readonly<Record<string, Rank>> = {
  name: neutral,
  currency: promise,
  timeZone: neutral,
  fiscalYearStart: neutral,
  'partnerTypes.*.name': neutral,
  'partnerTypes.*.admittedWithoutReview': more(0),
  'tiers.*.name': neutral,
  'tiers.*.criteria.annualRevenue': less(best),
  'tiers.*.criteria.influencedRevenue': less(best),
  'tiers.*.criteria.deals': less(best),
  'tiers.*.criteria.competencies': less(best),
  'tiers.*.criteria.certifiedPeople': less(best),
  'tiers.*.criteria.nps': less(best),
  'tiers.*.criteria.satisfaction': less(best),
  'tiers.*.criteria.healthScore': less(best),
  'tiers.*.benefits.commissionPercent': more(worst),
  'tiers.*.benefits.marginPercent': more(worst),
  'tiers.*.benefits.mdfPerQuarter': more(0),
  'tiers.*.benefits.openRegistrationLimit': more(best),
  'tiers.*.benefits.partnerManager': more(0),
  'tiers.*.benefits.leads': more(0),
  'tiers.*.benefits.firstInReviewQueue': more(0),
  // What is not set is as the published defaults say, so it cannot be told.
  'tierReviews.graceDays': more(undefined),
  'productLines.*.name': neutral,
  'segments.*.name': neutral,
  'territories.*.kind': promise,
  'territories.*.text': promise,
  'onboarding.evaluation.*.name': neutral,
  'onboarding.evaluation.*.weight': neutral,
  'onboarding.evaluation.*.question': neutral,
  'onboarding.agreement.version': neutral,
  'onboarding.agreement.title': neutral,
  'onboarding.agreement.text': neutral,
  'onboarding.agreement.lapseDays': more(worst),
  'onboarding.returnedLapseDays': more(worst),
  'onboarding.successPlan.*.title': neutral,
  'onboarding.successPlan.*.owner': neutral,
  'onboarding.successPlan.*.dueAfterDays': neutral,
  // A template binds nobody before a partner accepts what was made from it.
  'successPlans.*.name': neutral,
  'successPlans.*.onActivation': neutral,
  'successPlans.*.objectives.*.title': neutral,
  'successPlans.*.objectives.*.weight': neutral,
  'successPlans.*.objectives.*.how': neutral,
  'successPlans.*.objectives.*.unit': neutral,
  'successPlans.*.objectives.*.target': neutral,
  'successPlans.*.objectives.*.owners.partner': neutral,
  'successPlans.*.objectives.*.owners.partnerManager': neutral,
  'successPlans.*.objectives.*.dueAfterDays': neutral,
  'successPlans.*.objectives.*.salesTarget': neutral,
  'deals.minimumValue': less(best),
  'deals.autoApproveBelow': more(worst),
  'deals.closeWithinMonths': more(worst),
  'deals.protectionDays': more(worst),
  'deals.extensionDays': more(worst),
  'deals.coolOffDays': less(0),
  'deals.newAfterWinMonths': less(0),
  'deals.knownAccounts': choice('refuse', 'review'),
  'deals.lateApproval.enabled': more(0),
  'deals.lateApproval.afterBusinessDays': less(best),
  'deals.lookAlikeThreshold': more(best),
  'deals.returnedLapseDays': more(worst),
  // How we decide among ourselves is ours; when partners may expect an answer is theirs.
  'approvals.*.steps.*.role': neutral,
  'approvals.*.steps.*.decisions': neutral,
  'approvals.*.steps.*.onlyAbove': neutral,
  'approvals.*.steps.*.moreAbove.amount': neutral,
  'approvals.*.steps.*.moreAbove.decisions': neutral,
  'approvals.*.remindAfterBusinessDays': neutral,
  'approvals.*.dueAfterBusinessDays': less(best),
  'approvals.*.escalateTo': neutral,
  'incentives.earnedWhen': choice('invoice-paid', 'deal-won'),
  'incentives.clawbackDays': less(0),
  'incentives.rules.*.name': neutral,
  'incentives.rules.*.kind': promise,
  'incentives.rules.*.per': promise,
  'incentives.rules.*.milestone': promise,
  'incentives.rules.*.direction': promise,
  'incentives.rules.*.dealValueFrom': less(best),
  'incentives.rules.*.dealValueBelow': more(best),
  'incentives.rules.*.salesFrom': less(best),
  'incentives.rules.*.targetPercentFrom': less(best),
  'incentives.rules.*.registeredBeforeWon': less(0),
  'incentives.rules.*.percent': (value) =>
    value === undefined ? worst : value === 'tier' ? undefined : quantity(value),
  'incentives.rules.*.flat': more(worst),
  'incentives.rules.*.recurring': choice('once', undefined, 'each-invoice'),
  'incentives.rules.*.payTo': promise,
  'incentives.rules.*.form': promise,
  'incentives.rules.*.period.from': less(best),
  'incentives.rules.*.period.until': more(best),
  'incentives.rules.*.budget': more(best),
  'incentives.rules.*.alternativeTo': promise,
  'mdf.sharePercent': more(worst),
  'mdf.claimWithinDays': more(worst),
  'mdf.returnedLapseDays': more(worst),
  'mdf.activityTypes.*.name': neutral,
  'mdf.activityTypes.*.benchmarkCostPerLead': neutral,
  'mdf.activityTypes.*.accounting': neutral,
  'payouts.every': choice('quarter', 'month'),
  'payouts.dayOfMonth': less(best),
  'payouts.holdDays': less(best),
  // What a kind without an entry of its own has to wait stands elsewhere, so it cannot be told.
  'payouts.holdDaysOf.*': less(undefined),
  'payouts.minimum': less(best),
  'payouts.payeeChangeHoldHours': less(best),
  'payouts.disputeWithinDays': more(worst),
  'payouts.provider': neutral,
  'payouts.payer.name': neutral,
  'payouts.payer.address.*': neutral,
  'payouts.payer.iban': neutral,
  'payouts.payer.bic': neutral,
  'payouts.payer.us.*': neutral,
  'payouts.taxForms.*.thresholds.*.taxYear': promise,
  'payouts.taxForms.*.thresholds.*.paid': more(worst),
  'health.weights.*': neutral,
  'health.bands.strong': less(best),
  'health.bands.stable': less(best),
  // What a score is made of is ours, as the weights are. What it takes is not, nor what it is measured by.
  'health.secondRater': neutral,
  'health.signals.*.name': neutral,
  'health.signals.*.category': neutral,
  'health.signals.*.weight': neutral,
  'health.signals.*.question': neutral,
  'health.signals.*.assessed': promise,
  'health.signals.*.how': promise,
  'health.signals.*.quarters': promise,
  'health.signals.*.floor': less(0),
  'health.signals.*.target': less(best),
  'health.tracks.*.name': neutral,
  'health.tracks.*.weights.*': neutral,
  // How a quarter is looked at, together: what partners are paid, and which tier they have, does not hang on it.
  'health.scorecard.*.metric': neutral,
  'health.scorecard.*.target': neutral,
  'health.scorecard.*.amberFromPercent': neutral,
  'health.scorecard.*.greenFromPercent': neutral,
  'health.warnings.farBelowTargetPercent': neutral,
  'health.warnings.unusedFundsQuarters': neutral,
  'health.warnings.openDays': neutral,
  // How the program is judged as a whole: nobody gains or loses by it.
  'kpis.active.*.atLeast': neutral,
  'kpis.targets.*.name': neutral,
  'kpis.targets.*.kpi': neutral,
  'kpis.targets.*.per': neutral,
  'kpis.targets.*.baseline.on': neutral,
  'kpis.targets.*.baseline.value': neutral,
  'kpis.targets.*.value': neutral,
  'kpis.targets.*.upTo': neutral,
  'kpis.targets.*.due': neutral,
};

/**
 * Things that are the other way round, so that partners lose by whatever they would gain by in others of their list: what they owe
 * us, and what they are to do less of.
 */
export const isTurnedAround = (thing: unknown): boolean => {
  if (typeof thing !== 'object' || thing === null) return false;
  if ('direction' in thing) return thing.direction === 'to-us';
  if (!('target' in thing) || 'metric' in thing) return false;
  return (quantity(thing.target) ?? 0) < (quantity('floor' in thing ? thing.floor : 0) ?? 0);
};

/** Blocks whose fields are all alike: in the tables their names are `*` too. */
export const blocksOfAlikes: readonly string[] = [
  'approvals',
  'health.weights',
  'health.tracks.*.weights',
  'payouts.holdDaysOf',
  'payouts.payer.address',
  'payouts.payer.us',
];

/** Of what stands below, changes say that there is one, not what it is: they are told to more people than the program file. */
export const untold = 'payouts.payer.';
