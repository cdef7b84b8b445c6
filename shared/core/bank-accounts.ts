import { electronicFormatIBAN, isValidBIC, isValidIBAN } from 'ibantools';
import * as z from 'zod';

/** ISO 13616: of a country that has them, of its length, with the right check digits. */
export const isIban = (text: string): boolean => isValidIBAN(text);

/** ISO 9362. */
export const isBic = (text: string): boolean => isValidBIC(text);

/** Districts of the Federal Reserve, those of thrifts, electronic ones and the government's: the first two digits (ABA). */
const isDistrict = (district: number): boolean =>
  district <= 12 || (district >= 21 && district <= 32) || (district >= 61 && district <= 72) || district === 80;

/** Nine digits whose sum, weighted 3, 7 and 1 by turns, is a multiple of ten (ABA routing transit number). */
export const isRoutingNumber = (text: string): boolean => {
  if (!/^[0-9]{9}$/.test(text) || !isDistrict(Number(text.slice(0, 2)))) return false;
  const sum = [...text].reduce((total, digit, index) => total + Number(digit) * ([3, 7, 1][index % 3] ?? 0), 0);
  return sum > 0 && sum % 10 === 0;
};

/** What stands in the account field of an ACH entry, which has 17 places. */
export const isAccountNumber = (text: string): boolean => /^[0-9]{4,17}$/.test(text);

/** People write numbers in groups; nobody means the gaps. */
const withoutGaps = (text: string): string => text.replace(/[\s-]/g, '').toUpperCase();

const checked = (holds: (text: string) => boolean, message: string) =>
  z.string().max(60).transform(withoutGaps).pipe(z.string().refine(holds, message));

export const Iban = z
  .string()
  .max(60)
  .transform((text) => electronicFormatIBAN(text) ?? '')
  .pipe(z.string().refine(isIban, 'must be an IBAN with its right check digits, such as DE89 3704 0044 0532 0130 00'));
export const Bic = checked(isBic, 'must be a BIC of 8 or 11 characters, such as COBADEFFXXX');
export const RoutingNumber = checked(
  isRoutingNumber,
  'must be an ABA routing number of nine digits, such as 021000021',
);
export const AccountNumber = checked(isAccountNumber, 'must be an account number of 4 to 17 digits');

/** As Stripe names accounts. Stripe alone knows whether it is connected to ours. */
export const StripeAccountId = z
  .string()
  .regex(/^acct_[A-Za-z0-9]{8,64}$/, 'must be the id of an account at Stripe, such as acct_1MTfjCQ9PRzxEwkZ');
