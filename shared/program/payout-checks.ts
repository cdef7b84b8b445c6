import { isBic, isIban, isRoutingNumber } from '#shared/core/bank-accounts.ts';
import type { Program } from '#shared/program/program.ts';
import type { ProgramFault } from '#shared/program/program-fault.ts';

const accountFaults = ({ payer }: Program['payouts']): ProgramFault[] => {
  const path = ['payouts', 'payer'];
  const faults: ProgramFault[] = [];
  if (payer && payer.iban === undefined && payer.us === undefined)
    faults.push({ path, message: 'must have an account: "iban", or "us" for ACH payments, or both' });
  if (payer?.iban !== undefined && !isIban(payer.iban))
    faults.push({ path: [...path, 'iban'], message: 'has wrong check digits, or not the length of its country' });
  if (payer?.bic !== undefined && !isBic(payer.bic))
    faults.push({ path: [...path, 'bic'], message: 'must be a BIC of 8 or 11 characters' });
  if (payer?.us && !isRoutingNumber(payer.us.routingNumber))
    faults.push({ path: [...path, 'us', 'routingNumber'], message: 'has a wrong check digit' });
  return faults;
};

/** One country needs one rule, or nobody knew which holds; and each year of a rule one threshold. */
const taxFormFaults = ({ taxForms = [] }: Program['payouts']): ProgramFault[] => {
  const seen = new Set<string>();
  return taxForms.flatMap(({ countries, thresholds }, index) => {
    const path = ['payouts', 'taxForms', index];
    const named = countries.length > 0 ? countries : ['everywhere else'];
    const twice = named.filter((country) => seen.has(country));
    for (const country of named) seen.add(country);
    const years = thresholds.map(({ taxYear }) => taxYear);
    return [
      ...twice.map((country) => ({
        path: [...path, 'countries'],
        message: `speaks of ${country}, of which another rule speaks already`,
      })),
      ...years.flatMap((year, at) =>
        years.indexOf(year) === at
          ? []
          : [{ path: [...path, 'thresholds', at, 'taxYear'], message: `repeats ${year}, which is already there` }],
      ),
    ];
  });
};

/** What the payout rules of a well-formed program must have to do with each other. */
export const payouts = (program: Program): ProgramFault[] => [
  ...accountFaults(program.payouts),
  ...taxFormFaults(program.payouts),
];
