import { handler as deals } from '#functions/deals/door.ts';
import { handler as users } from '#functions/users/door.ts';
import { openApproval } from '#shared/approvals/approval.ts';
import { insertApproval } from '#shared/approvals/approval-store.ts';
import { approvalIdOf } from '#shared/core/awaited.ts';
import { type Role, staffRoles } from '#shared/core/caller.ts';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { bookEarning, saveEarning } from '#shared/earnings/earning-store.ts';
import { enterCosts } from '#shared/kpis/program-costs.ts';
import { changeProgramCosts, findProgramCosts } from '#shared/kpis/program-costs-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { aRegistration } from '#test/deals/a-deal.ts';
import { aVerifiedDocument } from '#test/documents/a-document.ts';
import { anEarning } from '#test/earnings/an-earning.ts';
import { aPublishedScore } from '#test/health/a-published-score.ts';
import { anAssessment, aStartedScoringRun } from '#test/health/a-scoring-run.ts';
import { aSubmittedClaim } from '#test/mdf/a-claim.ts';
import { anActivePartner, freshDomain, now } from '#test/partners/a-partner.ts';
import { aPayout, aStartedRun } from '#test/payouts/a-run.ts';
import { aReviewedScorecard } from '#test/scorecards/a-review.ts';
import { aProposedPlan } from '#test/success-plans/a-plan.ts';
import { aProgram } from '#test/support/a-program.ts';
import { send } from '#test/support/call.ts';
import { admin, repOf } from '#test/support/people.ts';
import type { Things } from './askings.ts';

/** An open approval about this deal that `role` decides. */
const anApprovalFor = async (role: (typeof staffRoles)[number], partnerId: string, dealId: string): Promise<string> => {
  const program = aProgram();
  const rule = { ...program.approvals.deal_close, steps: [{ role, decisions: 1 }] };
  const approvalId = approvalIdOf(dealId, 10 + staffRoles.indexOf(role));
  const awaits = { approvalId, kind: 'deal_close', attempt: 1, since: now, by: repOf(partnerId).id };
  const approval = openApproval(
    { kind: 'deal_close', subject: { type: 'deal', id: dealId }, partnerId, awaits, checks: [] },
    { ...program, approvals: { ...program.approvals, deal_close: rule } },
  );
  await insertApproval(approval, systemIntent('ask', approvalId, now));
  return approvalId;
};

/** What the program costs is nobody's own: it is entered once. */
const aQuarterWithCosts = async (quarter: string): Promise<string> => {
  if (await findProgramCosts(quarter)) return quarter;
  const costs = enterCosts(undefined, { quarter, input: { costs: [], marginPercent: 70 }, now }, aProgram());
  await commitChange(undefined, changeProgramCosts(undefined, costs, systemIntent('enter', quarter, now)));
  return quarter;
};

/** An active partner, one of its own unless it is named, with one of everything that partners have. */
export const thingsOfAPartner = async (of?: string): Promise<Things> => {
  const partnerId = of ?? (await anActivePartner());
  const customer = { companyName: 'Acme', websiteUrl: `https://${freshDomain()}`, countryCode: 'US' };
  const body = aRegistration({ customer });
  const deal = await send(deals, { operation: 'register-deal', caller: repOf(partnerId), at: now, body });
  const dealId = String(deal.body.id);
  const { requestId, claimId } = await aSubmittedClaim(partnerId);
  const byAdmin = { caller: admin, at: now };
  const invitation = { email: `bob@${freshDomain()}`, role: 'partner_member', partnerId };
  const user = await send(users, { ...byAdmin, operation: 'invite-user', body: invitation });
  const machine = { name: 'CRM', scopes: ['deals:read'], partnerId };
  const apiKey = await send(users, { ...byAdmin, operation: 'create-api-key', body: machine });
  const approvals = new Map<Role, string>();
  for (const role of staffRoles) approvals.set(role, await anApprovalFor(role, partnerId, dealId));
  const earning = bookEarning(
    anEarning({ id: derivedId('ern', dealId), partnerId, dealId }),
    systemIntent('earn', dealId, now),
  );
  await saveEarning(earning);
  const run = await aStartedRun();
  await anAssessment(partnerId, '2024-Q1');
  await aPublishedScore(partnerId, '2024-Q1');
  await aReviewedScorecard(partnerId, '2024-Q1');
  await aProposedPlan(partnerId, '2024-Q1');
  return {
    partnerId,
    runId: run.id,
    scoringRunId: (await aStartedScoringRun()).id,
    quarter: await aQuarterWithCosts('2026-Q3'),
    payoutId: (await aPayout('sent', { partnerId })).id,
    dealId,
    requestId,
    claimId,
    earningId: earning.entity.id,
    userId: String(user.body.id),
    documentId: (await aVerifiedDocument({ partnerId })).id,
    apiKeyId: String(apiKey.body.id),
    approvalFor: (role) => approvals.get(role) ?? approvals.get('partner_manager') ?? '',
  };
};

export const thingsOfNobody: Things = {
  partnerId: 'ptr_00000000000000000000000000',
  earningId: 'ern_00000000000000000000000000',
  runId: 'run_00000000000000000000000000',
  scoringRunId: 'scr_00000000000000000000000000',
  quarter: '1999-Q4',
  payoutId: 'pay_00000000000000000000000000',
  dealId: 'deal_00000000000000000000000000',
  claimId: 'clm_00000000000000000000000000',
  requestId: 'mdr_00000000000000000000000000',
  userId: 'usr_00000000000000000000000000',
  apiKeyId: 'key_00000000000000000000000000',
  documentId: 'doc_00000000000000000000000000',
  approvalFor: () => 'apr_deal_00000000000000000000000000_1',
};
