import * as z from 'zod';
import { Money } from '#shared/core/money.ts';

/** Says in words what a field must be, and that it is missing when it is. */
export const must = (be: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? `is missing: it must be ${be}` : `must be ${be}`;

const textMust = 'a text, for example "Authorized partner"';
export const Text = z
  .string({ error: must(textMust) })
  .trim()
  .min(1, { error: must(textMust) })
  .max(20_000);

const idMust = 'a short name in small letters, digits and hyphens, for example "gold" or "digital-ads"';
/** How other places refer to a thing of the program; it never changes, the name may. */
export const Id = z
  .string({ error: must(idMust) })
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: must(idMust) })
  .max(60);

const criterionMust = 'a name of letters and digits that begins with a small letter, for example "customerFit"';
/** Criteria are fields of the API (`{customerFit: {score, note}}`), so they are written like fields. */
export const CriterionId = z
  .string({ error: must(criterionMust) })
  .regex(/^[a-z][a-zA-Z0-9]*$/, { error: must(criterionMust) })
  .max(60);

const percentMust = 'a percentage from 0 to 100 with at most four decimals, for example 10 or 2.5';
export const Percent = z
  .number({ error: must(percentMust) })
  .min(0, { error: must(percentMust) })
  .max(100, { error: must(percentMust) })
  .refine((percent) => /^\d+(\.\d{1,4})?$/.test(String(percent)), { error: must(percentMust) });

/** A whole number with its unit in words, such as `days`. */
export const whole = (unit: string, { min = 0, max = 3650 } = {}) => {
  const be = `a whole number of ${unit} from ${min} to ${max}`;
  return z
    .int({ error: must(be) })
    .min(min, { error: must(be) })
    .max(max, { error: must(be) });
};

export const YesNo = z.boolean({ error: must('true or false') });

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: must(`one of ${values.map((value) => `"${value}"`).join(', ')}`) });

/** A list of at least one. */
export const some = <T extends z.ZodType>(item: T) => {
  const be = 'a list with at least one entry';
  return z.array(item, { error: must(be) }).min(1, { error: must(be) });
};

export const listOf = <T extends z.ZodType>(item: T) => z.array(item, { error: must('a list (it may be empty: [])') });

/** Fields in a block of their own. */
export const block = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? undefined : must('a block of fields')(issue)),
  });

const countryMust = 'an ISO 3166-1 country code of two capital letters, for example "DE"';
/** The shape only; the list is asked when a program is published. */
export const Country = z.string({ error: must(countryMust) }).regex(/^[A-Z]{2}$/, { error: must(countryMust) });

const amountMust = 'an amount with its currency, for example "5,000.00 USD"';

const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** Reads "5,000.00 USD" into minor units; what is not written like that is left for the schema to refuse. */
const readAmount = (value: unknown): unknown => {
  const match = typeof value === 'string' && /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))? ([A-Z]{3})$/.exec(value.trim());
  if (!match) return value;
  const [, units = '', fraction = '', currency = ''] = match;
  const decimals = decimalsOf(currency);
  if (fraction.length > decimals) return value;
  return { amountMinor: Number(units.replaceAll(',', '') + fraction.padEnd(decimals, '0')), currency };
};

/** In the file "5,000.00 USD"; in the parsed program, in the table and in answers `Money`. */
export const Amount = z.preprocess(readAmount, z.strictObject(Money.shape, { error: must(amountMust) }));
