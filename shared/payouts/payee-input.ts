import * as z from 'zod';
import { AccountNumber, Bic, Iban, RoutingNumber, StripeAccountId } from '#shared/core/bank-accounts.ts';
import { Address, written } from '#shared/core/contacts.ts';
import { taxFormKinds } from '#shared/program/named-kinds.ts';
import type { Payee, PayeeSecrets } from './payee.ts';

/** As tax offices write them: an American number of nine digits, a foreign one of any kind, a VAT id with its country. */
const taxIds = {
  w9: { is: /^(\d{2}-?\d{7}|\d{3}-?\d{2}-?\d{4})$/, must: 'must be an EIN or SSN of nine digits, such as 12-3456789' },
  w8: { is: /^[A-Za-z0-9][A-Za-z0-9 ./-]{1,48}[A-Za-z0-9]$/, must: 'must be a tax number of 3 to 50 characters' },
  eu_vat: {
    is: /^[A-Z]{2}[0-9A-Z+*]{2,13}$/,
    must: 'must be a VAT id that begins with its country, such as DE123456789',
  },
} as const;

const TaxForm = z.strictObject({ kind: z.enum(taxFormKinds), id: written(50) }).superRefine(({ kind, id }, context) => {
  if (!taxIds[kind].is.test(id)) context.addIssue({ code: 'custom', path: ['id'], message: taxIds[kind].must });
});

const kinds = ['iban', 'us_account', 'stripe_account'] as const;

const shape = {
  kind: z.enum(kinds),
  /** As the bank knows it. */
  accountHolder: written(140),
  iban: Iban.optional(),
  bic: Bic.optional(),
  routingNumber: RoutingNumber.optional(),
  accountNumber: AccountNumber.optional(),
  /** Checking when nothing is said. */
  accountType: z.enum(['checking', 'savings']).optional(),
  accountId: StripeAccountId.optional(),
  address: Address,
  taxForm: TaxForm.optional(),
};

/** What belongs to one kind only; some of it has to be there. */
const ofOneKind = [
  { name: 'iban', kind: 'iban', isNeeded: true },
  { name: 'bic', kind: 'iban', isNeeded: false },
  { name: 'routingNumber', kind: 'us_account', isNeeded: true },
  { name: 'accountNumber', kind: 'us_account', isNeeded: true },
  { name: 'accountType', kind: 'us_account', isNeeded: false },
  { name: 'accountId', kind: 'stripe_account', isNeeded: true },
] as const;

/** They are asked although other fields are faulty, so that all of them are named at once; of an unknown kind nothing can be said. */
const when = ({ value }: { readonly value: unknown }): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && kinds.some((kind) => kind === value.kind);

/** Where a partner is paid, as its administrator tells it. */
export const PayeeInput = ofOneKind
  .reduce(
    (schema, { name, kind, isNeeded }) =>
      schema
        .refine((told) => !isNeeded || told.kind !== kind || told[name] !== undefined, {
          path: [name],
          when,
          error: 'is missing: this kind of account has one',
        })
        .refine((told) => told.kind === kind || told[name] === undefined, {
          path: [name],
          when,
          error: 'belongs to another kind of account; leave it out',
        }),
    z.strictObject(shape),
  )
  .meta({ id: 'PayeeInput' });
export type PayeeInput = z.infer<typeof PayeeInput>;

const lastFour = (number: string): string => number.slice(-4);

/** Short numbers would be told whole by their last four. */
const lastOf = (taxId: string): string => lastFour(taxId.replace(/[^A-Za-z0-9]/g, '')).slice(taxId.length < 8 ? 2 : 0);

/** The next version of a partner's payee, and apart from it what has to be encrypted. */
export const nextPayee = (
  input: PayeeInput,
  about: { readonly version: number; readonly at: string; readonly by: string },
): { readonly payee: Payee; readonly secrets: PayeeSecrets } => {
  const { taxForm } = input;
  const common = {
    version: about.version,
    accountHolder: input.accountHolder,
    address: input.address,
    ...(taxForm ? { taxForm: { kind: taxForm.kind, lastFour: lastOf(taxForm.id) } } : {}),
    changedAt: about.at,
    changedBy: about.by,
  };
  const taxId = taxForm ? { taxId: taxForm.id } : {};
  if (input.kind === 'iban') {
    const { iban = '', bic } = input;
    const shown = {
      kind: input.kind,
      lastFour: lastFour(iban),
      countryCode: iban.slice(0, 2),
      ...(bic ? { bic } : {}),
    };
    return { payee: { ...common, ...shown }, secrets: { iban, ...taxId } };
  }
  if (input.kind === 'stripe_account') {
    const { accountId = '', address } = input;
    const shown = { kind: input.kind, accountId, lastFour: lastFour(accountId), countryCode: address.countryCode };
    return { payee: { ...common, ...shown }, secrets: taxId };
  }
  const { routingNumber = '', accountNumber = '', accountType = 'checking' } = input;
  const shown = {
    kind: input.kind,
    lastFour: lastFour(accountNumber),
    routingNumberLastFour: lastFour(routingNumber),
    accountType,
    countryCode: 'US',
  };
  return { payee: { ...common, ...shown }, secrets: { routingNumber, accountNumber, ...taxId } };
};
