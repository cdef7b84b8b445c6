import { readFileSync } from 'node:fs';
import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { aWaitingDeal } from '#test/approvals/a-waiting-deal.ts';
import { aRegistration } from '#test/deals/a-deal.ts';
import { freshCustomer, large, now, register, small } from '#test/deals/at-the-deals-door.ts';
import { anAnnouncement } from '#test/documents/a-document.ts';
import { aPublishedScore } from '#test/health/a-published-score.ts';
import { aQuarter, aScoredQuarter } from '#test/health/a-scoring-run.ts';
import { aDecidedClaim, aFullClaim, aReturnedClaim } from '#test/mdf/a-claim.ts';
import { anApprovedRequest, aPlan, aReturnedRequest, aSubmittedRequest, grant, usd } from '#test/mdf/a-fund-request.ts';
import {
  agreeing,
  anActivePartner,
  anApplicant,
  anApplication,
  approve,
  command,
  freshDomain,
  sendBack,
} from '#test/partners/a-partner.ts';
import { aPain002 } from '#test/payouts/a-bank-answer.ts';
import { aRunAtTheBank, payoutOf, whoIsPaid } from '#test/payouts/a-bank-run.ts';
import { aPayout, aPeriod } from '#test/payouts/a-run.ts';
import { earn } from '#test/payouts/a-statement.ts';
import { aProposedPlan } from '#test/success-plans/a-plan.ts';
import { decide } from '#test/support/approvals.ts';
import { request } from '#test/support/every-door.ts';
import { admin, adminOf, finance, manager, otherManager, repOf } from '#test/support/people.ts';

/** A request that is right in every way, and what the tests of hostile input bend of it. */
export interface Mutation {
  readonly caller: Caller;
  /** Somebody else who may do the same. */
  readonly another: Caller;
  /** When it comes, if not on the day of the others. */
  readonly at?: string;
  readonly params?: Record<string, string>;
  readonly ifMatch?: number;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Another body that would be right too; none where there is no body. */
  readonly otherBody?: Readonly<Record<string, unknown>>;
}

/** Who acts where: a partner that is active. */
export interface Scene {
  readonly partnerId: string;
}

/** Requests are sent at the tests' `now`, so its invoice is of that day. */
const aClaimOfToday = async (partnerId: string) => {
  const { invoices, ...rest } = await aFullClaim(partnerId);
  return { ...rest, invoices: invoices.map((invoice) => ({ ...invoice, issuedOn: now.slice(0, 10) })) };
};

const otherAdminOf = (partnerId: string): Caller => ({ ...adminOf(partnerId), id: `usr_admin2_${partnerId}` });
const otherAdmin: Caller = { ...admin, id: 'usr_other_admin' };
const stranger = (id: string): Caller => ({ kind: 'anonymous', id });

const byManager = { caller: manager, another: otherManager };
const byAdmin = { caller: admin, another: otherAdmin };
const byFinance = { caller: finance, another: { ...finance, id: 'usr_other_finance' } };
const byStranger = { caller: stranger('192.0.2.7'), another: stranger('192.0.2.8') };
const byRep = (partnerId: string) => ({ caller: repOf(partnerId), another: adminOf(partnerId) });
const byPartnerAdmin = (partnerId: string) => ({ caller: adminOf(partnerId), another: otherAdminOf(partnerId) });

const reasons = { body: { reason: 'As agreed.' }, otherBody: { reason: 'As was said.' } };

const aDeal = async (partnerId: string, value = small): Promise<{ params: { dealId: string } }> => {
  const { body } = await register(partnerId, { value });
  return { params: { dealId: String(body.id) } };
};

const today = '2026-07-01';
const closing = { outcome: 'won', closedOn: today };

const aWonDeal = async (partnerId: string): Promise<{ params: { dealId: string } }> => {
  const deal = await aDeal(partnerId);
  await request({ operation: 'close-deal', caller: manager, at: now, ...deal, body: closing });
  return deal;
};

const aReturnedDeal = async () => {
  const { approvalId, dealId, rep, customer, partnerId } = await aWaitingDeal();
  await decide(approvalId, { body: { outcome: 'return', reason: 'Which plant?' } });
  const body = aRegistration({ customer, value: large });
  const another = adminOf(partnerId);
  return { caller: rep, another, params: { dealId }, body, otherBody: { ...body, sourceNotes: 'The northern one.' } };
};

/** It waits for its partner. */
const aPlannedQuarter = async () => {
  const params = { partnerId: await anActivePartner(), quarter: '2026-Q3' };
  await aProposedPlan(params.partnerId, params.quarter);
  return params;
};

const anApprovedPartner = async (): Promise<string> => {
  const { id, status } = await anApplicant();
  if (status === 'applied') await approve(id);
  return id;
};

const aSuspendedPartner = async (): Promise<string> => {
  const partnerId = await anActivePartner();
  await command('suspend-partner', partnerId);
  return partnerId;
};

/** By somebody who does not answer appeals. */
const aLoweredPartner = async (): Promise<string> => {
  const partnerId = await anActivePartner();
  for (const tier of ['gold', 'authorized']) {
    const body = { tier, reason: 'As agreed.' };
    const {
      another: _another,
      otherBody: _otherBody,
      ...call
    } = await changing({ caller: admin, another: admin }, { partnerId }, [body, body]);
    await request({ operation: 'update-partner', at: now, ...call });
  }
  return partnerId;
};

const made = async (operation: Operation, partnerId: string, body: object): Promise<string> =>
  String((await request({ operation, caller: adminOf(partnerId), at: now, body })).body.id);

let year = 2030;
const aPublication = () => {
  year += 1;
  const source = readFileSync('examples/program.yaml', 'utf8');
  const body = { source, effectiveFrom: `${year}-01-01T00:00:00Z` };
  return { body, otherBody: { ...body, effectiveFrom: `${year}-07-01T00:00:00Z` } };
};

type Body = Readonly<Record<string, unknown>>;

/** A change that says which version it has seen, which is that of now. */
const changing = async (
  by: Pick<Mutation, 'caller' | 'another'>,
  params: Record<string, string>,
  [body, otherBody]: readonly [Body, Body],
): Promise<Mutation> => {
  const operation = 'dealId' in params ? 'get-deal' : 'get-partner';
  const { body: thing } = await request({ operation, caller: manager, at: now, params });
  return { ...by, params, ifMatch: Number(thing.version), body, otherBody };
};

const { contacts } = anApplication('partner.example');
const newContacts: readonly [Body, Body] = [{ contacts }, { contacts: [...contacts, ...contacts] }];

const scores = (score: number) =>
  Object.fromEntries(
    ['capacity', 'capability', 'commitment', 'customerFit'].map((criterion) => [criterion, { score, note: 'Seen.' }]),
  );

const applying = () => {
  const body = anApplication(freshDomain());
  return { body, otherBody: { ...body, why: 'Our customers ask for it.' } };
};

const registering = () => {
  const body = aRegistration({ customer: freshCustomer(), value: small });
  return { body, otherBody: { ...body, sourceNotes: 'They wrote to us.' } };
};

const inviting = () => {
  const body = { email: `ada@${freshDomain()}`, role: 'partner_member' };
  return { body, otherBody: { ...body, email: `bob@${freshDomain()}` } };
};

const key = { name: 'CRM', scopes: ['deals:read'] };
const part = { role: 'influenced', evidence: 'A joint workshop.' };

/**
 * How to reach the state in which a mutating route does what it is for, and a right request there. A new route that changes something
 * needs one row: its function makes a thing of its own each time it is called, mostly with the builders of the noun's tests, and
 * answers who asks (`by…`), the path's `params`, a right `body` and another right one, and `ifMatch` on PATCH, PUT, DELETE and
 * decisions. Where the caller is of a partner and the partner's state does not matter, it is the scene's.
 * The cases of idempotency and the injection of privileged fields are made from these rows; a route without one fails both.
 */
export const mutations: Readonly<Partial<Record<Operation, (scene: Scene) => Mutation | Promise<Mutation>>>> = {
  'apply-partner': () => ({ ...byStranger, ...applying() }),
  'resubmit-application': async () => {
    const { id, statusToken, domain } = await anApplicant();
    await sendBack(id);
    const body = { ...anApplication(domain), statusToken };
    return { ...byStranger, params: { partnerId: id }, body, otherBody: { ...body, why: 'They ask for it.' } };
  },
  'update-partner': ({ partnerId }) => changing(byPartnerAdmin(partnerId), { partnerId }, newContacts),
  'evaluate-partner': async () => {
    const { id } = await anApplicant();
    return changing(byManager, { partnerId: id }, [scores(3), scores(4)]);
  },
  'accept-agreement': async () => {
    const partnerId = await anApprovedPartner();
    const otherBody = { ...agreeing, signerTitle: 'Owner' };
    return { ...byPartnerAdmin(partnerId), params: { partnerId }, body: agreeing, otherBody };
  },
  'suspend-partner': async () => ({ ...byManager, params: { partnerId: await anActivePartner() }, ...reasons }),
  'reinstate-partner': async () => ({ ...byManager, params: { partnerId: await aSuspendedPartner() }, ...reasons }),
  'terminate-partner': async () => ({ ...byManager, params: { partnerId: await anActivePartner() }, ...reasons }),

  'appeal-tier': async () => {
    const partnerId = await aLoweredPartner();
    return { ...byRep(partnerId), params: { partnerId }, ...reasons };
  },
  'answer-tier-appeal': async () => {
    const params = { partnerId: await aLoweredPartner() };
    await request({ operation: 'appeal-tier', caller: repOf(params.partnerId), at: now, params, body: reasons.body });
    const rejection = { outcome: 'reject', reason: 'The figures are what they are.' };
    return changing(byManager, params, [rejection, { ...rejection, outcome: 'uphold', tierUntil: '2026-12-31' }]);
  },

  'invite-user': ({ partnerId }) => ({ ...byPartnerAdmin(partnerId), ...inviting() }),
  'deactivate-user': async ({ partnerId }) => {
    const userId = await made('invite-user', partnerId, inviting().body);
    return { ...byPartnerAdmin(partnerId), params: { userId }, ifMatch: 1 };
  },
  'create-api-key': ({ partnerId }) => ({
    ...byPartnerAdmin(partnerId),
    body: key,
    otherBody: { ...key, name: 'ERP' },
  }),
  'revoke-api-key': async ({ partnerId }) => {
    const apiKeyId = await made('create-api-key', partnerId, key);
    return { ...byPartnerAdmin(partnerId), params: { apiKeyId }, ifMatch: 1 };
  },

  'register-deal': ({ partnerId }) => ({ ...byRep(partnerId), ...registering() }),
  'update-deal': async ({ partnerId }) => {
    const { params } = await aDeal(partnerId);
    return changing(byRep(partnerId), params, [{ stage: 'proposal' }, { stage: 'negotiation' }]);
  },
  'extend-deal': async ({ partnerId }) => ({
    ...byRep(partnerId),
    ...(await aDeal(partnerId)),
    body: { progressNotes: 'They test it.' },
    otherBody: { progressNotes: 'They test it on.' },
  }),
  'resubmit-deal': aReturnedDeal,
  'close-deal': async ({ partnerId }) => ({
    ...byRep(partnerId),
    ...(await aDeal(partnerId)),
    body: closing,
    otherBody: { outcome: 'lost', closedOn: today, lossReason: 'Too dear.' },
  }),
  'pay-deal': async ({ partnerId }) => {
    const body = { amount: { ...small, amountMinor: 100 }, paidOn: today };
    const otherBody = { ...body, amount: { ...small, amountMinor: 200 } };
    return { ...byFinance, ...(await aWonDeal(partnerId)), body, otherBody };
  },
  'refund-deal': async ({ partnerId }) => {
    const body = { kind: 'churn', occurredOn: today, reason: 'They left.' };
    const otherBody = { ...body, reason: 'They went.' };
    return { ...byFinance, ...(await aWonDeal(partnerId)), body, otherBody };
  },
  'report-milestone': async ({ partnerId }) => {
    const body = { milestone: 'hundred-users', reachedOn: today };
    return { ...byFinance, ...(await aWonDeal(partnerId)), body, otherBody: { ...body, milestone: 'thousand-users' } };
  },
  'report-usage': async ({ partnerId }) => {
    const body = { period: today.slice(0, 'YYYY-MM'.length), amount: usd(100_000) };
    return { ...byFinance, ...(await aWonDeal(partnerId)), body, otherBody: { ...body, amount: usd(200_000) } };
  },
  'withdraw-deal': async ({ partnerId }) => ({ ...byRep(partnerId), ...(await aDeal(partnerId)), ...reasons }),
  'attribute-deal': async ({ partnerId }) => {
    const body = { ...part, partnerId: await anActivePartner() };
    const otherBody = { ...body, evidence: 'Two workshops.' };
    return { ...byManager, ...(await aDeal(partnerId)), body, otherBody };
  },

  'submit-bonus': ({ partnerId }) => {
    const body = { partnerId, kind: 'bonus', amount: usd(100), reason: 'A joint stand.' };
    return { ...byManager, body, otherBody: { ...body, amount: usd(200) } };
  },

  'dispute-earning': async ({ partnerId }) => {
    const { id } = await earn(partnerId, 10_000);
    return { ...byRep(partnerId), params: { earningId: id }, ...reasons };
  },

  'record-known-account': () => {
    const body = { companyName: 'Acme', websiteUrl: `https://${freshDomain()}`, openOpportunity: false };
    return { ...byManager, body, otherBody: { ...body, openOpportunity: true } };
  },

  'report-facts': ({ partnerId }) => {
    const fact = { id: freshDomain(), kind: 'training.completed', partnerId, occurredAt: '2026-06-30' };
    return { ...byManager, body: { facts: [fact] }, otherBody: { facts: [{ ...fact, kind: 'lead.sent' }] } };
  },

  'create-document': ({ partnerId }) => {
    const body = anAnnouncement();
    return { ...byRep(partnerId), body, otherBody: { ...body, sizeBytes: 4321 } };
  },

  'decide-approval': async () => {
    const { approvalId } = await aWaitingDeal();
    const body = { outcome: 'approve' };
    return { ...byManager, params: { approvalId }, ifMatch: 1, body, otherBody: { ...body, reason: 'Good.' } };
  },

  'allocate-mdf-budget': ({ partnerId }) => {
    const body = { partnerId, quarter: '2026-Q3', kind: 'discretionary', amount: usd(100) };
    return { ...byFinance, body, otherBody: { ...body, amount: usd(200) } };
  },
  'submit-mdf-request': async ({ partnerId }) => {
    await grant(partnerId, 1_000_000);
    const body = aPlan();
    return { ...byRep(partnerId), body, otherBody: { ...body, title: 'Another fair' } };
  },
  'resubmit-mdf-request': async ({ partnerId }) => {
    const requestId = await aReturnedRequest(partnerId);
    const body = aPlan();
    return { ...byRep(partnerId), params: { requestId }, body, otherBody: { ...body, title: 'Another fair' } };
  },
  'withdraw-mdf-request': async ({ partnerId }) => ({
    ...byRep(partnerId),
    params: { requestId: await aSubmittedRequest(partnerId) },
    ...reasons,
  }),

  'submit-mdf-claim': async ({ partnerId }) => {
    const requestId = await anApprovedRequest(partnerId);
    const body = await aClaimOfToday(partnerId);
    const otherBody = { ...body, claimedAmount: usd(399_999) };
    return { ...byRep(partnerId), params: { requestId }, body, otherBody };
  },
  'dispute-mdf-claim': async ({ partnerId }) => {
    const { claimId } = await aDecidedClaim(partnerId, { outcome: 'reject', reason: 'No.' });
    return { ...byRep(partnerId), params: { claimId }, ...reasons };
  },
  'claw-back-mdf-claim': async ({ partnerId }) => {
    const { claimId } = await aDecidedClaim(partnerId, { outcome: 'approve' });
    return { ...byFinance, params: { claimId }, ...reasons };
  },
  'resubmit-mdf-claim': async ({ partnerId }) => {
    const { claimId } = await aReturnedClaim(partnerId);
    const body = await aClaimOfToday(partnerId);
    return { ...byRep(partnerId), params: { claimId }, body, otherBody: { ...body, claimedAmount: usd(399_999) } };
  },

  'start-payout-run': () => ({ ...byFinance, body: { period: aPeriod() }, otherBody: { period: aPeriod() } }),
  'resolve-payout': async () => {
    const { id } = await aPayout('sent');
    const body = { outcome: 'paid', reason: 'On the statement of the bank.' };
    return { ...byFinance, params: { payoutId: id }, body, otherBody: { ...body, outcome: 'failed' } };
  },
  'answer-payout-run': async () => {
    const period = aPeriod();
    const payee = await whoIsPaid(50_000, period);
    const { id } = await aRunAtTheBank(period);
    const { id: payoutId } = await payoutOf(payee, period);
    const content = (status: string) => ({ content: aPain002({ payments: [[payoutId, status]] }) });
    return { ...byFinance, params: { runId: id }, body: content('ACSC'), otherBody: content('PDNG') };
  },

  'start-scoring-run': () => ({
    ...byManager,
    body: { quarter: aQuarter() },
    otherBody: { quarter: aQuarter(), reason: 'Anew.' },
  }),
  'assess-partner': async () => {
    const body = { consistency: { score: 4, note: 'Steady.' } };
    // Nothing is there yet.
    return {
      ...byManager,
      params: { partnerId: await anActivePartner(), quarter: '2026-Q2' },
      ifMatch: 0,
      body,
      otherBody: { consistency: { score: 3, note: 'Less so.' } },
    };
  },
  'review-scorecard': async () => {
    const quarter = '2026-Q1';
    const partnerId = await anActivePartner();
    await aPublishedScore(partnerId, quarter);
    // Nothing was said yet.
    const body = { actions: [], comment: 'A good start.' };
    const otherBody = { actions: [], comment: 'A start.' };
    return { ...byManager, params: { partnerId, quarter }, ifMatch: 0, body, otherBody };
  },
  'acknowledge-scorecard': async () => {
    const quarter = '2026-Q1';
    const partnerId = await anActivePartner();
    await aPublishedScore(partnerId, quarter);
    const [body, otherBody] = [{ answer: 'Agreed.' }, { answer: 'Not quite.' }];
    return { ...byRep(partnerId), params: { partnerId, quarter }, body, otherBody };
  },
  'propose-success-plan': async () => {
    const params = { partnerId: await anActivePartner(), quarter: '2026-Q3' };
    const [body, otherBody] = [{ template: 'launch' }, { template: 'foundations' }];
    // Nothing is there yet.
    return { ...byManager, params, ifMatch: 0, body, otherBody };
  },
  'accept-success-plan': async () => {
    const params = await aPlannedQuarter();
    const body = { accepted: true };
    return {
      ...byPartnerAdmin(params.partnerId),
      params,
      ifMatch: 1,
      body,
      otherBody: { ...body, comment: 'Gladly.' },
    };
  },
  'update-success-plan': async () => {
    const params = await aPlannedQuarter();
    const body = { reached: { announcement: { done: true } } };
    return { ...byRep(params.partnerId), params, body, otherBody: { ...body, comment: 'At last.' } };
  },
  'publish-quarter': async () => ({
    ...byManager,
    params: { quarter: await aScoredQuarter() },
    body: {},
    otherBody: { note: 'As talked through.' },
  }),

  'enter-program-costs': () => {
    const body = { costs: [{ kind: 'people', amount: usd(100) }], marginPercent: 70 };
    const otherBody = { ...body, marginPercent: 71 };
    // Nothing is there yet.
    return { ...byFinance, params: { quarter: aQuarter() }, ifMatch: 0, body, otherBody };
  },

  'publish-program': () => ({ ...byAdmin, ...aPublication() }),
};
