import { describe, expect, test } from 'vitest';
import { Invoice, invoiceIdentity } from '#shared/documents/invoice.ts';

const acme = (number: string) => ({ supplier: 'Acme', number });
const from = (supplier: string) => ({ supplier, number: '1' });

describe('one invoice', () => {
  test.each<readonly [string, Invoice, Invoice]>([
    ['in capitals', acme('inv-7a'), acme('INV-7A')],
    ['with spaces', acme('INV 7'), acme('INV7')],
    ['with dashes, slashes, dots, a number sign', acme('#INV/2026.7'), acme('INV-2026-7')],
    ['with leading zeros', acme('0042'), acme('42')],
    ['with zeros that lead a part', acme('INV-0042'), acme('INV-42')],
    ['in full-width characters', acme('ＩＮＶ－４２'), acme('INV-42')],
    ['with an invisible character', acme('INV\u200b42'), acme('INV42')],
    ['of nothing but zeros', acme('000'), acme('0')],
    ['with another legal form', from('Acme Printing Ltd.'), from('ACME PRINTING, Inc')],
    ['with a dotted legal form', from('Acme S.A.'), from('Acme SA')],
    ['with two legal forms', from('Acme GmbH & Co. KG'), from('Acme')],
    ['without accents', from('Société Générale d’Impression'), from('Societe Generale dImpression')],
    ['with a sharp s', from('Weiß Druck'), from('WEISS DRUCK')],
    ['of a supplier whose name is a legal form', from('AG'), from('A.G.')],
  ])('is the same %s', (_, one, other) => {
    expect(invoiceIdentity(one)).toEqual(invoiceIdentity(other));
  });

  test.each<readonly [string, Invoice, Invoice]>([
    ['number', acme('INV-42'), acme('INV-43')],
    ['number with a zero inside', acme('INV-402'), acme('INV-42')],
    ['number with a zero behind', acme('420'), acme('42')],
    ['letter', acme('42A'), acme('42B')],
    ['supplier', from('Acme Printing'), from('Acme Events')],
    ['supplier that has a legal form inside its name', from('Coral Media'), from('Ral Media')],
  ])('differs by its %s', (_, one, other) => {
    expect(invoiceIdentity(one)).not.toEqual(invoiceIdentity(other));
  });

  test.each([
    ['a number without letter or digit', acme('---')],
    ['a supplier without letter or digit', from('***')],
    ['an empty number', acme(' ')],
    ['a number with a control character', acme('4\u00002')],
    ['a number that is too long', acme('4'.repeat(101))],
  ])('cannot be told from %s', (_, invoice) => {
    expect(Invoice.safeParse(invoice).success).toBe(false);
  });
});
