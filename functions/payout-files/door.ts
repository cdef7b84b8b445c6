import { door } from '#functions/http/door.ts';
import { answerPayoutRun } from './answer-payout-run.ts';
import { getPayoutFile } from './get-payout-file.ts';

export const handler = door('payout-files', [getPayoutFile, answerPayoutRun]);
