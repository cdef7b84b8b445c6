import * as z from 'zod';
import { contract, ThingId } from '#shared/core/contract.ts';
import { bankFormats } from './bank-format.ts';
import { BankStatus } from './run.ts';

const params = z.strictObject({ runId: ThingId });

export const getPayoutFile = contract({
  operation: 'get-payout-file',
  summary: 'The file with which the bank is asked to pay a run: the same bytes whenever it is asked for',
  params,
  query: z.strictObject({
    format: z.enum(bankFormats).default('pain.001').meta({
      description:
        'pain.001.001.09, or ACH credits (NACHA CCD) to American accounts; each payment stands in one of them',
    }),
  }),
  answers: { 200: z.string() },
  media: ['application/xml', 'text/plain'],
  errors: [
    'not_found',
    'payout_run.not_handed_over',
    'payout_run.nothing_in_file',
    'payout_run.file_too_large',
    'payout.amount_too_large',
  ],
});

/** A statement of ten thousand bookings. */
const mostBytes = 5 * 1024 * 1024;

export const answerPayoutRun = contract({
  operation: 'answer-payout-run',
  summary:
    'Hand in what the bank says: a payment status report (pain.002) or an account statement (camt.053); while some of it is `left`, hand it in again under another key',
  params,
  body: z.strictObject({ content: z.string().min(1).meta({ description: 'The XML as the bank sent it' }) }),
  answers: { 200: BankStatus },
  errors: ['not_found', 'payout_run.not_handed_over', 'bank_status.unknown_format'],
  maxBodyBytes: mostBytes,
});
