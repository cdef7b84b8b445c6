import * as z from 'zod';

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

/** What came back in part only is still with the partner: what is to become of that, people decide. */
export const outcomeOf = ({
  id,
  reversed,
}: StripeTransfer): { readonly outcome: 'paid' | 'failed'; readonly reference: string; readonly reason?: string } =>
  reversed
    ? { outcome: 'failed', reference: id, reason: 'Stripe took the transfer back.' }
    : { outcome: 'paid', reference: id };
