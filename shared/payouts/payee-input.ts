import * as z from 'zod';
import { AccountNumber, Bic, Iban, RoutingNumber } from '#shared/core/bank-accounts.ts';
import { Address, written } from '#shared/core/contacts.ts';
import type { Payee, PayeeSecrets } from './payee.ts';

/** As tax offices write them: an American number of nine digits, a foreign one of any kind, a VAT id with its country. */
const taxIds = {
  w9: z
    .string()
    .regex(/^(\d{2}-?\d{7}|\d{3}-?\d{2}-?\d{4})$/, 'must be an EIN or SSN of nine digits, such as 12-3456789'),
  w8: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ./-]{1,48}[A-Za-z0-9]$/, 'must be a tax number of 3 to 50 characters'),
  eu_vat: z
    .string()
    .regex(/^[A-Z]{2}[0-9A-Z+*]{2,13}$/, 'must be a VAT id that begins with its country, such as DE123456789'),
} as const;

const TaxForm = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('w9'), id: taxIds.w9 }),
  z.strictObject({ kind: z.literal('w8'), id: taxIds.w8 }),
  z.strictObject({ kind: z.literal('eu_vat'), id: taxIds.eu_vat }),
]);

const holder = {
  /** As the bank knows it. */
  accountHolder: written(140),
  address: Address,
  taxForm: TaxForm.optional(),
};

/** Where a partner is paid, as its administrator tells it. */
export const PayeeInput = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('iban'), ...holder, iban: Iban, bic: Bic.optional() }),
    z.strictObject({
      kind: z.literal('us_account'),
      ...holder,
      routingNumber: RoutingNumber,
      accountNumber: AccountNumber,
      accountType: z.enum(['checking', 'savings']).optional(),
    }),
  ])
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
    const { iban, bic } = input;
    const shown = {
      kind: input.kind,
      lastFour: lastFour(iban),
      countryCode: iban.slice(0, 2),
      ...(bic ? { bic } : {}),
    };
    return { payee: { ...common, ...shown }, secrets: { iban, ...taxId } };
  }
  const { routingNumber, accountNumber, accountType = 'checking' } = input;
  const shown = {
    kind: input.kind,
    lastFour: lastFour(accountNumber),
    routingNumberLastFour: lastFour(routingNumber),
    accountType,
    countryCode: 'US',
  };
  return { payee: { ...common, ...shown }, secrets: { routingNumber, accountNumber, ...taxId } };
};
