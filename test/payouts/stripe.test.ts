import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { instant, millis } from '#shared/core/time.ts';
import type { Order } from '#shared/payouts/provider.ts';
import { log } from '#shared/platform/logger.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { publish } from '#test/support/a-program.ts';
import { stripe } from '#workflows/payouts/stripe.ts';
import { aCollectedRun, anEarner, aPaidProgram, aPayee, aStripeEarner, decideRun, drive, payDay } from './a-run.ts';
import { storedStatement } from './a-statement.ts';
import { aTransfer } from './stripe-books.ts';
import { type Fate, startStripeStub } from './stripe-stub.ts';

/** What becomes of the next sends; then they are answered. */
const fates: Fate[] = [];
let stub: Awaited<ReturnType<typeof startStripeStub>>;
beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  log.setLogLevel('SILENT');
  stub = await startStripeStub(({ what }) => (what === 'send' ? (fates.shift() ?? 'answered') : 'answered'));
  await testTable();
  const program = aPaidProgram();
  await publish({ ...program, payouts: { ...program.payouts, provider: 'stripe' } });
});
afterAll(() => stub.close());

let serial = 0;
const anOrder = (overrides: Partial<Order> = {}): Order => {
  serial += 1;
  return {
    reference: `pay_${serial}`,
    partnerId: 'ptr_1',
    amount: { amountMinor: 12_000, currency: 'USD' },
    payeeVersion: 1,
    accountId: 'acct_northwind1',
    at: payDay,
    ...overrides,
  };
};

describe('when a payout is sent to Stripe', () => {
  test('then one transfer bears our reference, amount and account', async () => {
    const order = anOrder();
    const reference = `tr_${order.reference}_0`;
    expect(await stripe.find(order)).toEqual({ outcome: 'absent' });
    expect(await stripe.send(order)).toEqual({ outcome: 'paid', reference });
    expect(await stripe.send(order)).toEqual({ outcome: 'paid', reference });
    expect(stub.transfers.get(order.reference)).toMatchObject([
      { amount: 12_000, currency: 'usd', destination: 'acct_northwind1' },
    ]);
    expect(await stripe.find(order)).toEqual({ outcome: 'paid', reference });
  });

  test.each<Fate>(['lost', 'answer lost', 'late', 'broken', 'unfunded', 'overloaded', 'busy'])(
    'and the call is %s, then nothing is known, and no partner is told of it',
    async (fate) => {
      fates.push(fate);
      await expect(stripe.send(anOrder())).rejects.toThrow();
    },
  );

  test('with a key that is not ours any more, then nothing is known, and no partner is told of it', async () => {
    process.env.STRIPE_SECRET_KEY = 'sk_revoked';
    await expect(stripe.send(anOrder())).rejects.toThrow('401');
    await expect(stripe.find(anOrder())).rejects.toThrow('401');
    Object.assign(process.env, stub.settings);
  });

  test('and refused, then it has failed with what Stripe says', async () => {
    fates.push('refused');
    expect(await stripe.send(anOrder())).toEqual({
      outcome: 'failed',
      reason: 'Stripe refused it: No such destination.',
    });
    const { accountId: _none, ...nowhere } = anOrder();
    expect(await stripe.send(nowhere)).toMatchObject({ outcome: 'failed' });
  });

  test('under a key that was used for something else, then nobody knows', async () => {
    const order = anOrder();
    await stripe.send(order);
    expect(await stripe.send({ ...order, amount: { amountMinor: 1, currency: 'USD' } })).toMatchObject({
      outcome: 'unknown',
    });
  });
});

describe('when Stripe is asked for a payout', () => {
  test.each([
    ['that was taken back', [{ reversed: true }], 'failed'],
    ['of which a part was taken back', [{ amount_reversed: 1 }], 'paid'],
    ['and names another amount', [{ amount: 11_999 }], 'forgotten'],
    ['and names another currency', [{ currency: 'eur' }], 'forgotten'],
    ['and names two', [{}, {}], 'forgotten'],
  ] as const)('%s, then it is as it is', async (_, bent, outcome) => {
    const order = anOrder();
    const found = bent.map((overrides) => aTransfer({ transfer_group: order.reference, ...overrides }));
    stub.transfers.set(order.reference, found);
    expect(await stripe.find(order)).toMatchObject({ outcome });
  });
});

describe('a run that is paid by Stripe', () => {
  const approved = async (): Promise<string> => {
    const runId = await aCollectedRun();
    await decideRun(runId);
    return runId;
  };
  const payoutOf = async (partnerId: string) => (await storedStatement(partnerId)).payout;

  test('takes accounts at Stripe only', async () => {
    const [there, elsewhere] = [await aStripeEarner(12_000), await anEarner(12_000)];
    await drive(await approved());
    expect(await payoutOf(there)).toMatchObject({ status: 'paid' });
    const { status, carriedOut } = await payoutOf(elsewhere);
    expect([status, carriedOut]).toMatchObject(['carried', [{ reasons: ['payee_missing'] }]]);
  });

  test.each([
    ['arrives after all', 'paid'],
    ['never arrives', 'failed'],
  ] as const)(
    'calls nothing failed while a sender may live that read the details before they were changed: what it sent %s',
    async (_, status) => {
      const partnerId = await aStripeEarner(12_000);
      const runId = await approved();
      fates.push('lost');
      await expect(drive(runId)).rejects.toThrow();
      const change = { kind: 'stripe_account', accountId: 'acct_another1', lastFour: 'her1' } as const;
      await aPayee(partnerId, { ...change, version: 2, changedAt: payDay });
      await expect(drive(runId, payDay, 2)).rejects.toThrow('could not be sent');
      const { id } = await payoutOf(partnerId);
      if (status === 'paid') stub.transfers.set(id, [aTransfer({ transfer_group: id })]);
      await drive(runId, instant(millis(payDay) + 30 * 60_000), 3);
      expect((await payoutOf(partnerId)).status).toBe(status);
    },
  );

  test('finds what was heard although the payment details were changed before anybody knew of it', async () => {
    const partners = [await aStripeEarner(12_000), await aStripeEarner(13_000)];
    const runId = await approved();
    // One of them is accepted, of the other nothing arrives.
    fates.push('answer lost', 'lost');
    await expect(drive(runId)).rejects.toThrow();
    for (const partnerId of partners)
      await aPayee(partnerId, { version: 2, kind: 'stripe_account', accountId: 'acct_another1', lastFour: 'her1' });
    await drive(runId, payDay, 2);
    const outcomes = await Promise.all(
      partners.map(async (partnerId) => {
        const { id, status } = await payoutOf(partnerId);
        return [status, stub.transfers.get(id)?.length ?? 0];
      }),
    );
    expect(outcomes.sort()).toEqual([
      ['failed', 0],
      ['paid', 1],
    ]);
  });
});
