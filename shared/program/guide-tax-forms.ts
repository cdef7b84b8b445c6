import { formatMoney } from '#shared/core/money.ts';
import type { TaxFormKind } from '#shared/program/named-kinds.ts';
import type { PayoutRules } from '#shared/program/payout-rules.ts';

const formNames = { w9: 'W-9', w8: 'W-8', eu_vat: 'EU VAT id' } as const;

const either = new Intl.ListFormat('en-GB', { type: 'disjunction' });
const both = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** Forms of which any one will do, in words. */
export const eitherForm = (forms: readonly TaxFormKind[]): string =>
  either.format(forms.map((form) => formNames[form]));

/** Who needs which form from when on: one sentence for each rule. */
export const taxFormSentences = ({ taxForms = [] }: PayoutRules): readonly string[] => {
  const countries = new Intl.DisplayNames('en', { type: 'region' });
  return taxForms.map(({ countries: codes, forms, thresholds }) => {
    const where = codes.length > 0 ? `in ${both.format(codes.map((code) => countries.of(code) ?? code))}` : 'elsewhere';
    const from = thresholds
      .toSorted((a, b) => a.taxYear - b.taxYear)
      .map(({ taxYear, paid }) => `from ${taxYear} on ${formatMoney(paid)}`);
    return `For partners ${where} we need a tax form (${eitherForm(forms)}) before they are paid so much in a calendar year: ${both.format(from)}.`;
  });
};
