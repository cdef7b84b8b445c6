import { door } from '#functions/http/door.ts';
import { disputeEarning } from './dispute-earning.ts';
import { estimateDeal } from './estimate-deal.ts';
import { explainEarning } from './explain-earning.ts';
import { getEarning } from './get-earning.ts';
import { listEarnings } from './list-earnings.ts';
import { submitBonus } from './submit-bonus.ts';

export const handler = door('earnings', [
  listEarnings,
  getEarning,
  explainEarning,
  estimateDeal,
  submitBonus,
  disputeEarning,
]);
