import type { FieldError } from '#shared/core/errors.ts';
import { compareMoney, formatMoney, type Money, percentOf } from '#shared/core/money.ts';
import { quarterOf } from '#shared/core/quarters.ts';
import { addMonths, dayOf, type Instant } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import type { Plan } from './fund-request.ts';

/** An activity that takes longer is several. */
const longestMonths = 12;

const typeFaults = ({ activityType }: Plan, { mdf }: Program): readonly FieldError[] => {
  if (mdf.activityTypes.some(({ id }) => id === activityType)) return [];
  const eligible = mdf.activityTypes.map(({ id }) => id).join(', ');
  const detail = `must be an eligible activity: ${eligible || 'the program has none'}`;
  return [{ pointer: '#/activityType', code: 'mdf.activity_not_eligible', detail }];
};

const outOfRange = (pointer: string, detail: string): FieldError => ({
  pointer,
  code: 'mdf.dates_out_of_range',
  detail,
});

const dateFaults = ({ startDate, endDate, quarter }: Plan, program: Program, now: Instant): readonly FieldError[] => {
  const today = dayOf(now, program.timeZone);
  const startsIn = quarterOf(startDate, program.fiscalYearStart);
  const latest = addMonths(startDate, longestMonths);
  return [
    ...(startDate < today
      ? [outOfRange('#/startDate', `must not be before ${today}: funds are asked for before they are spent`)]
      : []),
    ...(startsIn === quarter ? [] : [outOfRange('#/quarter', `must be ${startsIn}, in which the activity starts`)]),
    ...(endDate < startDate ? [outOfRange('#/endDate', 'must not be before the start')] : []),
    ...(endDate > latest ? [outOfRange('#/endDate', `must not be after ${latest}`)] : []),
  ];
};

const currencyFaults = (plan: Plan, { currency }: Program): readonly FieldError[] =>
  (['expectedCost', 'requestedAmount', 'expectedPipeline'] as const)
    .filter((field) => plan[field].currency !== currency)
    .map((field) => ({
      pointer: `#/${field}/currency`,
      code: 'money.currency_mismatch',
      detail: `must be ${currency}, the currency of this program`,
    }));

/** Our share of a cost, at most. */
export const mostOf = (cost: Money, { mdf }: Pick<Program, 'mdf'>): Money => percentOf(cost, mdf.sharePercent);

const shareFaults = ({ expectedCost, requestedAmount }: Plan, program: Program): readonly FieldError[] => {
  if (expectedCost.currency !== requestedAmount.currency) return [];
  const most = mostOf(expectedCost, program);
  if (compareMoney(requestedAmount, most) <= 0) return [];
  const detail = `must be at most ${formatMoney(most)}, which is ${program.mdf.sharePercent} % of the expected cost`;
  return [{ pointer: '#/requestedAmount', code: 'mdf.share_too_high', detail }];
};

const regionFaults = ({ region }: Plan, { regions }: Program): readonly FieldError[] => {
  if (region === undefined || regions.includes(region)) return [];
  const detail = `must be one of the program's regions: ${regions.join(', ')}`;
  return [{ pointer: '#/region', code: 'program.unknown_region', detail }];
};

/** What the program's rules say against a plan, rule by rule. */
export const planFaults = (plan: Plan, program: Program, now: Instant): readonly FieldError[] => [
  ...typeFaults(plan, program),
  ...dateFaults(plan, program, now),
  ...currencyFaults(plan, program),
  ...shareFaults(plan, program),
  ...regionFaults(plan, program),
];
