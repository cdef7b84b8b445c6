/** An account of an agent's company, and what a bank's file must name it by. */
export interface YearsPayee {
  readonly payee: Readonly<Record<string, unknown>>;
  readonly format: 'pain.001' | 'nacha';
  readonly account: string;
}

/** ISO 7064 mod 97-10, as ISO 13616 makes an IBAN's check digits. */
const ibanOf = (country: string, account: string): string => {
  const digits = [...`${account}${country}00`].map((letter) => Number.parseInt(letter, 36)).join('');
  const check = 98n - (BigInt(digits) % 97n);
  return `${country}${String(check).padStart(2, '0')}${account}`;
};

const german = (accountHolder: string, number: string): YearsPayee => {
  const iban = ibanOf('DE', `37040044${number.padStart(10, '0')}`);
  const address = { streetAddress: 'Hafenstraße 1', city: 'Köln', postalCode: '50667', countryCode: 'DE' };
  const payee = { kind: 'iban', accountHolder, iban, bic: 'COBADEFFXXX', address };
  return { payee, format: 'pain.001', account: iban };
};

const american = (accountHolder: string, accountNumber: string): YearsPayee => {
  const place = { city: 'Boston', stateOrRegion: 'MA', postalCode: '02110', countryCode: 'US' };
  const address = { streetAddress: '1 Harbor Street', ...place };
  const payee = { kind: 'us_account', accountHolder, routingNumber: '021000021', accountNumber, address };
  return { payee, format: 'nacha', account: accountNumber };
};

/** Every other agent has an account in Germany, the others in the United States; each version of it is another account. */
export const payeeOfAgent = (agent: string, place: number, version: number): YearsPayee => {
  const number = `${version}${String(place).padStart(7, '0')}`;
  return (place % 2 === 0 ? german : american)(`${agent} Partners`, number);
};
