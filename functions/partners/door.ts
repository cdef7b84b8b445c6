import { door } from '#functions/http/door.ts';
import { acceptAgreement } from './accept-agreement.ts';
import { answerTierAppeal } from './answer-tier-appeal.ts';
import { appealTier } from './appeal-tier.ts';
import { applyPartner } from './apply-partner.ts';
import { evaluatePartner } from './evaluate-partner.ts';
import { getApplication } from './get-application.ts';
import { getPartner } from './get-partner.ts';
import { listPartners } from './list-partners.ts';
import { reinstatePartner } from './reinstate-partner.ts';
import { resubmitApplication } from './resubmit-application.ts';
import { suspendPartner } from './suspend-partner.ts';
import { terminatePartner } from './terminate-partner.ts';
import { updatePartner } from './update-partner.ts';

export const handler = door('partners', [
  applyPartner,
  listPartners,
  getPartner,
  updatePartner,
  getApplication,
  resubmitApplication,
  evaluatePartner,
  acceptAgreement,
  suspendPartner,
  reinstatePartner,
  terminatePartner,
  appealTier,
  answerTierAppeal,
]);
