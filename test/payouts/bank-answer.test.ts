import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '#shared/core/errors.ts';
import { readBankStatus } from '#shared/payouts/bank-answer.ts';
import { writePain001 } from '#shared/payouts/pain001.ts';
import { isSameAmount } from '#shared/payouts/told-amount.ts';
import { aCamt053, aPain002 } from './a-bank-answer.ts';
import { aBankOrder } from './a-bank-order.ts';

const a = 'pay_0123456789ABCDEFGHJK000001';
const b = 'pay_0123456789ABCDEFGHJK000002';
const run = 'run_0123456789ABCDEFGHJKMNPQRS';
const amount = { amount: '1234.56', currency: 'USD' };

describe('when a bank reports on single payments', () => {
  test.each([
    ['settled', 'ACSC', 'paid'],
    ['settled at the receiver', 'ACCC', 'paid'],
    ['accepted', 'ACCP', 'pending'],
    ['in work', 'ACSP', 'pending'],
    ['waiting', 'PDNG', 'pending'],
    ['received', 'RCVD', 'pending'],
    ['a status of tomorrow', 'XXXX', 'pending'],
  ])('then what is %s is so', (_, status, outcome) => {
    expect(readBankStatus(aPain002({ payments: [[a, status]] })).payments).toEqual([{ reference: a, outcome }]);
  });

  test.each([
    ['by its code', 'AC04', undefined, 'the account is closed (AC04)'],
    ['by an unknown code and words', 'ZZ99', 'Ask your branch', 'Ask your branch (ZZ99)'],
    ['without a word', undefined, undefined, 'the bank gave no reason'],
    ['without numbers of accounts', 'NARR', 'Account DE89 3704 0044 0532 0130 00 unknown', 'Account … unknown (NARR)'],
  ])('then what is rejected says why %s', (_, code, words, reason) => {
    expect(readBankStatus(aPain002({ payments: [[a, 'RJCT', code, words]] })).payments).toEqual([
      { reference: a, outcome: 'failed', reason },
    ]);
  });

  test.each(['pay-0123456789ABCDEFGHJK000001', 'PAY 0123456789ABCDEFGHJK000001', 'pay0123456789abcdefghjk000001'])(
    'then our id is known again as %s',
    (written) => {
      expect(readBankStatus(aPain002({ payments: [[written, 'ACSC']] })).payments[0]?.reference).toBe(a);
    },
  );
});

describe('when a bank reports on many payments at once', () => {
  test('then a file that is rejected is so as a whole, and nothing else is said', () => {
    expect(readBankStatus(aPain002({ group: 'RJCT', groupReason: 'FF01' }))).toEqual({
      files: [{ messageId: run, outcome: 'failed', reason: 'the bank could not read the file (FF01)' }],
      blocks: [],
      payments: [],
    });
  });

  test('then a block is told apart from its file', () => {
    expect(readBankStatus(aPain002({ group: 'ACCP', block: 'ACSC', messageId: run.replace('_', '-') }))).toEqual({
      files: [{ messageId: run, outcome: 'pending' }],
      blocks: [{ blockId: `${run}-N`, outcome: 'paid' }],
      payments: [],
    });
  });

  test('then partly accepted says nothing of those that are not named', () => {
    const answer = readBankStatus(aPain002({ group: 'PART', block: 'PART', payments: [[a, 'RJCT', 'AC01']] }));
    expect(answer).toMatchObject({ files: [], blocks: [], payments: [{ reference: a, outcome: 'failed' }] });
  });
});

describe('when a bank sends an account statement', () => {
  test.each(['02', '08'])('then what was booked is paid and what came back has failed, in version .%s', (version) => {
    const { payments } = readBankStatus(
      aCamt053(
        [
          { reference: a },
          { reference: b },
          { reference: b, direction: 'CRDT', returned: 'AC06' },
          { reference: 'pay_0123456789ABCDEFGHJK000003', status: 'PDNG' },
          { reference: 'pay_0123456789ABCDEFGHJK000004', status: 'INFO' },
          { reference: 'NOTPROVIDED' },
          { reference: 'pay_0123456789ABCDEFGHJK000005', reversal: true },
        ],
        version,
      ),
    );
    expect(payments).toEqual([
      { reference: a, outcome: 'paid', amount },
      { reference: b, outcome: 'failed', reason: 'returned: the account is blocked (AC06)', returned: true, amount },
      { reference: 'pay_0123456789ABCDEFGHJK000003', outcome: 'pending', amount },
      { reference: 'NOTPROVIDED', outcome: 'paid', amount },
      {
        reference: 'pay_0123456789ABCDEFGHJK000005',
        outcome: 'failed',
        reason: 'returned: the bank gave no reason',
        returned: true,
        amount,
      },
    ]);
  });

  test('then the order of entries makes no difference', () => {
    const entries = [{ reference: a }, { reference: a, direction: 'CRDT', returned: 'MS03' }] as const;
    const outcomes = [entries, entries.toReversed()].map((each) => readBankStatus(aCamt053(each)).payments);
    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(outcomes[0]).toMatchObject([{ outcome: 'failed' }]);
  });

  test('then a block that was booked as one is paid whole', () => {
    const xml = aCamt053([{ reference: a }]).replace(
      /<TxDtls>[\s\S]*<\/TxDtls>/,
      `<Btch><PmtInfId>${run}-N</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>`,
    );
    expect(readBankStatus(xml)).toEqual({
      files: [],
      payments: [],
      blocks: [{ blockId: `${run}-N`, outcome: 'paid', amount }],
    });
  });

  test('then prefixes of names make no difference', () => {
    const xml = aCamt053([{ reference: a }])
      .replace('xmlns=', 'xmlns:b=')
      .replace(/<(\/?)([A-Z])/g, '<$1b:$2');
    expect(readBankStatus(xml).payments).toEqual([{ reference: a, outcome: 'paid', amount }]);
  });

  const other = '<Amt Ccy="EUR">9.00</Amt>';
  const instructedAs = (told: string) => `<AmtDtls><InstdAmt><Amt Ccy="USD">${told}</Amt></InstdAmt></AmtDtls>`;
  test.each([
    ['as it was instructed, before all else', { details: `${other}${instructedAs('7.50')}` }, '7.50'],
    ['as it was booked by itself', { details: '<Amt Ccy="USD">8.00</Amt>' }, '8.00'],
    [
      'as it was booked, of what came back',
      { details: `<Amt Ccy="USD">6.00</Amt>${instructedAs('7.50')}`, returned: 'AC04' },
      '6.00',
    ],
    ['as its entry says, where that holds nothing else', {}, '1234.56'],
  ])('then the amount of a payment is read %s', (_words, more, expected) => {
    expect(readBankStatus(aCamt053([{ reference: a, ...more }])).payments[0]?.amount).toEqual({
      amount: expected,
      currency: 'USD',
    });
  });

  test('then of several payments in one entry none has its amount', () => {
    const one = `<TxDtls><Refs><EndToEndId>${b}</EndToEndId></Refs></TxDtls>`;
    const xml = aCamt053([{ reference: a }]).replace('</NtryDtls>', `${one}</NtryDtls>`);
    expect(readBankStatus(xml).payments).toEqual([
      { reference: a, outcome: 'paid' },
      { reference: b, outcome: 'paid' },
    ]);
  });
});

describe('when an amount is held against ours', () => {
  test.each([
    ['the same', { amount: '1234.56', currency: 'USD' }, true],
    ['with fewer decimals', { amount: '1234.5', currency: 'USD' }, false],
    ['with more decimals that say nothing', { amount: '1234.56000', currency: 'USD' }, true],
    ['with more decimals that do', { amount: '1234.56001', currency: 'USD' }, false],
    ['in another currency', { amount: '1234.56', currency: 'EUR' }, false],
    ['without a currency, as sums are told', { amount: '1234.56' }, true],
    ['a cent more', { amount: '1234.57', currency: 'USD' }, false],
    ['by another sign', { amount: '1234,56', currency: 'USD' }, false],
    ['in words', { amount: 'much', currency: 'USD' }, false],
    ['with an exponent', { amount: '1e3', currency: 'USD' }, false],
  ])('then %s is the same or not', (_words, told, same) => {
    expect(isSameAmount(told, { amountMinor: 123_456, currency: 'USD' })).toBe(same);
  });

  test('then a currency without cents has none', () => {
    expect(isSameAmount({ amount: '1234', currency: 'JPY' }, { amountMinor: 1_234, currency: 'JPY' })).toBe(true);
  });
});

const codeOf = (content: string): string => {
  try {
    readBankStatus(content);
    return 'read';
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error.details.errors?.[0]?.pointer).toBe('#/content');
    expect(`${error.message}${error.details.errors?.[0]?.detail}`).not.toContain('SECRET');
    return `${error.kind} ${error.details.errors?.[0]?.code}`;
  }
};

const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "SECRET">${'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'}]><Document>&b;</Document>`;
const outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Document>&f;</Document>';

describe('when something else is sent', () => {
  test.each([
    ['entities that grow', bomb, 'invalid bank_status.unreadable'],
    ['entities from outside', outside, 'invalid bank_status.unreadable'],
    ['no XML', 'SECRET', 'invalid bank_status.unreadable'],
    ['JSON', '{"a":1}', 'invalid bank_status.unreadable'],
    ['nothing', ' ', 'invalid bank_status.unreadable'],
    ['XML that breaks off', aPain002().slice(0, -20), 'invalid bank_status.unreadable'],
    ['elements without end', '<a>'.repeat(5_000), 'invalid bank_status.unreadable'],
    ['elements in elements', `${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`, 'invalid bank_status.unreadable'],
    ['a file of ours', writePain001(aBankOrder()), 'rule bank_status.unknown_format'],
    ['another namespace', aPain002().replace('iso:std', 'example:std'), 'rule bank_status.unknown_format'],
    ['no namespace', aPain002().replace(/ xmlns="[^"]*"/, ''), 'rule bank_status.unknown_format'],
    [
      'a statement in the name of a report',
      aCamt053([]).replace('camt.053', 'pain.002'),
      'rule bank_status.unknown_format',
    ],
    ['an element called __proto__', '<__proto__><a>1</a></__proto__>', 'invalid bank_status.unreadable'],
    ['a page', '<html><body>Not today</body></html>', 'rule bank_status.unknown_format'],
  ])('then %s is refused in words', (_, content, code) => {
    expect(codeOf(content)).toBe(code);
  });

  test('then an entity that nobody declared stays what it is', () => {
    expect(readBankStatus(aPain002({ payments: [[`${a}&xxe;`, 'ACSC']] })).payments[0]?.reference).toContain('&xxe;');
  });

  test('then five million letters are read or refused in a few seconds', () => {
    const entries = Array.from({ length: 12_000 }, (_, index) => ({
      reference: `pay_0123456789ABCDEFGHJK${String(index).padStart(6, '0')}`,
    }));
    const started = performance.now();
    expect(readBankStatus(aCamt053(entries)).payments).toHaveLength(12_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('then whatever is changed in an answer, it is read or refused, never anything else', () => {
    const sound = [aPain002({ payments: [[a, 'RJCT', 'AC04']] }), aCamt053([{ reference: a, returned: 'AC04' }])];
    fc.assert(
      fc.property(
        fc.constantFrom(...sound),
        fc.nat(),
        fc.nat({ max: 40 }),
        fc.oneof(
          fc.string({ maxLength: 20 }),
          fc.constantFrom('<Document/>', '<Ntry/>', '&#0;', '<![CDATA[', '<Sts><Sts/>'),
        ),
        (xml, at, cut, into) => {
          const from = at % xml.length;
          expect(codeOf(xml.slice(0, from) + into + xml.slice(from + cut))).toMatch(/^(read|invalid|rule)/);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
