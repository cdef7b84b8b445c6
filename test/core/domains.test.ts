import { describe, expect, test } from 'vitest';
import { registrableDomain, WebsiteUrl } from '#shared/core/domains.ts';

describe('when a company is identified by its website', () => {
  const rows: readonly (readonly [website: string, domain: string | undefined])[] = [
    ['https://www.acme.example', 'acme.example'],
    ['acme.example', 'acme.example'],
    ['HTTP://ACME.EXAMPLE:8080/a?b#c', 'acme.example'],
    ['shop.eu.acme.co.uk', 'acme.co.uk'],
    ['acme.com.au', 'acme.com.au'],
    ['acme.github.io', 'acme.github.io'],
    ['www.acme.github.io', 'acme.github.io'],
    ['https://ada:secret@acme.example', 'acme.example'],
    ['https://acme.example.', 'acme.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['https://xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['https://other.example/acme.example', 'other.example'],
    ['https://acme.example@other.example', 'other.example'],
    ['https://acme.example\\@other.example', 'acme.example'],
    ['', undefined],
    ['not a website', undefined],
    ['localhost', undefined],
    ['com', undefined],
    ['co.uk', undefined],
    ['github.io', undefined],
    ['https://192.0.2.7', undefined],
    ['https://3221225991', undefined],
    ['https://[2001:db8::1]/', undefined],
    ['ftp://acme.example', undefined],
    ['javascript://acme.example/%0aalert(1)', undefined],
    ['file:///acme.example', undefined],
    ['mailto:ada@acme.example', undefined],
    ['ada@mail.example', undefined],
    ['acme.example/@ada', 'acme.example'],
    ['https://', undefined],
  ];
  test.each(rows)('then %s is %s', (website, domain) => {
    expect(registrableDomain(website)).toBe(domain);
    expect(WebsiteUrl.safeParse(website).success).toBe(domain !== undefined);
  });

  test('then an address is kept as it was written, without spaces around it', () => {
    expect(WebsiteUrl.parse('  https://www.Acme.example/about ')).toBe('https://www.Acme.example/about');
  });

  test('then one that is too long is refused', () => {
    expect(WebsiteUrl.safeParse(`https://acme.example/${'a'.repeat(2000)}`).success).toBe(false);
  });
});
