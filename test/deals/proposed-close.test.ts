import { beforeAll, expect, test } from 'vitest';
import { handler as deals } from '#functions/deals/door.ts';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import { getApproval } from '#shared/approvals/approval-store.ts';
import { addDays } from '#shared/core/time.ts';
import { getDeal } from '#shared/deals/deal-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import { send } from '#test/support/call.ts';
import { manager, repOf } from '#test/support/people.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { freshCustomer, freshPartner, now, register } from './at-the-deals-door.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const lastDay = addDays(now, 89);
const afterwards = addDays(now, 91);

/** A small deal, approved at once, whose close its partner proposes on the last day of protection. */
const proposed = async () => {
  const [partnerId, customer] = [await freshPartner(), freshCustomer()];
  const small = { amountMinor: 1_000_000, currency: 'USD' };
  const { body } = await register(partnerId, { customer, value: small });
  const dealId = String(body.id);
  const closing = { outcome: 'won', closedOn: lastDay.slice(0, 10) };
  const params = { dealId };
  await send(deals, { operation: 'close-deal', caller: repOf(partnerId), at: lastDay, params, body: closing });
  const approvalId = await anOpenApproval(dealId, lastDay);
  await sweep({ schedule: 'sweep', time: afterwards });
  const again = async () =>
    (await register(await freshPartner(), { customer, value: small }, { at: afterwards })).body.code;
  return { dealId, approvalId, again };
};

const decideNow = async (approvalId: string, body: object = { outcome: 'approve' }) =>
  decide(approvalId, { at: afterwards, ifMatch: (await getApproval(approvalId)).version, body });

test('when a close was proposed in time and is decided after protection has ended, then the deal is won', async () => {
  const { dealId, approvalId, again } = await proposed();
  expect(await again()).toBe('deal.conflict');
  expect((await decideNow(approvalId)).status).toBe(200);
  expect(await getDeal(dealId)).toMatchObject({ status: 'won' });
});

test('when a close waits for a decision, then the value that is decided on stays; the rest of the deal goes on', async () => {
  const { dealId } = await proposed();
  const { version, partnerId, value } = await getDeal(dealId);
  const update = (body: object) =>
    send(deals, {
      operation: 'update-deal',
      caller: repOf(partnerId),
      at: afterwards,
      params: { dealId },
      ifMatch: version,
      body,
    });
  const more = await update({ value: { amountMinor: 900_000_000, currency: 'USD' } });
  expect(more).toMatchObject({ status: 409, body: { code: 'state.transition_not_allowed' } });
  expect((await update({ notes: 'The order is signed.' })).status).toBe(200);
  expect((await getDeal(dealId)).value).toEqual(value);
});

test('when a close waits for a decision after protection has ended, then it still binds direct sales', async () => {
  const { dealId } = await proposed();
  const { companyName, websiteUrl } = (await getDeal(dealId)).customer;
  const body = { companyName, websiteUrl, openOpportunity: true };
  const recorded = await send(knownAccounts, {
    operation: 'record-known-account',
    caller: manager,
    at: afterwards,
    body,
  });
  expect(recorded.body.conflicts).toMatchObject([{ dealId }]);
});

test('when it is refused after protection has ended, then the deal expires and the customer is free', async () => {
  const { dealId, approvalId, again } = await proposed();
  expect((await decideNow(approvalId, { outcome: 'reject', reason: 'We have no order.' })).status).toBe(200);
  expect(await again()).toBeUndefined();
  await sweep({ schedule: 'sweep', time: addDays(now, 92) });
  expect(await getDeal(dealId)).toMatchObject({ status: 'expired' });
});
