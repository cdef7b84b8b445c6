import { DomainError, type FieldError } from '#shared/core/errors.ts';
import { compareMoney, formatMoney, type Money } from '#shared/core/money.ts';
import { addMonths, dayOf } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import type { Registration } from './deal.ts';

const named = (things: readonly { readonly id: string }[]): string => things.map(({ id }) => id).join(', ');

const valueFaults = (value: Money | undefined, { currency, deals }: Program): readonly FieldError[] => {
  if (value === undefined) return [];
  if (value.currency !== currency) {
    const detail = `must be ${currency}, the currency of this program`;
    return [{ pointer: '#/value/currency', code: 'money.currency_mismatch', detail }];
  }
  if (compareMoney(value, deals.minimumValue) >= 0) return [];
  const detail = `must be at least ${formatMoney(deals.minimumValue)}`;
  return [{ pointer: '#/value', code: 'deal.below_minimum', detail }];
};

const closeDateFaults = (day: string | undefined, program: Program, now: string): readonly FieldError[] => {
  const today = dayOf(now, program.timeZone);
  const latest = addMonths(today, program.deals.closeWithinMonths);
  if (day === undefined || (day >= today && day <= latest)) return [];
  const detail = `must lie between ${today} and ${latest}`;
  return [{ pointer: '#/expectedCloseDate', code: 'deal.close_date_out_of_range', detail }];
};

export const lineFaults = (productLine: string, { productLines }: Program): readonly FieldError[] => {
  if (productLines.some((line) => line.id === productLine)) return [];
  const detail = `must be one of the program's product lines: ${named(productLines)}`;
  return [{ pointer: '#/productLine', code: 'program.unknown_product_line', detail }];
};

const segmentFaults = (segment: string | undefined, { segments }: Program): readonly FieldError[] => {
  if (segment === undefined || segments.some(({ id }) => id === segment)) return [];
  const detail = `must be one of the program's segments: ${named(segments) || 'it has none, so leave it out'}`;
  return [{ pointer: '#/customer/segment', code: 'program.unknown_segment', detail }];
};

/** What the program's rules say against a registration, rule by rule. */
export const registrationFaults = (input: Registration, program: Program, now: string): readonly FieldError[] => [
  ...lineFaults(input.productLine, program),
  ...segmentFaults(input.customer.segment, program),
  ...valueFaults(input.value, program),
  ...closeDateFaults(input.expectedCloseDate, program, now),
];

/** What they say against changing value or expected close date of a deal; what is not given is not looked at. */
export const changeFaults = (
  changes: { readonly value?: Money | undefined; readonly expectedCloseDate?: string | undefined },
  program: Program,
  now: string,
): readonly FieldError[] => [
  ...valueFaults(changes.value, program),
  ...closeDateFaults(changes.expectedCloseDate, program, now),
];

/** Throws the first broken rule's code, with every broken rule among its errors. */
export const refuseBroken = (faults: readonly FieldError[]): void => {
  const [first] = faults;
  if (!first) return;
  const message = faults.map(({ pointer, detail }) => `${pointer.slice(2)} ${detail}`).join('; ');
  throw new DomainError('rule', first.code, `The program does not take this: ${message}.`, { errors: faults });
};
