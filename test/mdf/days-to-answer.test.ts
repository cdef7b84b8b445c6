import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { freshPartner, now } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { request } from '#test/support/every-door.ts';
import { repOf } from '#test/support/people.ts';
import { aDecidedClaim, afterEvent, aReturnedClaim, getClaim } from './a-claim.ts';
import { aSubmittedRequest, decideOn, getRequest } from './a-fund-request.ts';

const plain = aProgram();
/** In force while everything here is decided; the next version gives a day for each. */
const first = {
  ...plain,
  mdf: { ...plain.mdf, returnedLapseDays: 7 },
  payouts: { ...plain.payouts, disputeWithinDays: 12 },
};
const next = {
  ...first,
  mdf: { ...first.mdf, returnedLapseDays: 1 },
  payouts: { ...first.payouts, disputeWithinDays: 1 },
};

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(first);
  await publish(next, { version: 2, at: addDays(afterEvent, 1) });
});

const dispute = (partnerId: string, claimId: string, at: string) =>
  request({
    operation: 'dispute-mdf-claim',
    caller: repOf(partnerId),
    at,
    params: { claimId },
    body: { reason: 'The band is part of the event.' },
  });

describe('when the program says how many days partners have', () => {
  test('then a returned fund request and a returned claim lapse after them', async () => {
    const requestId = await aSubmittedRequest(await freshPartner());
    await decideOn(requestId, { outcome: 'return', reason: 'Who speaks?' });
    expect((await getRequest(requestId, now)).body).toMatchObject({
      status: 'returned',
      returnedUntil: addDays(now, 7),
    });
    expect((await getRequest(requestId, addDays(now, 7))).body).toMatchObject({ status: 'expired' });
    const { claimId } = await aReturnedClaim(await freshPartner());
    expect((await getClaim(claimId, afterEvent)).body).toMatchObject({ returnedUntil: addDays(afterEvent, 7) });
    expect((await getClaim(claimId, addDays(afterEvent, 7))).body).toMatchObject({ status: 'expired' });
  });

  test.each([
    ['rejected', { outcome: 'reject', reason: 'This is no event.' }],
    [
      'approved in part',
      { outcome: 'approve', approvedAmount: { amountMinor: 250_000, currency: 'USD' }, reason: 'Half.' },
    ],
  ])('then what was %s can be disputed for as long as was said when it was decided', async (_words, decision) => {
    const partnerId = await freshPartner();
    const { claimId } = await aDecidedClaim(partnerId, decision);
    const until = addDays(afterEvent, 12);
    expect((await getClaim(claimId)).body).toMatchObject({ disputableUntil: until });
    expect((await dispute(partnerId, claimId, until)).body).toMatchObject({ code: 'state.transition_not_allowed' });
    const reply = await dispute(partnerId, claimId, addDays(afterEvent, 11));
    expect(reply).toMatchObject({ status: 202, body: { disputedAt: addDays(afterEvent, 11) } });
  });

  test('then what was approved whole is not to be disputed', async () => {
    const { claimId } = await aDecidedClaim(await freshPartner(), { outcome: 'approve' });
    expect((await getClaim(claimId)).body).not.toHaveProperty('disputableUntil');
  });
});
