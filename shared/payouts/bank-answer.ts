import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { DomainError } from '#shared/core/errors.ts';
import { reasonInWords } from './bank-reasons.ts';
import { readCamt053 } from './camt053.ts';
import { readPain002 } from './pain002.ts';
import type { ToldAmount } from './told-amount.ts';

/** What a bank says became of a payment. */
export interface Said {
  readonly outcome: 'paid' | 'failed' | 'pending';
  /** Of the payment, or of the whole block or file that it is said of; left out where the bank names none. */
  readonly amount?: ToldAmount;
  /** Why it failed, in words. */
  readonly reason?: string;
  /** The money was gone and came back: what was paid is not any more. */
  readonly returned?: true;
}

/** What a bank's file says, of single payments and of many at once. */
export interface BankAnswer {
  /** Of each payment that it names, once; the payout's id where the bank gave it back. */
  readonly payments: readonly (Said & { readonly reference: string })[];
  /** Of all payments of one block of our file that it does not name. */
  readonly blocks: readonly (Said & { readonly blockId: string })[];
  /** Of all payments of one of our files that it does not name. */
  readonly files: readonly (Said & { readonly messageId: string })[];
}

/** An element as it was read: text, or elements by their names. */
export type Element = { readonly [name: string]: Element | readonly Element[] | string | undefined };

const unreadable = (detail: string): DomainError =>
  new DomainError('invalid', 'request.invalid', 'The bank’s answer cannot be read.', {
    errors: [{ pointer: '#/content', code: 'bank_status.unreadable', detail }],
  });

const unknownFormat = (): DomainError =>
  new DomainError('rule', 'bank_status.unknown_format', 'This is neither a pain.002 nor a camt.053.', {
    errors: [
      {
        pointer: '#/content',
        code: 'bank_status.unknown_format',
        detail: 'must be a payment status report (pain.002.001.xx) or an account statement (camt.053.001.xx)',
      },
    ],
  });

/** Elements that may come more than once, so that one is read as a list too. */
const repeated = new Set([
  'OrgnlPmtInfAndSts',
  'TxInfAndSts',
  'StsRsnInf',
  'AddtlInf',
  'Stmt',
  'Ntry',
  'NtryDtls',
  'TxDtls',
]);

const parser = new XMLParser({
  ignoreAttributes: (name) => name !== 'Ccy',
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  isArray: (name) => repeated.has(name),
  maxNestedTags: 40,
});

const parse = (content: string): Element => {
  // Declarations of entities are how small files become large ones; no bank's answer has any.
  if (/<!(DOCTYPE|ENTITY)/i.test(content)) throw unreadable('must not declare a document type or entities');
  try {
    if (XMLValidator.validate(content) === true) return parser.parse(content);
  } catch {
    // It is told below what is wrong; the parser's own words quote the content.
  }
  throw unreadable('must be well-formed XML');
};

/** Banks answer in many versions of both; the parts that are read are the same in all. */
const formats = [
  { namespace: /^urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.\d{2}$/, root: 'CstmrPmtStsRpt', read: readPain002 },
  { namespace: /^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d{2}$/, root: 'BkToCstmrStmt', read: readCamt053 },
] as const;

/** The parser leaves them out, so they are taken from the text of the first element. */
const namespacesIn = (content: string): readonly string[] => {
  const [, attributes = ''] = /<(?:[\w.-]+:)?Document\b([^>]*)>/.exec(content) ?? [];
  return [...attributes.matchAll(/xmlns(?::[\w.-]+)?\s*=\s*["']([^"']+)["']/g)].map(([, name = '']) => name);
};

const isElement = (value: Element[string]): value is Element => typeof value === 'object' && !Array.isArray(value);

/** The last word counts: a payment that was booked and then sent back has failed. */
const rank = { pending: 0, paid: 1, failed: 2 } as const;

const onceEach = (payments: BankAnswer['payments']): BankAnswer['payments'] => [
  ...payments
    .reduce((known, said) => {
      const before = known.get(said.reference);
      return before && rank[before.outcome] >= rank[said.outcome] ? known : known.set(said.reference, said);
    }, new Map<string, BankAnswer['payments'][number]>())
    .values(),
];

/**
 * Reads a payment status report or an account statement (ISO 20022 pain.002, camt.053). Throws `request.invalid` for what is no XML or
 * declares entities, `bank_status.unknown_format` for anything else.
 */
export const readBankStatus = (content: string): BankAnswer => {
  const { Document: document } = parse(content);
  if (!isElement(document)) throw unknownFormat();
  const namespaces = namespacesIn(content);
  for (const { namespace, root, read } of formats) {
    const body = document[root];
    if (!isElement(body) || !namespaces.some((name) => namespace.test(name))) continue;
    const answer = read(body, reasonInWords);
    return { ...answer, payments: onceEach(answer.payments) };
  }
  throw unknownFormat();
};
