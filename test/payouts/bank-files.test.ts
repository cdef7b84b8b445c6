import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bundleFunctions } from '#infra/bundle.ts';
import { functions } from '#infra/functions.ts';
import { DomainError } from '#shared/core/errors.ts';
import { decimalOf } from '#shared/core/money.ts';
import { bankText } from '#shared/payouts/bank-text.ts';
import { writeNacha } from '#shared/payouts/nacha.ts';
import { writePain001 } from '#shared/payouts/pain001.ts';
import { aBankOrder, aTransfer, ourAccounts } from './a-bank-order.ts';
import { anIbanPayee, aUsPayee } from './a-payee.ts';
import { readNacha } from './nacha-reader.ts';
import { faultsOfStructure, readPain001 } from './pain001-reader.ts';

const long =
  'Gesellschaft für außergewöhnlich lange und über alle Maßen umständliche Namen & Co. Kommanditgesellschaft auf Aktien';
const french = anIbanPayee({
  accountHolder: 'Société Générale des Œufs <frais> "réunis"',
  iban: 'FR1420041010050500013M02606',
  bic: 'PSSTFRPPPAR',
  address: { streetAddress: '1, Place de l’Étoile', city: 'Saint-Étienne', postalCode: '42000', countryCode: 'FR' },
});
const turkish = anIbanPayee({ iban: 'TR330006100519786457841326', bic: undefined, accountHolder: 'Işık Yazılım A.Ş.' });

const mixed = aBankOrder({
  transfers: [
    aTransfer(1),
    aTransfer(2, { payee: aUsPayee(), amountMinor: 987_654_321 }),
    aTransfer(3, { payee: french, amountMinor: 1 }),
    aTransfer(4, { payee: aUsPayee({ accountType: 'savings', accountHolder: long }), amountMinor: 5_000 }),
    aTransfer(5, { payee: anIbanPayee({ accountHolder: long }), amountMinor: 100_000_00 }),
  ],
});
const euros = aBankOrder({
  currency: 'EUR',
  transfers: [
    aTransfer(1, { currency: 'EUR' }),
    aTransfer(2, { currency: 'EUR', payee: turkish, amountMinor: 70_000 }),
    aTransfer(3, { currency: 'EUR', payee: aUsPayee(), amountMinor: 80_000 }),
  ],
});

const codeOf = (write: () => string): string | undefined => {
  try {
    write();
    return undefined;
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
};

describe('when a file for the bank is made', () => {
  test.each([
    ['pain001-usd.xml', () => writePain001(mixed)],
    ['pain001-eur.xml', () => writePain001(euros)],
    ['nacha.txt', () => writeNacha(mixed)],
  ])('then it is as it was when somebody looked at it: %s', async (name, write) => {
    await expect(write()).toMatchFileSnapshot(`./golden/${name}`);
  });

  test('then the bundle of a function lays out the same lines, though the package was not written for modules', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-nacha-'));
    const rows = functions.filter(({ name }) => name === 'payout-files');
    await bundleFunctions(
      rows.map((row) => ({ ...row, entry: 'shared/payouts/nacha.ts' })),
      folder,
    );
    const bundled = await import(pathToFileURL(join(folder, 'payout-files', 'index.mjs')).href);
    expect(bundled.writeNacha(mixed)).toBe(writeNacha(mixed));
    rmSync(folder, { recursive: true });
  });

  test('then every payment stands in one of the files and in no other', () => {
    const inXml = readPain001(writePain001(mixed)).payments.map(({ reference }) => reference);
    const inAch = readNacha(writeNacha(mixed)).map(({ addenda }) => addenda.split('*')[2]);
    expect([...inXml, ...inAch].sort()).toEqual(mixed.transfers.map(({ reference }) => reference));
    expect(readPain001(writePain001(euros)).payments).toHaveLength(3);
    expect(codeOf(() => writeNacha(euros))).toBe('payout_run.nothing_in_file');
    expect(codeOf(() => writePain001(aBankOrder({ transfers: [aTransfer(1, { payee: aUsPayee() })] })))).toBe(
      'payout_run.nothing_in_file',
    );
  });

  test('then euros within the area go by the scheme, in its letters, and nothing else does', () => {
    const { messageId, payments } = readPain001(writePain001(euros));
    expect(messageId).toBe('run-0123456789ABCDEFGHJKMNPQRS');
    expect(payments.map(({ service, reference }) => [service, reference.slice(0, 4)])).toEqual([
      ['SEPA', 'pay-'],
      ['NURG', 'pay_'],
      ['NURG', 'pay_'],
    ]);
    const dollars = readPain001(writePain001(mixed)).payments;
    expect(dollars.every(({ service, currency }) => service === 'NURG' && currency === 'USD')).toBe(true);
  });

  test('then a payer without an IBAN is named by its American account', () => {
    const { iban: _iban, bic: _bic, ...payer } = ourAccounts();
    const xml = writePain001(aBankOrder({ payer }));
    expect(faultsOfStructure(xml)).toEqual([]);
    expect(xml).toContain('<MmbId>011000015</MmbId>');
  });

  test('then an amount that has no place is refused, not cut', () => {
    const huge = (amountMinor: number, more = {}) => aTransfer(1, { amountMinor, ...more });
    const ach = (cents: number) => writeNacha(aBankOrder({ transfers: [huge(cents, { payee: aUsPayee() })] }));
    expect(readNacha(ach(9_999_999_999))[0]?.cents).toBe(9_999_999_999);
    expect(codeOf(() => ach(10_000_000_000))).toBe('payout.amount_too_large');
    const inEuros = (cents: number) =>
      writePain001(aBankOrder({ currency: 'EUR', transfers: [huge(cents, { currency: 'EUR' })] }));
    expect(readPain001(inEuros(99_999_999_999)).payments[0]?.amount).toBe('999999999.99');
    expect(codeOf(() => inEuros(100_000_000_000))).toBe('payout.amount_too_large');
  });

  test.each([1, 2, 3, 4, 5, 8, 13, 500])('then an ACH file of %i payments has full blocks', (count) => {
    const transfers = Array.from({ length: count }, (_, index) =>
      aTransfer(index, { payee: aUsPayee(), amountMinor: index + 1 }),
    );
    expect(readNacha(writeNacha(aBankOrder({ transfers })))).toHaveLength(count);
  });
});

describe('when the same file is made again', () => {
  afterEach(() => {
    vi.useRealTimers();
    process.env.TZ = 'UTC';
  });

  test.each([
    ['years later', '2031-02-03T04:05:06Z', 'UTC'],
    ['in another time zone', '2026-11-05T23:59:59Z', 'Pacific/Kiritimati'],
  ])('then %s no byte differs', (_, machineTime, zone) => {
    const before = [writePain001(mixed), writePain001(euros), writeNacha(mixed)];
    process.env.TZ = zone;
    vi.useFakeTimers({ now: new Date(machineTime) });
    expect([writePain001(mixed), writePain001(euros), writeNacha(mixed)]).toEqual(before);
  });
});

describe('when an amount is written for a bank', () => {
  test.each([
    [123_456, 'USD', '1234.56'],
    [5, 'USD', '0.05'],
    [1_234, 'JPY', '1234'],
    [1_234, 'KWD', '1.234'],
    [9_007_199_254_740_991, 'EUR', '90071992547409.91'],
  ])('then %i of %s is %s', (amountMinor, currency, written) => {
    expect(decimalOf({ amountMinor, currency })).toBe(written);
  });
});

describe('when a name is written for a bank', () => {
  test.each([
    ['Müller & Söhne GmbH', 'Mueller + Soehne GmbH'],
    ['Łódź Straße Ørsted', 'Lodz Strasse Orsted'],
    ['日本', 'NOTPROVIDED'],
    ['A\tB\n C', 'A B C'],
    ['e\u0301', 'e'],
  ])('then %s is %s', (text, written) => {
    expect(bankText(text, 70)).toBe(written);
  });
});

const aName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 140 })
  .filter((name) => /\S/.test(name) && !/\p{Cc}/u.test(name) && name.isWellFormed());
const aPayment = fc.record({ name: aName, amountMinor: fc.integer({ min: 1, max: 9_999_999_999 }), us: fc.boolean() });

describe('when anybody is paid anything', () => {
  test('then both files read back to the cent, in letters that banks take', () => {
    fc.assert(
      fc.property(
        fc.array(aPayment, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('USD', 'EUR', 'JPY'),
        (made, currency) => {
          const transfers = made.map(({ name, amountMinor, us }, index) =>
            aTransfer(index, { amountMinor, currency, payee: (us ? aUsPayee : anIbanPayee)({ accountHolder: name }) }),
          );
          const order = aBankOrder({ currency, transfers });
          const xml = transfers.some(({ payee }) => payee.kind === 'iban' || currency !== 'USD')
            ? writePain001(order)
            : '';
          const ach = currency === 'USD' && made.some(({ us }) => us) ? writeNacha(order) : '';
          expect(xml ? faultsOfStructure(xml) : []).toEqual([]);
          const paid = xml ? readPain001(xml).payments : [];
          const credited = ach ? readNacha(ach) : [];
          const cents = [
            ...paid.map(({ amount }) => Number(amount.replace('.', ''))),
            ...credited.map((it) => it.cents),
          ];
          expect(cents.toSorted((a, b) => a - b)).toEqual(made.map((it) => it.amountMinor).toSorted((a, b) => a - b));
          expect([...paid, ...credited].every(({ name }) => /^[A-Za-z0-9/\-?:().,'+ ]+$/.test(name))).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});
