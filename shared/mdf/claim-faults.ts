import type { FieldError } from '#shared/core/errors.ts';
import { compareMoney, formatMoney, percentOf } from '#shared/core/money.ts';
import { dayOf, type Instant } from '#shared/core/time.ts';
import { invoiceIdentity } from '#shared/documents/invoice.ts';
import { type ClaimContent, invoiced } from './claim.ts';
import type { FundRequest } from './fund-request.ts';

/** What a claim is held against: the request with the rules it was submitted under, and the day where the program lives. */
export interface ClaimRules {
  readonly request: Pick<FundRequest, 'terms' | 'requestedAmount'>;
  readonly timeZone: string;
  readonly now: Instant;
}

const currencyFaults = (content: ClaimContent, currency: string): readonly FieldError[] => {
  const amounts = [
    ['#/claimedAmount', content.claimedAmount],
    ...content.invoices.map(({ amount }, index) => [`#/invoices/${index}/amount`, amount] as const),
    ['#/outcome/pipeline', content.outcome.pipeline],
  ] as const;
  return amounts
    .filter(([, amount]) => amount.currency !== currency)
    .map(([pointer]) => ({
      pointer: `${pointer}/currency`,
      code: 'money.currency_mismatch',
      detail: `must be ${currency}, the currency of this program`,
    }));
};

const shareFaults = (content: ClaimContent, { terms }: ClaimRules['request']): readonly FieldError[] => {
  const most = percentOf(invoiced(content), terms.sharePercent);
  if (compareMoney(content.claimedAmount, most) <= 0) return [];
  const detail = `must be at most ${formatMoney(most)}, which is ${terms.sharePercent} % of the invoices net of VAT`;
  return [{ pointer: '#/claimedAmount', code: 'mdf.share_too_high', detail }];
};

const proofFaults = ({ proofs }: ClaimContent, { terms }: ClaimRules['request']): readonly FieldError[] => {
  const missing = terms.proofs.filter((kind) => !proofs.some((proof) => proof.kind === kind));
  if (missing.length === 0) return [];
  const detail = `must have ${missing.join(' and ')}, beside the invoices`;
  return [{ pointer: '#/proofs', code: 'mdf.proof_missing', detail }];
};

const dateFaults = ({ invoices }: ClaimContent, { now, timeZone }: ClaimRules): readonly FieldError[] => {
  const today = dayOf(now, timeZone);
  return invoices.flatMap(({ issuedOn }, index): readonly FieldError[] =>
    issuedOn <= today
      ? []
      : [
          {
            pointer: `#/invoices/${index}/issuedOn`,
            code: 'mdf.dates_out_of_range',
            detail: `must not be after ${today}`,
          },
        ],
  );
};

/** Where something stands a second time. */
const repeats = (named: readonly (readonly [pointer: string, identity: string])[]): readonly FieldError[] =>
  named.flatMap(([pointer, identity], index): readonly FieldError[] => {
    const first = named.findIndex((it) => it[1] === identity);
    const detail = `stands there already, at ${named[first]?.[0]}`;
    return first === index ? [] : [{ pointer, code: 'mdf.listed_twice', detail }];
  });

/** Where the documents of a claim are named, in the order in which it lists them. */
export const documentPointers = ({ invoices, proofs }: ClaimContent): readonly (readonly [string, string])[] => [
  ...invoices.map(({ documentId }, index) => [`#/invoices/${index}/documentId`, documentId] as const),
  ...proofs.map(({ documentId }, index) => [`#/proofs/${index}/documentId`, documentId] as const),
];

/** The same invoice, document or content twice in one claim would count twice. `sha256` is that of each document, in order. */
export const repeatFaults = (content: ClaimContent, sha256: readonly string[]): readonly FieldError[] => [
  ...repeats(
    content.invoices.map((invoice, index) => [`#/invoices/${index}`, JSON.stringify(invoiceIdentity(invoice))]),
  ),
  ...repeats(documentPointers(content).map(([pointer, id], index) => [pointer, sha256[index] ?? id])),
];

/** What the rules say against a claim, rule by rule. */
export const claimFaults = (content: ClaimContent, rules: ClaimRules): readonly FieldError[] => {
  const currency = currencyFaults(content, rules.request.requestedAmount.currency);
  return [
    ...currency,
    // Amounts of two currencies cannot be compared.
    ...(currency.length > 0 ? [] : shareFaults(content, rules.request)),
    ...proofFaults(content, rules.request),
    ...dateFaults(content, rules),
  ];
};
