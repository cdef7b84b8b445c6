import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { getDeal } from '#shared/deals/deal-store.ts';
import { aStoredDeal } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import type { Reply } from '#test/support/call.ts';
import { finance } from '#test/support/people.ts';
import { now, pay, refund, usd, win } from './at-the-earnings-door.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const aWonDeal = async () => {
  const { dealId } = await aStoredDeal();
  await win(dealId);
  return dealId;
};
/** Status, code and the pointers of what is faulty. */
const told = ({ status, body }: Reply): string =>
  [status, body.code, ...((body.errors ?? []) as { pointer: string }[]).map(({ pointer }) => pointer)].join(' ');

const tomorrow = addDays(now, 1).slice(0, 10);

describe('when a payment is told', () => {
  test.each([
    ['nothing', { amount: usd(0) }, '400 request.invalid #/amount/amountMinor'],
    ['less than nothing', { amount: usd(-1) }, '400 request.invalid #/amount/amountMinor'],
    ['half a cent', { amount: usd(0.5) }, '400 request.invalid #/amount/amountMinor'],
    ['more than can be kept exactly', { amount: usd(1e20) }, '400 request.invalid #/amount/amountMinor'],
    [
      'another currency',
      { amount: { amountMinor: 1, currency: 'EUR' } },
      '422 money.currency_mismatch #/amount/currency',
    ],
    ['more than the deal', { amount: usd(2_000_001) }, '422 deal.overpaid #/amount'],
    ['on a day to come', { paidOn: tomorrow }, '422 deal.day_out_of_range #/paidOn'],
    ['on a day before the deal', { paidOn: '2026-06-30' }, '422 deal.day_out_of_range #/paidOn'],
    ['on no day', { paidOn: '2026-02-30' }, '400 request.invalid #/paidOn'],
    [
      'with every fault',
      { amount: { amountMinor: 9_000_000, currency: 'EUR' }, paidOn: tomorrow },
      '422 money.currency_mismatch #/amount/currency #/amount #/paidOn',
    ],
  ])('then %s is refused, and nothing is written', async (_words, body, expected) => {
    const dealId = await aWonDeal();
    expect(told(await pay(dealId, body))).toBe(expected);
    expect((await getDeal(dealId)).payments).toBeUndefined();
  });

  test('then an open deal is not paid, and a paid one not paid again', async () => {
    const { dealId } = await aStoredDeal();
    expect(told(await pay(dealId))).toBe('409 state.transition_not_allowed');
    await win(dealId, { invoicePaidOn: '2026-07-01' });
    expect(told(await pay(dealId, { amount: usd(1) }))).toBe('422 deal.overpaid #/amount');
  });

  test('then the same request again is answered as before, and of two at once both count', async () => {
    const dealId = await aWonDeal();
    const half = { amount: usd(1_000_000) };
    const first = await pay(dealId, half, { key: 'once' });
    expect(first.status).toBe(201);
    const again = await pay(dealId, half, { key: 'once' });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(told(await pay(dealId, { amount: usd(2) }, { key: 'once' }))).toBe('422 idempotency.key_reused');
    const parts = [pay(dealId, { amount: usd(400_000) }), pay(dealId, { amount: usd(600_000) }, { caller: finance })];
    expect((await Promise.all(parts)).map(({ status }) => status)).toEqual([201, 201]);
    const paid = (await getDeal(dealId)).payments ?? [];
    expect(paid.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(2_000_000);
  });
});

describe('when a batch of many payments and refunds is told again', () => {
  test('then each of them is a repeat, however many followed, and another body under its key is refused', async () => {
    const dealId = await aWonDeal();
    const invoices = [...Array(10).keys()];
    const batch = async () => {
      const replies: Reply[] = [];
      for (const n of invoices) {
        replies.push(await pay(dealId, { amount: usd(1_000 + n) }, { key: `invoice-${n}` }));
        replies.push(await refund(dealId, { amount: usd(1 + n) }, { key: `credit-${n}` }));
      }
      return replies;
    };
    const first = await batch();
    expect(first.map(({ status }) => status)).toEqual(first.map(() => 201));
    const again = await batch();
    expect(again.map(({ headers }) => headers['idempotency-replayed'])).toEqual(again.map(() => 'true'));
    expect(again.map(({ body }) => body)).toEqual(first.map(({ body }) => body));
    expect(told(await pay(dealId, { amount: usd(1) }, { key: 'invoice-0' }))).toBe('422 idempotency.key_reused');
    const { payments, refunds } = await getDeal(dealId);
    expect([payments?.length, refunds?.length]).toEqual([10, 10]);
  });
});

describe('when a refund is told', () => {
  test.each([
    ['nothing', { amount: usd(0) }, '400 request.invalid #/amount/amountMinor'],
    ['without an amount', {}, '400 request.invalid #/amount'],
    ['a churn with one', { kind: 'churn', amount: usd(1) }, '400 request.invalid #/amount'],
    ['more than the deal', { amount: usd(2_000_001) }, '422 deal.refund_too_large #/amount'],
    [
      'another currency',
      { amount: { amountMinor: 1, currency: 'EUR' } },
      '422 money.currency_mismatch #/amount/currency',
    ],
    ['before it closed', { amount: usd(1), occurredOn: '2026-06-30' }, '422 deal.day_out_of_range #/occurredOn'],
    ['on a day to come', { amount: usd(1), occurredOn: tomorrow }, '422 deal.day_out_of_range #/occurredOn'],
  ])('then %s is refused', async (_words, body, expected) => {
    const dealId = await aWonDeal();
    await pay(dealId);
    expect(told(await refund(dealId, body))).toBe(expected);
    expect((await getDeal(dealId)).refunds).toBeUndefined();
  });

  test('then not more than was paid, in all; and nothing after the customer has left', async () => {
    const dealId = await aWonDeal();
    await pay(dealId);
    expect((await refund(dealId, { amount: usd(1_500_000) })).status).toBe(201);
    expect(told(await refund(dealId, { amount: usd(500_001) }))).toBe('422 deal.refund_too_large #/amount');
    expect((await refund(dealId, { kind: 'churn' })).status).toBe(201);
    expect(told(await refund(dealId, { amount: usd(1) }))).toBe('409 deal.churned');
    expect(told(await pay(dealId, { amount: usd(1) }))).toBe('409 deal.churned');
  });
});
