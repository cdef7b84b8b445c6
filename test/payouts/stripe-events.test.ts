import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/provider-events/door.ts';
import { addDays, instant, millis } from '#shared/core/time.ts';
import { tellFault } from '#shared/ledger/fault.ts';
import { openReconciliation } from '#shared/ledger/reconciliation.ts';
import type { Payout } from '#shared/payouts/payout.ts';
import { fail, ownIntent, settle } from '#shared/payouts/payout-steps-store.ts';
import type { StripeTransfer } from '#shared/payouts/stripe-transfer.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { log } from '#shared/platform/logger.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { wholeItems } from '#test/support/whole-table.ts';
import { aPayout, payDay } from './a-run.ts';
import { storedStatement } from './a-statement.ts';
import { aTransfer, signatureOf, stripeSecrets } from './stripe-books.ts';

beforeAll(async () => {
  process.env.STRIPE_WEBHOOK_SECRET = stripeSecrets.webhook;
  log.setLogLevel('SILENT');
  await testTable();
});

const aPaid = (status: 'pending' | 'sent' | 'unknown') => aPayout(status, { provider: 'stripe' });
const present = async ({ partnerId }: Payout): Promise<Payout> => (await storedStatement(partnerId)).payout;
const typesOf = async ({ id }: Payout): Promise<readonly string[]> =>
  (await listEvents(id, 1, 50)).map(({ type }) => type);

const anEvent = (type: string, { id, amount }: Payout, overrides: Partial<StripeTransfer> = {}) => ({
  id: 'evt_1',
  object: 'event',
  type: `transfer.${type}`,
  data: { object: aTransfer({ transfer_group: id, amount: amount?.amountMinor ?? 0, ...overrides }) },
});
const created = (payout: Payout, overrides: Partial<StripeTransfer> = {}) => anEvent('created', payout, overrides);
const reversed = (payout: Payout) => anEvent('reversed', payout, { reversed: true, amount_reversed: 12_000 });

/** As Stripe delivers it: without a key, signed when it is sent. */
const tell = (body: unknown, more: Partial<Call> = {}): Promise<Reply> =>
  send(handler, {
    operation: 'receive-stripe-event',
    at: payDay,
    body,
    key: null,
    headers: { 'stripe-signature': signatureOf(JSON.stringify(body), payDay) },
    ...more,
  });

describe('when Stripe tells of a transfer', () => {
  test.each([
    ['is on its way', 'sent', ['payout.frozen', 'payout.sent', 'payout.paid']],
    ['nobody knows of', 'unknown', ['payout.frozen', 'payout.unknown', 'payout.paid']],
    ['whose answer was lost', 'pending', ['payout.frozen', 'payout.sent', 'payout.paid']],
  ] as const)('then a payout that %s is paid, once, however often it is told', async (_, status, types) => {
    const payout = await aPaid(status);
    expect((await tell(created(payout))).body).toEqual({ outcome: 'settled' });
    for (const at of [payDay, addDays(payDay, 3)]) {
      const body = created(payout);
      const headers = { 'stripe-signature': signatureOf(JSON.stringify(body), at) };
      expect(await tell(body, { at, headers })).toMatchObject({ status: 200, body: { outcome: 'ignored' } });
    }
    expect(await present(payout)).toMatchObject({ status: 'paid', reference: `tr_${payout.id}` });
    expect(await typesOf(payout)).toEqual(types);
  });

  test('and again and again at once, then it is booked once', async () => {
    const payout = await aPaid('pending');
    await Promise.all(Array.from({ length: 6 }, () => tell(created(payout))));
    expect(await typesOf(payout)).toEqual(['payout.frozen', 'payout.sent', 'payout.paid']);
  });

  test.each(['pending', 'sent', 'unknown', 'paid'] as const)(
    'that was taken back, then what was %s has failed and stands on the next statement',
    async (status) => {
      const payout = await aPaid(status === 'paid' ? 'sent' : status);
      if (status === 'paid') await tell(created(payout));
      expect((await tell(reversed(payout))).body).toEqual({ outcome: 'failed' });
      for (const late of [created(payout), reversed(payout)])
        expect((await tell(late)).body).toEqual({ outcome: 'ignored' });
      expect(await present(payout)).toMatchObject({ status: 'failed', reason: 'Stripe took the transfer back.' });
      expect((await storedStatement(payout.partnerId, '2026-08')).balances).toMatchObject({ broughtForward: 12_000 });
    },
  );

  test.each([
    ['of nobody', (payout: Payout) => created(payout, { transfer_group: 'pay_none' }), 'ignored'],
    ['without a reference', (payout: Payout) => created(payout, { transfer_group: null }), 'ignored'],
    ['in words we do not know', () => ({ type: 'transfer.created', data: { object: { id: 1 } } }), 'ignored'],
    ['as a thing of another kind', (payout: Payout) => ({ ...created(payout), type: 'charge.created' }), 'ignored'],
  ] as const)('%s, then it is heard, and nothing wrong comes of it', async (_, event, outcome) => {
    const payout = await aPaid('sent');
    expect(await tell(event(payout))).toMatchObject({ status: 200, body: { outcome } });
    expect(await present(payout)).toEqual(payout);
  });

  const inPart = (payout: Payout) => anEvent('reversed', payout, { amount_reversed: 2_000 });
  test.each([
    [
      'of which a part came back',
      inPart,
      'paid',
      /^Stripe took USD 20\.00 of the USD 120\.00 of tr_.* back; the rest is with the partner\.$/,
    ],
    [
      'of another amount',
      (payout: Payout) => created(payout, { amount: 1 }),
      'unknown',
      /tells of tr_.* over USD 0\.01/,
    ],
    ['in another currency', (payout: Payout) => created(payout, { currency: 'eur' }), 'unknown', /over EUR 120\.00/],
  ] as const)('%s, then people look at it, and nothing is paid or fails by itself', async (_, event, status, words) => {
    for (const before of ['pending', 'sent', 'unknown'] as const) {
      const payout = await aPaid(before);
      for (const _again of [1, 2]) expect((await tell(event(payout))).body).toEqual({ outcome: 'needs_attention' });
      const marked = await present(payout);
      expect([marked.status, marked.needsAttention]).toEqual([status, expect.stringMatching(words)]);
      expect(await typesOf(payout)).toHaveLength(new Set(await typesOf(payout)).size);
    }
  });

  test('that is a second one, then people look at what was paid already, until it is taken back', async () => {
    const payout = await aPaid('sent');
    await tell(created(payout));
    const second = { id: 'tr_second' };
    expect((await tell(created(payout, second))).body).toEqual({ outcome: 'needs_attention' });
    expect(await present(payout)).toMatchObject({
      status: 'paid',
      needsAttention: expect.stringContaining('Stripe tells of tr_second over USD 120.00'),
    });
    const back = { ...second, reversed: true, amount_reversed: 12_000 };
    expect((await tell(anEvent('reversed', payout, back))).body).toEqual({ outcome: 'ignored' });
  });

  test('although it was refused before, then people look at what has failed', async () => {
    const payout = await aPaid('pending');
    await fail(payout, { at: payDay, intentOf: ownIntent('fail', payDay), reason: 'Stripe refused it.' });
    expect((await tell(created(payout))).body).toEqual({ outcome: 'needs_attention' });
    expect(await present(payout)).toMatchObject({ status: 'failed', needsAttention: expect.any(String) });
  });

  test('of a payout that another provider pays, or of another transfer of it, then nothing changes', async () => {
    const byHand = await aPayout('sent');
    expect((await tell(created(byHand))).body).toEqual({ outcome: 'ignored' });
    const payout = await aPaid('sent');
    await settle(payout, {
      at: payDay,
      reference: 'tr_first',
      intentOf: () => ({ writeId: 'w', bodyHash: 'b', by: 'system', at: payDay }),
    });
    expect((await tell(reversed(payout))).body).toEqual({ outcome: 'ignored' });
    expect((await present(payout)).status).toBe('paid');
  });
});

describe('when somebody else says so', () => {
  const seconds = (count: number): string => instant(millis(payDay) + count * 1000);
  const signed = (body: unknown, at: string, secret?: string) => signatureOf(JSON.stringify(body), at, secret);

  test.each([
    ['without a signature', () => undefined],
    ['with an empty one', () => ''],
    ['with what is none', () => 'v1=,t=,t=x,v1=00'],
    ['with another secret', (body: unknown) => signed(body, payDay, 'whsec_guessed')],
    ['with the signature of something else', () => signed({ type: 'transfer.created' }, payDay)],
    ['with a recording of six minutes ago', (body: unknown) => signed(body, seconds(-360))],
    ['with one from the future', (body: unknown) => signed(body, seconds(360))],
    [
      'with a recording whose time was changed',
      (body: unknown) => signed(body, seconds(-360)).replace(/t=\d+/, `t=${millis(payDay) / 1000}`),
    ],
    ['by the scheme of tests', (body: unknown) => signed(body, payDay).replace('v1=', 'v0=')],
  ] as const)('%s, then it is refused and nothing changes', async (_, header) => {
    const payout = await aPaid('sent');
    const body = created(payout);
    const signature = header(body);
    const headers = signature === undefined ? {} : { 'stripe-signature': signature };
    expect(await tell(body, { headers })).toMatchObject({ status: 400, body: { code: 'provider_event.not_signed' } });
    expect((await present(payout)).status).toBe('sent');
  });

  test('but with two signatures while the secret is renewed, or four minutes late, then it is heard', async () => {
    for (const [at, old] of [
      [payDay, `,v1=${'0'.repeat(64)}`],
      [seconds(-240), ''],
    ] as const) {
      const body = created(await aPaid('sent'));
      const [t, v1] = signed(body, at).split(',');
      const headers = { 'stripe-signature': `${t}${old}, ${v1}` };
      expect((await tell(body, { headers })).body).toEqual({ outcome: 'settled' });
    }
  });
});

test('when all of it is over, then the books are right', async () => {
  const books = openReconciliation();
  for (const item of await wholeItems()) books.take(item);
  expect(books.judge('2000-01-01T00:00:00.000Z').faults.map(tellFault)).toEqual([]);
});
