import { type Answer, operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { byStaff } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import { languageFor } from '#shared/core/languages.ts';
import { getShown } from '#shared/health/shown-store.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { findReview } from '#shared/scorecards/review-store.ts';
import * as contracts from '#shared/scorecards/scorecard-contract.ts';
import { invitationOf } from './invitation.ts';

/** GET /v1/partners/{partnerId}/scorecards/{quarter}/invitation; not there until a time is set. */
export const getScorecardInvitation = operation(contracts.getInvitation, async (request): Promise<Answer> => {
  const { caller, params, acceptLanguage } = request;
  const { partnerId, quarter } = params;
  mustReach('get-scorecard-invitation', caller, partnerId);
  const [review, partner] = await Promise.all([
    findReview(partnerId, quarter),
    getPartner(partnerId),
    getShown(partnerId, quarter, byStaff(caller)),
  ]);
  if (!review?.meeting) throw notFound();
  const language = languageFor(acceptLanguage);
  const data = invitationOf(review, review.meeting, { partnerName: partner.company.name, language });
  const disposition = `attachment; filename="review-${partnerId}-${quarter}.ics"`;
  return {
    status: 200,
    content: { type: 'text/calendar; charset=utf-8', data },
    headers: { vary: 'accept-language', 'content-language': language, 'content-disposition': disposition },
  };
});
