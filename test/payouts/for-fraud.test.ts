import { beforeAll, describe, expect, test } from 'vitest';
import { getRun } from '#shared/payouts/run-store.ts';
import { anOpenDeal, earningsOf, follow, inWords, pay, refund, win } from '#test/earnings/at-the-earnings-door.ts';
import { aFullClaim, claim, decideClaim } from '#test/mdf/a-claim.ts';
import { anApprovedRequest, grant } from '#test/mdf/a-fund-request.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { publish } from '#test/support/a-program.ts';
import { request } from '#test/support/every-door.ts';
import { finance } from '#test/support/people.ts';
import { aPaidProgram, aPayee, ask, drive, payDay } from './a-run.ts';
import { earn, storedStatement, usd } from './a-statement.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aPaidProgram());
});

const refundedAt = '2026-08-10T09:00:00.000Z';
const collectedAt = '2026-09-05T09:00:00.000Z';

/** Sold in July for a commission and a SPIFF, and all of it given back in August, when 500.00 were earned besides. */
const aRefundedPartner = async (more: { readonly forFraud?: true }): Promise<string> => {
  const { partnerId, dealId } = await anOpenDeal();
  await aPayee(partnerId);
  await win(dealId);
  await pay(dealId);
  await follow(dealId);
  const about = { amount: usd(2_000_000), occurredOn: '2026-08-10', ...more };
  expect((await refund(dealId, about, { at: refundedAt })).status).toBe(201);
  await follow(dealId);
  expect(inWords(await earningsOf(partnerId, refundedAt))).toEqual([
    'clawback -2,000.00 payable',
    'clawback -500.00 payable',
    'commission 2,000.00 payable',
    'spiff 500.00 payable',
  ]);
  await earn(partnerId, 50_000, { statement: '2026-08' });
  return partnerId;
};

describe('when earnings are taken back', () => {
  test('then at most half of a payout goes to that, and all of it where staff said that it was for fraud', async () => {
    const [mistaken, fraudulent] = [await aRefundedPartner({}), await aRefundedPartner({ forFraud: true })];
    // Each is paid what it earned in July; what was taken back stands on August's statement.
    const first = await ask('start-payout-run', { body: { period: '2026-07' }, at: payDay });
    await drive(String(first.body.id));
    expect(await getRun(String(first.body.id))).toMatchObject({ total: usd(500_000) });
    const second = await ask('start-payout-run', { body: { period: '2026-08' }, at: collectedAt });
    await drive(String(second.body.id), collectedAt);
    expect((await storedStatement(mistaken, '2026-08')).payout).toMatchObject({
      status: 'pending',
      amount: usd(25_000),
      rest: { takenBack: 225_000, takenBackForFraud: 0 },
    });
    expect((await storedStatement(fraudulent, '2026-08')).payout).toMatchObject({
      status: 'carried',
      carriedOut: [{ earned: 50_000, takenBack: 0, takenBackForFraud: 250_000, reasons: ['negative_balance'] }],
    });
  });

  test('then a false claim says so too', async () => {
    const partnerId = await anActivePartner();
    await grant(partnerId, 1_000_000);
    const requestId = await anApprovedRequest(partnerId);
    const claimId = String((await claim(partnerId, requestId, await aFullClaim(partnerId))).body.id);
    expect((await decideClaim(claimId)).status).toBe(200);
    const { body } = await request({
      operation: 'claw-back-mdf-claim',
      caller: finance,
      at: '2026-10-10T09:00:00.000Z',
      params: { claimId },
      body: { reason: 'The invoice was made up.', forFraud: true },
    });
    expect(body).toMatchObject({ clawedBackForFraud: true });
    const { balances } = await storedStatement(partnerId, '2026-10');
    expect(balances).toMatchObject({ takenBack: 0, takenBackForFraud: expect.any(Number) });
    expect(balances.takenBackForFraud).toBeGreaterThan(0);
  });
});
