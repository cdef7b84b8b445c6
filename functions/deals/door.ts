import { door } from '#functions/http/door.ts';
import { attributeDeal } from './attribute-deal.ts';
import { checkDeal } from './check-deal.ts';
import { closeDeal } from './close-deal.ts';
import { extendDeal } from './extend-deal.ts';
import { getDeal } from './get-deal.ts';
import { listDeals } from './list-deals.ts';
import { payDeal } from './pay-deal.ts';
import { refundDeal } from './refund-deal.ts';
import { registerDeal } from './register-deal.ts';
import { reportMilestone } from './report-milestone.ts';
import { reportUsage } from './report-usage.ts';
import { resubmitDeal } from './resubmit-deal.ts';
import { updateDeal } from './update-deal.ts';
import { withdrawDeal } from './withdraw-deal.ts';

export const handler = door('deals', [
  checkDeal,
  registerDeal,
  listDeals,
  getDeal,
  updateDeal,
  extendDeal,
  resubmitDeal,
  closeDeal,
  payDeal,
  refundDeal,
  reportMilestone,
  reportUsage,
  withdrawDeal,
  attributeDeal,
]);
