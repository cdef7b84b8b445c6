import * as z from 'zod';
import { earningKinds, payoutProviders, taxFormKinds } from '#shared/program/named-kinds.ts';
import { Amount, block, Country, Id, listOf, must, oneOf, some, Text, whole } from '#shared/program/program-fields.ts';

/** From what a partner is paid in a calendar year on, one of these forms is needed. */
const TaxFormRule = block({
  id: Id,
  /** Of the payee's address; an empty list is everywhere else. */
  countries: listOf(Country),
  /** Any one of them will do. */
  forms: some(oneOf(taxFormKinds)),
  /** Each holds until a later year has one of its own. */
  thresholds: some(block({ taxYear: whole('year', { min: 2000, max: 2200 }), paid: Amount })),
});

const numberOf = (be: string, pattern: RegExp) => z.string({ error: must(be) }).regex(pattern, { error: must(be) });

/** Whose account the money leaves. Shown to nobody; it stands in the files for the bank. */
const Payer = block({
  name: Text,
  address: block({
    streetAddress: Text,
    city: Text,
    postalCode: Text,
    stateOrRegion: Text.optional(),
    countryCode: Country,
  }),
  iban: numberOf('an IBAN in capital letters, without spaces', /^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/).optional(),
  bic: numberOf('a BIC of 8 or 11 characters', /^[A-Z0-9]{8}([A-Z0-9]{3})?$/).optional(),
  /** For ACH payments. */
  us: block({
    bankName: Text,
    routingNumber: numberOf('nine digits in quotes, for example "021000021"', /^[0-9]{9}$/),
    accountNumber: numberOf('an account number of 4 to 17 digits in quotes', /^[0-9]{4,17}$/),
    /** As the bank gave it; usually "1" and the employer number. */
    companyId: numberOf('ten letters or digits in quotes, as the bank gave it', /^[A-Z0-9]{10}$/),
  }).optional(),
});
export type Payer = z.infer<typeof Payer>;

const HoldDays = whole('days', { max: 365 });

/** When partners are paid (PRODUCT §5). */
export const PayoutRules = block({
  every: oneOf(['month', 'quarter']),
  /** Of the month after. */
  dayOfMonth: whole('day of the month', { min: 1, max: 28 }),
  /** Of all kinds of earnings, then of those that differ. */
  holdDays: HoldDays,
  holdDaysOf: block(
    Object.fromEntries(earningKinds.map((kind) => [kind, HoldDays.optional()])) as {
      // Object.fromEntries forgets which keys it was given; these are exactly the kinds.
      [K in (typeof earningKinds)[number]]: z.ZodOptional<typeof HoldDays>;
    },
  ).optional(),
  /** What does not reach it is carried over. */
  minimum: Amount,
  /** Nothing is paid for so long after the payee's details changed. */
  payeeChangeHoldHours: whole('hours', { max: 720 }),
  /** A line of a statement, or a decision on a claim. */
  disputeWithinDays: whole('days', { max: 365 }),
  /** Who pays: by a file for the bank when nothing is said. */
  provider: oneOf(payoutProviders).optional(),
  payer: Payer.optional(),
  taxForms: listOf(TaxFormRule).optional(),
});
export type PayoutRules = z.infer<typeof PayoutRules>;
