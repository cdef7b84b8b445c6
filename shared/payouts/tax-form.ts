import type { Money } from '#shared/core/money.ts';
import type { TaxFormKind } from '#shared/program/named-kinds.ts';
import type { PayoutRules } from '#shared/program/payout-rules.ts';

/**
 * The forms of which one is needed before a partner of this country is paid; empty when none is. `paid` is all that it gets in this
 * calendar year, the payout in question with it. A threshold holds for its year and those after it, until a later one has its own.
 */
export const taxFormsNeeded = (
  { taxForms = [] }: PayoutRules,
  about: { readonly countryCode: string; readonly taxYear: number; readonly paid: Money },
): readonly TaxFormKind[] => {
  const rule =
    taxForms.find(({ countries }) => countries.includes(about.countryCode)) ??
    taxForms.find(({ countries }) => countries.length === 0);
  const inForce = rule?.thresholds
    .filter(({ taxYear }) => taxYear <= about.taxYear)
    .sort((a, b) => b.taxYear - a.taxYear)[0];
  return rule && inForce && about.paid.amountMinor >= inForce.paid.amountMinor ? rule.forms : [];
};
