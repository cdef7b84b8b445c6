import * as z from 'zod';
import { contract, pageOf, pageQuery } from '#shared/core/contract.ts';
import { Line } from '#shared/core/journal.ts';
import { CurrencyCode } from '#shared/core/money.ts';
import { Instant } from '#shared/core/time.ts';

/** One change of one thing, as it stands in the audit trail. */
export const EventView = z
  .strictObject({
    subject: z.string(),
    seq: z.int().positive().meta({ description: 'Numbered from 1 without gaps; the version the thing had afterwards' }),
    type: z.string().meta({ example: 'deal.approved' }),
    by: z.string().meta({ description: 'Id of the person or API key, or `system`', example: 'usr_01K0Q1V7D3Z7' }),
    at: Instant,
    partnerId: z.string().optional(),
    changes: z
      .record(z.string(), z.strictObject({ from: z.unknown(), to: z.unknown() }))
      .meta({ description: 'What each changed field was and became; null where there was, or is, nothing' }),
    personal: z.array(z.string()).meta({
      description: 'Changed fields that hold words by or about persons: named only, so that a person can be forgotten',
    }),
    journals: z
      .array(z.strictObject({ id: z.string(), at: Instant, currency: CurrencyCode, lines: z.array(Line).min(1) }))
      .optional()
      .meta({ description: 'The money that moved with it; partners see the lines of their own accounts' }),
    hash: z.string().meta({ description: 'SHA-256 over the whole event and the hash of the one before it' }),
    prev: z.string().meta({ description: 'Hash of the event before it; empty for the first' }),
  })
  .meta({ id: 'Event' });
export type EventView = z.infer<typeof EventView>;

export const listEvents = contract({
  operation: 'list-events',
  summary:
    'The audit trail of one thing, oldest first; partners see that of their own partner record, deals, documents, budgets, fund requests, claims and earnings',
  query: z.strictObject({
    ...pageQuery,
    subject: z.string().min(1).max(200).meta({ description: 'Id of the thing', example: 'deal_01K0Q1V7D3Z7' }),
  }),
  answers: { 200: pageOf(EventView) },
  errors: ['not_found'],
});
