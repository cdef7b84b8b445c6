import { type Answer, operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { byStaff } from '#shared/core/caller.ts';
import { languageFor } from '#shared/core/languages.ts';
import { preferred } from '#shared/core/preferred.ts';
import { judgedIn } from '#shared/health/health-view.ts';
import { getShown } from '#shared/health/shown-store.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { getProgramRules } from '#shared/program/program-store.ts';
import { findReview } from '#shared/scorecards/review-store.ts';
import * as contracts from '#shared/scorecards/scorecard-contract.ts';
import { viewCriterion, viewFigure } from '#shared/scorecards/scorecard-view.ts';
import { taskOf } from '#shared/scorecards/warning-words.ts';
import { scorecardPdf } from './scorecard-pdf.ts';

/** GET /v1/partners/{partnerId}/scorecards/{quarter}. Partners see what is published. */
export const getScorecard = operation(contracts.getScorecard, async (request): Promise<Answer> => {
  const { caller, params } = request;
  const { partnerId, quarter } = params;
  mustReach('get-scorecard', caller, partnerId);
  const isForStaff = byStaff(caller);
  const [{ revision, isPublished }, partner, review] = await Promise.all([
    getShown(partnerId, quarter, isForStaff),
    getPartner(partnerId),
    findReview(partnerId, quarter),
  ]);
  const program = await getProgramRules(revision.programVersion);
  const { score, scorecard, tier, warnings } = judgedIn(revision);
  const { currency } = program;
  const language = languageFor(request.acceptLanguage);
  const view: contracts.ScorecardView = {
    partnerId,
    partnerName: partner.company.name,
    quarter,
    language,
    status: isPublished ? 'published' : 'draft',
    revision: revision.revision,
    scoredAt: revision.scoredAt,
    programVersion: revision.programVersion,
    tier: partner.tier,
    health: { score: score.points / 10, band: score.band, coverage: score.coverage / 10 },
    figures: scorecard.figures.map((figure) => viewFigure(figure, { currency, language })),
    tierCriteria: tier.criteria.map((criterion) => viewCriterion(criterion, currency)),
    ...(isForStaff ? { warnings: warnings.map((warning) => taskOf(warning, quarter, program)) } : {}),
    ...(review ? { review: contracts.viewReview(review) } : {}),
  };
  const headers = { vary: 'accept, accept-language', 'content-language': language };
  const media = preferred(request.accept, contracts.scorecardMedia, (name, choice) => name === choice);
  if (media === 'application/json') return { status: 200, body: view, headers };
  const data = await scorecardPdf(view, program);
  const disposition = `attachment; filename="scorecard-${partnerId}-${quarter}.pdf"`;
  return { status: 200, content: { type: media, data }, headers: { ...headers, 'content-disposition': disposition } };
});
