/** Codes of ISO's external list that payments fail with, in words a partner can act on. */
const words: Readonly<Record<string, string>> = {
  AC01: 'the account number is wrong',
  AC03: 'the account number is wrong',
  AC04: 'the account is closed',
  AC06: 'the account is blocked',
  AC13: 'the account is of a kind that takes no such payments',
  AG01: 'the account takes no such payments',
  AG02: 'the bank does not know this kind of payment',
  AM02: 'the amount is too large',
  AM04: 'there was not enough money in the account that pays',
  BE01: 'name and account do not belong together',
  BE04: 'the address is missing or wrong',
  BE05: 'the payer is not known to the bank',
  CUST: 'it was called back',
  FF01: 'the bank could not read the file',
  FOCR: 'it was called back',
  MD07: 'the holder of the account has died',
  MS02: 'the receiver refused it',
  MS03: 'the bank gave no reason',
  RC01: 'the bank code is wrong',
  RR01: 'details about the payer are missing',
  RR02: 'details about the payer are missing',
  RR03: 'details about the receiver are missing',
  RR04: 'the law does not allow it',
};

/** Words with figures in them, one or several in a row: how numbers of accounts are written, with or without gaps. */
const figures = /[A-Z]*[0-9][A-Z0-9-]*(?: [A-Z]*[0-9][A-Z0-9-]*)*/gi;
const mostHarmless = 7;

/** A bank's own words may hold numbers of accounts, which belong into no mail and no record of ours. */
const withoutNumbers = (said: string): string =>
  said.replace(figures, (found) => (found.length > mostHarmless ? '…' : found));

/** Why a payment failed: by its code, or where that says nothing in the bank's own words, cut to a line. */
export const reasonInWords = (code: string | undefined, said: readonly string[]): string => {
  const known = code === undefined ? undefined : words[code];
  const own = withoutNumbers(said.join(' ').slice(0, 1000).replace(/\s+/g, ' ').trim()).slice(0, 140);
  const named = known ?? (own || 'the bank gave no reason');
  return code === undefined ? named : `${named} (${code.replace(/[^A-Za-z0-9]/g, '').slice(0, 35)})`;
};
