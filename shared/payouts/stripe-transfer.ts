import * as z from 'zod';
import { formatMoney } from '#shared/core/money.ts';

/** What we read of a transfer, a movement from our balance at Stripe to that of a connected account (docs.stripe.com/api/transfers/object). */
export const StripeTransfer = z.object({
  id: z.string(),
  /** In minor units, as is what came back. */
  amount: z.int(),
  amount_reversed: z.int().default(0),
  currency: z.string(),
  reversed: z.boolean(),
  /** Our reference. */
  transfer_group: z.string().nullable(),
});
export type StripeTransfer = z.infer<typeof StripeTransfer>;

/** Whether it is what we asked for. */
export const isOrdered = (
  transfer: StripeTransfer,
  order: {
    readonly reference: string;
    readonly amount: { readonly amountMinor: number; readonly currency: string };
  },
): boolean =>
  transfer.transfer_group === order.reference &&
  transfer.amount === order.amount.amountMinor &&
  transfer.currency.toUpperCase() === order.amount.currency;

const inWords = (amountMinor: number, { currency }: StripeTransfer): string =>
  formatMoney({ amountMinor, currency: currency.toUpperCase() });

/** What of it a person has to look at: what came back in part is still with the partner for the rest, which no provider decides about. */
export const partlyReversed = (transfer: StripeTransfer): string | undefined => {
  const { id, amount, amount_reversed: back, reversed } = transfer;
  if (reversed || back === 0) return undefined;
  return `Stripe took ${inWords(back, transfer)} of the ${inWords(amount, transfer)} of ${id} back; the rest is with the partner.`;
};

/** What became of it in whole; `needsAttention` says what people have to look at. */
export const outcomeOf = (
  transfer: StripeTransfer,
): {
  readonly outcome: 'paid' | 'failed';
  readonly reference: string;
  readonly reason?: string;
  readonly needsAttention?: string;
} => {
  const { id, reversed } = transfer;
  if (reversed) return { outcome: 'failed', reference: id, reason: 'Stripe took the transfer back.' };
  const needsAttention = partlyReversed(transfer);
  return { outcome: 'paid', reference: id, ...(needsAttention ? { needsAttention } : {}) };
};

/** A transfer under our reference that we did not ask for, or not so. */
export const strangeTransfer = (transfer: StripeTransfer): string =>
  `Stripe tells of ${transfer.id} over ${inWords(transfer.amount, transfer)} under its reference, which is not the transfer that we know of.`;
