import { beforeAll, expect, test } from 'vitest';
import { aRegistration } from '#test/deals/a-deal.ts';
import { freshCustomer, freshPartner, now } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { request } from '#test/support/every-door.ts';
import { repOf } from '#test/support/people.ts';
import { aDecidedClaim, afterEvent } from './a-claim.ts';
import { anApprovedRequest, aSubmittedRequest, getRequest, usd } from './a-fund-request.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const register = (partnerId: string, mdfRequestId: string) =>
  request({
    operation: 'register-deal',
    caller: repOf(partnerId),
    at: now,
    body: aRegistration({ customer: freshCustomer(), mdfRequestId }),
  });

test('when an activity was claimed and deals came from it, then its return stands against what it promised', async () => {
  const partnerId = await freshPartner();
  const { requestId } = await aDecidedClaim(partnerId, { outcome: 'approve' });
  expect(await register(partnerId, requestId)).toMatchObject({ status: 201, body: { mdfRequestId: requestId } });
  expect((await register(partnerId, requestId)).status).toBe(201);
  expect((await getRequest(requestId, afterEvent)).body.return).toEqual({
    promised: { leads: 40, pipeline: usd(30_000_000), cost: usd(800_000), costPerLead: usd(20_000) },
    actual: { leads: 34, pipeline: usd(26_000_000), cost: usd(800_000), costPerLead: usd(23_529) },
    deals: 2,
    registeredPipeline: usd(10_000_000),
    revenue: usd(0),
  });
});

test('when a deal names an activity that is another’s, not approved or not there, then it is not registered', async () => {
  const partnerId = await freshPartner();
  const theirs = await anApprovedRequest(await freshPartner());
  const waiting = await aSubmittedRequest(partnerId);
  for (const id of [theirs, waiting, 'mdr_00000000000000000000000000']) {
    expect(await register(partnerId, id)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  }
});
