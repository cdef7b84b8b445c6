import * as z from 'zod';
import { Address } from '#shared/core/contacts.ts';
import { Instant } from '#shared/core/time.ts';
import { taxFormKinds } from '#shared/program/named-kinds.ts';

/** What may be shown of a payee, and all that stands in clear: of every number the last four. */
export const Payee = z
  .object({
    /** Each change of the details makes the next; a payout is made to the version it was frozen with. */
    version: z.int().positive(),
    kind: z.enum(['iban', 'us_account', 'stripe_account']),
    accountHolder: z.string(),
    lastFour: z.string(),
    bic: z.string().optional(),
    routingNumberLastFour: z.string().optional(),
    accountType: z.enum(['checking', 'savings']).optional(),
    /** Of the partner's account at Stripe that is connected to ours; nobody but us can pay there by it, so it is no secret. */
    accountId: z.string().optional(),
    address: Address,
    /** Of the account: where the money goes. */
    countryCode: z.string(),
    taxForm: z.object({ kind: z.enum(taxFormKinds), lastFour: z.string() }).optional(),
    changedAt: Instant,
    changedBy: z.string(),
  })
  .meta({ id: 'Payee' });
export type Payee = z.infer<typeof Payee>;

/** What is never shown, and stored encrypted only. */
export const PayeeSecrets = z.object({
  iban: z.string().optional(),
  routingNumber: z.string().optional(),
  accountNumber: z.string().optional(),
  taxId: z.string().optional(),
});
export type PayeeSecrets = z.infer<typeof PayeeSecrets>;
