import * as z from 'zod';
import { contract } from '#shared/core/contract.ts';

/** JSON can write numbers that become infinite, which cannot be hashed. */
const holdsFinite = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).every(holdsFinite)
    : typeof value !== 'number' || Number.isFinite(value);

/** Stripe adds members as it likes, so what we do not read is let through. */
export const receiveStripeEvent = contract({
  operation: 'receive-stripe-event',
  summary: 'Told by Stripe, and signed by it: what became of a transfer',
  body: z
    .looseObject({
      type: z.string().min(1).max(200),
      data: z.looseObject({ object: z.looseObject({}) }),
    })
    .refine(holdsFinite, 'must hold no number that is too large to be told from infinity'),
  answers: { 200: z.strictObject({ outcome: z.enum(['settled', 'failed', 'needs_attention', 'ignored']) }) },
  errors: ['provider_event.not_signed'],
  signatureHeader: 'stripe-signature',
});
