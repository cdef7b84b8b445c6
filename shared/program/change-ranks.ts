import { millis } from '#shared/core/time.ts';

/** How good a value is for partners: more is better; undefined: cannot be told. */
export type Rank = (value: unknown) => number | undefined;

/** Partners lose by a member that goes (`good`), by one that comes (`bad`), by neither, or that cannot be told (`promise`). */
export type Members = 'good' | 'bad' | 'neutral' | 'promise';

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
  (absent: number): Rank =>
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
  'tiers.*.benefits.commissionPercent': more(worst),
  'tiers.*.benefits.marginPercent': more(worst),
  'tiers.*.benefits.mdfPerQuarter': more(0),
  'tiers.*.benefits.openRegistrationLimit': more(best),
  'tiers.*.benefits.partnerManager': more(0),
  'tiers.*.benefits.leads': more(0),
  'tiers.*.benefits.firstInReviewQueue': more(0),
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
  if (!('target' in thing)) return false;
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

/** Lists; those of things that have an id are compared thing by thing. `absentIsAll`: a list that is not there limits nothing. */
export const lists: Readonly<Record<string, { readonly members: Members; readonly absentIsAll?: true }>> = {
  holidays: { members: 'neutral' },
  weekend: { members: 'neutral' },
  regions: { members: 'good' },
  partnerTypes: { members: 'good' },
  tiers: { members: 'good' },
  'tiers.*.benefits.more': { members: 'good' },
  productLines: { members: 'good' },
  segments: { members: 'neutral' },
  // Whom a territory keeps out loses by it, whom it was kept for loses when it goes.
  territories: { members: 'promise' },
  'territories.*.partners.types': { members: 'promise' },
  'territories.*.partners.ids': { members: 'promise' },
  'territories.*.customers.countries': { members: 'promise' },
  'territories.*.customers.segments': { members: 'promise' },
  'territories.*.customers.accounts': { members: 'promise' },
  'onboarding.evaluation': { members: 'neutral' },
  'onboarding.requiredAnswers': { members: 'neutral' },
  'onboarding.blockedCountries': { members: 'bad' },
  'onboarding.successPlan': { members: 'neutral' },
  'deals.warningDays': { members: 'good' },
  'approvals.*.steps': { members: 'neutral' },
  'incentives.rules': { members: 'good' },
  'incentives.rules.*.partnerTypes': { members: 'good', absentIsAll: true },
  'incentives.rules.*.tiers': { members: 'good', absentIsAll: true },
  'incentives.rules.*.dealTypes': { members: 'good', absentIsAll: true },
  'incentives.rules.*.roles': { members: 'good', absentIsAll: true },
  'incentives.rules.*.productLines': { members: 'good', absentIsAll: true },
  'mdf.activityTypes': { members: 'good' },
  'mdf.activityTypes.*.proofs': { members: 'bad' },
  'payouts.taxForms': { members: 'bad' },
  'payouts.taxForms.*.countries': { members: 'promise' },
  'payouts.taxForms.*.forms': { members: 'good' },
  'payouts.taxForms.*.thresholds': { members: 'promise' },
  'health.signals': { members: 'neutral' },
  'health.signals.*.facts': { members: 'promise' },
  'health.signals.*.of': { members: 'promise' },
  'health.tracks': { members: 'neutral' },
  'health.tracks.*.partnerTypes': { members: 'neutral' },
  'health.tracks.*.without': { members: 'neutral' },
  'kpis.active': { members: 'neutral' },
  'kpis.active.*.partnerTypes': { members: 'neutral' },
  'kpis.active.*.facts': { members: 'neutral' },
  'kpis.targets': { members: 'neutral' },
};
