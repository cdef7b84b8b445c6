import * as z from 'zod';
import { contract } from '#shared/core/contract.ts';

/** Stripe adds members as it likes, so what we do not read is let through. */
export const receiveStripeEvent = contract({
  operation: 'receive-stripe-event',
  summary: 'Told by Stripe, and signed by it: what became of a transfer',
  body: z.looseObject({
    type: z.string().min(1).max(200),
    data: z.looseObject({ object: z.looseObject({}) }),
  }),
  answers: { 200: z.strictObject({ outcome: z.enum(['settled', 'failed', 'needs_attention', 'ignored']) }) },
  errors: ['provider_event.not_signed'],
  signatureHeader: 'stripe-signature',
});
