import type { Money } from '#shared/core/money.ts';
import { dayOf, type Instant } from '#shared/core/time.ts';
import type { TaxFormKind } from '#shared/program/named-kinds.ts';
import type { PayoutRules } from '#shared/program/payout-rules.ts';
import type { Payee } from './payee.ts';
import type { PayoutStatus, Statement } from './payout.ts';

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

/** The forms of which a payee has none, though one is needed before it is paid so much. */
export const taxFormsLacking = (
  { address, taxForm }: Pick<Payee, 'address' | 'taxForm'>,
  rules: PayoutRules,
  about: { readonly taxYear: number; readonly paid: Money },
): readonly TaxFormKind[] => {
  const needed = taxFormsNeeded(rules, { ...about, countryCode: address.countryCode });
  return taxForm && needed.includes(taxForm.kind) ? [] : needed;
};

/** The calendar year of an instant in the program's time zone. */
export const taxYearOf = (at: Instant, timeZone: string): number => Number(dayOf(at, timeZone).slice(0, 'YYYY'.length));

/** It has left, or will: banks answer days later, and another run may be under way. */
const leaves: ReadonlySet<PayoutStatus> = new Set(['pending', 'sent', 'unknown', 'paid']);

/** What a partner is paid in the year of an instant, of all its statements; minor units. */
export const paidInYearOf = (at: Instant, statements: readonly Statement[], timeZone: string): number =>
  statements
    .filter(({ payout }) => leaves.has(payout.status))
    .filter(({ payout }) => taxYearOf(payout.sentAt ?? at, timeZone) === taxYearOf(at, timeZone))
    .reduce((sum, { payout }) => sum + (payout.amount?.amountMinor ?? 0), 0);
