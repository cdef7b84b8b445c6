import * as z from 'zod';
import { contract } from '#shared/core/contract.ts';
import { type RefusalCode, ReportedFact, refusals } from './fact-report.ts';

// The table of refusals names every one there is.
const codes = Object.keys(refusals) as [RefusalCode, ...RefusalCode[]];

export const FactsReport = z
  .strictObject({
    accepted: z.int().nonnegative().meta({ description: 'Rows that were new' }),
    known: z.int().nonnegative().meta({ description: 'Rows that were told before, with the same content' }),
    refused: z.array(
      z.strictObject({
        row: z.int().positive().meta({ description: 'Place in the batch, from 1' }),
        id: z.string(),
        code: z.enum(codes),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'FactsReport' });
export type FactsReport = z.infer<typeof FactsReport>;

export const factsMedia = ['application/json', 'text/csv'] as const;
export const mostFacts = 100;

export const reportFacts = contract({
  operation: 'report-facts',
  summary:
    'Tell of facts that no part of Tandem produces; rows that cannot be taken are named with their reason, the others are; the report also as CSV by Accept',
  body: z
    .strictObject({
      source: z
        .string()
        .regex(/^[\w.:-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, colons, hyphens or underscores')
        .optional()
        .meta({ description: 'Whose ids these are. Default: the API key’s own, and `staff` for people' }),
      facts: z.array(ReportedFact).min(1).max(mostFacts),
    })
    .meta({ id: 'FactsBatch' }),
  answers: { 200: FactsReport },
  media: factsMedia,
  errors: [],
});
