import { describe, expect, test } from 'vitest';
import { Address, Contact, CountryCode, written } from '#shared/core/contacts.ts';

describe('when somebody writes a text', () => {
  const rows: readonly (readonly [label: string, text: string, kept: string | undefined])[] = [
    ['it is kept without spaces around it', '  Hello  ', 'Hello'],
    ['line breaks and tabs stay', 'one\r\n\ttwo', 'one\r\n\ttwo'],
    ['any script is fine', 'Łódź 東京 🎉', 'Łódź 東京 🎉'],
    ['nothing is refused', '', undefined],
    ['nothing but spaces is refused', ' \n ', undefined],
    ['a control character is refused', 'a\u0000b', undefined],
    ['an escape is refused', 'a\u001b[31m', undefined],
    ['a character too many is refused', 'a'.repeat(21), undefined],
    ['as long as allowed is fine', 'a'.repeat(20), 'a'.repeat(20)],
  ];
  test.each(rows)('then %s', (_label, text, kept) => {
    expect(written(20).safeParse(text).data).toBe(kept);
  });
});

describe('when a country is named', () => {
  test.each([
    ['US', true],
    ['DE', true],
    ['us', false],
    ['USA', false],
    ['UK', false],
    ['ZZ', false],
    ['', false],
  ])('then %s: is it one?', (code, ok) => {
    expect(CountryCode.safeParse(code).success).toBe(ok);
  });
});

describe('when a contact is given', () => {
  const ada = { firstName: 'Ada', lastName: 'Byron', email: 'Ada@Acme.Example' };

  test('then its address is kept in small letters', () => {
    expect(Contact.parse(ada).email).toBe('ada@acme.example');
  });

  const refused: readonly (readonly [label: string, overrides: Record<string, unknown>])[] = [
    ['no address', { email: 'ada' }],
    ['two addresses', { email: 'ada@acme.example, bob@acme.example' }],
    ['a line break in the address', { email: 'ada@acme.example\nbcc: x@y.example' }],
    ['words for a number', { phone: 'call me' }],
    ['no name', { firstName: ' ' }],
    ['something unknown', { nickname: 'A' }],
  ];
  test.each(refused)('then %s is refused', (_label, overrides) => {
    expect(Contact.safeParse({ ...ada, ...overrides }).success).toBe(false);
  });

  test.each(['+1 555 010 0100', '(030) 12345-67', '0170/1234567'])('then %s is a telephone number', (phone) => {
    expect(Contact.safeParse({ ...ada, phone }).success).toBe(true);
  });
});

describe('when an address is given', () => {
  const address = { streetAddress: '1 Main Street', city: 'Springfield', postalCode: '12345', countryCode: 'US' };

  test('then a region is not needed, and everything else is', () => {
    expect(Address.safeParse(address).success).toBe(true);
    for (const name of Object.keys(address)) {
      expect(Address.safeParse({ ...address, [name]: undefined }).success).toBe(false);
    }
  });
});
