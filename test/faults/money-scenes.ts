import type { Caller } from '#shared/core/caller.ts';
import { finance, manager, otherFinance } from '#test/support/people.ts';
import { applicant, type Mark, marks, repsOf } from './people-of-a-history.ts';
import type { Play, Scene } from './scripted-history.ts';
import { beginning } from './start-of-a-history.ts';
import { aClaimOf, aPlan, documentIdsOf, firstClaims, firstDeals, firstRequests, usd } from './start-of-money.ts';

/** What workflows, workers and sweeps do about money, one thing after the other; they begin where histories of money begin. */
const dayMs = 86_400_000;
const today = new Date(beginning).toISOString().slice(0, 10);
const dayAfter = (days: number): string => new Date(beginning + days * dayMs).toISOString().slice(0, 10);

const [aleph, bet] = marks;
const rep = (mark: Mark = aleph): Caller => repsOf(mark)[0] ?? applicant;

const requestFunds = async ({ ask }: Play, amountMinor: number): Promise<string> => {
  const plan = aPlan('Webinar', { from: today, to: dayAfter(1), quarter: '2026-Q1' });
  const body = { ...plan, expectedCost: usd(amountMinor * 2), requestedAmount: usd(amountMinor) };
  return String((await ask('submit-mdf-request', rep(), { body }))?.body.id);
};

const claimFunds = async ({ ask }: Play, amountMinor: number): Promise<string> => {
  const [, , , , invoice = '', proof = ''] = documentIdsOf(aleph);
  const body = aClaimOf(amountMinor, { number: 'R-1', day: today, documents: [invoice, proof] });
  const params = { requestId: firstRequests.get(aleph) ?? '' };
  return String((await ask('submit-mdf-claim', rep(), { params, body }))?.body.id);
};

const verdict = async (
  { ask }: Play,
  approvalId: string,
  more: { readonly by: Caller; readonly body?: object },
): Promise<void> => {
  const params = { approvalId };
  const seen = await ask('get-approval', more.by, { params });
  const body = { outcome: 'approve', ...more.body };
  await ask('decide-approval', more.by, { params, body, ifMatch: seen?.version ?? 1 });
};

const inQuarters = async ({ pass, sweep }: Play, days: readonly number[]): Promise<void> => {
  for (const each of days) {
    pass(each * dayMs);
    await sweep();
  }
};

/** What each scene must bring about: so that it does what its words say. */
export const outcomesOfMoney: Readonly<Record<string, readonly string[]>> = {
  'funds are approved and never claimed': ['mdf_request.approved', 'mdf_budget.expired', 'mdf_request.expired'],
  'a claim is approved in part': ['mdf_claim.submitted', 'mdf_claim.partially_approved', 'earning.accrued'],
  'a large claim is approved by two people': ['approval.decided', 'mdf_claim.approved', 'earning.accrued'],
  'a claim is returned and lapses with its request': ['mdf_claim.returned', 'mdf_claim.expired'],
  'a rejected claim is disputed, granted, and found false': [
    'mdf_claim.disputed',
    'mdf_claim.approved',
    'mdf_claim.clawed_back',
    'earning.reversed',
  ],
  'the execution of a claim is lost, and found': ['mdf_claim.asked_again', 'mdf_claim.approved'],
  'the answer about a claim is taken, and its execution lost': ['mdf_claim.approved'],
  'a deal is paid in parts, refunded and left': ['deal.paid', 'deal.refunded', 'earning.accrued', 'earning.reversed'],
  'a deal is paid on the day that was named': ['deal.won', 'deal.paid', 'earning.accrued'],
  'a quarter is opened, and the last one settled': ['mdf_budget.allocated', 'earning.accrued'],
};

const approvalOf = (id: string, number = 1): string => `apr_${id}_${number}`;

/** What each scene is about, in words. */
export const scenesOfMoney: Readonly<Record<string, Scene>> = {
  'funds are approved and never claimed': async (play) => {
    const id = await requestFunds(play, 100_000);
    await verdict(play, approvalOf(id), { by: manager });
    await inQuarters(play, [30, 62]);
  },
  'a claim is approved in part': async (play) => {
    const id = await claimFunds(play, 100_000);
    await verdict(play, approvalOf(id), { by: finance, body: { approvedAmount: usd(33_333) } });
  },
  'a large claim is approved by two people': async (play) => {
    const id = await claimFunds(play, 510_000);
    await verdict(play, approvalOf(id), { by: finance });
    await verdict(play, approvalOf(id), { by: otherFinance });
  },
  'a claim is returned and lapses with its request': async (play) => {
    const id = await claimFunds(play, 100_000);
    await verdict(play, approvalOf(id), { by: finance, body: { outcome: 'return', reason: 'Because.' } });
    await inQuarters(play, [62]);
  },
  'a rejected claim is disputed, granted, and found false': async (play) => {
    const claimId = firstClaims.get(bet)?.id ?? '';
    const params = { claimId };
    await play.ask('dispute-mdf-claim', rep(bet), { params, body: { reason: 'No.' } });
    await verdict(play, approvalOf(claimId, 2), { by: otherFinance });
    await play.ask('claw-back-mdf-claim', finance, { params, body: { reason: 'It is false.' } });
  },
  'the execution of a claim is lost, and found': async (play) => {
    play.opened.world.workflow.loseNext();
    const id = await claimFunds(play, 100_000);
    await play.recover();
    await verdict(play, approvalOf(id), { by: finance });
  },
  'the answer about a claim is taken, and its execution lost': async (play) => {
    const id = await claimFunds(play, 100_000);
    play.opened.world.workflow.loseNext('lose answered');
    await verdict(play, approvalOf(id), { by: finance });
    await play.recover();
  },
  'a deal is paid in parts, refunded and left': async ({ ask }) => {
    const params = { dealId: firstDeals.get(aleph) ?? '' };
    const parts = [333_333, 500_000];
    for (const part of parts) {
      await ask('pay-deal', finance, { params, body: { amount: usd(part), paidOn: today } });
    }
    const refund = { kind: 'refund', amount: usd(600_000), occurredOn: today, reason: 'Because.' };
    await ask('refund-deal', finance, { params, body: refund });
    await ask('refund-deal', finance, { params, body: { kind: 'churn', occurredOn: today, reason: 'Because.' } });
  },
  'a deal is paid on the day that was named': async (play) => {
    const dealId = await play.register('blue', 1_000_000);
    const body = { outcome: 'won', closedOn: today, invoicePaidOn: dayAfter(3) };
    await play.ask('close-deal', manager, { params: { dealId }, body });
    await inQuarters(play, [4]);
  },
  'a quarter is opened, and the last one settled': async (play) => {
    const dealId = await play.register('blue', 1_000_000);
    const body = { outcome: 'won', closedOn: today };
    await play.ask('close-deal', manager, { params: { dealId }, body });
    await inQuarters(play, [30]);
    // The days' next runs: the second one does what a death in the first left.
    for (const schedule of ['open-quarter', 'settle', 'open-quarter', 'settle'] as const) await play.run(schedule);
  },
};
