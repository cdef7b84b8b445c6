import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/statements/door.ts';
import { systemIntent } from '#shared/core/history.ts';
import { bookEarning, saveEarning } from '#shared/earnings/earning-store.ts';
import { partsOf } from '#shared/payouts/payout.ts';
import { sendJournals } from '#shared/payouts/payout-journals.ts';
import { carryPayout, freezePayout, sendPayout } from '#shared/payouts/payout-life.ts';
import { payoutOf } from '#shared/payouts/payout-of.ts';
import { changePayout } from '#shared/payouts/payout-store.ts';
import type { StatementsOverview } from '#shared/payouts/statement-contract.ts';
import { commit } from '#shared/platform/history-store.ts';
import { anEarning } from '#test/earnings/an-earning.ts';
import { anActivePartner, ask as askPartners } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { type Call, send } from '#test/support/call.ts';
import { adminOf, finance, manager, repOf } from '#test/support/people.ts';
import { anIbanPayee } from './a-payee.ts';
import { earn, storedStatement, usd } from './a-statement.ts';

const at = '2026-08-20T09:00:00.000Z';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PAYEE_SECRET = 'a secret of this test';
  await testTable();
  await publish(aProgram());
});

const read = (partnerId: string, more: Partial<Call> = {}, period = '2026-07') =>
  send(handler, { operation: 'get-statement', caller: repOf(partnerId), at, params: { partnerId, period }, ...more });

/** July's earnings were sent to a bank account in August. */
const aPaidPartner = async (): Promise<string> => {
  const partnerId = await anActivePartner();
  const body = { payee: anIbanPayee() };
  await askPartners({
    operation: 'update-partner',
    caller: adminOf(partnerId),
    params: { partnerId },
    body,
    ifMatch: 3,
  });
  await earn(partnerId, 120_050);
  await earn(partnerId, -20_000, {
    kind: 'clawback',
    holdUntil: '2026-07-20T10:00:00.000Z',
    createdAt: '2026-07-20T10:00:00.000Z',
  });
  await earn(partnerId, 5_000, { holdUntil: '2026-09-03T10:00:00.000Z', statement: '2026-09' });
  const now = '2026-08-05T09:00:00.000Z';
  const terms = { minimumMinor: 5_000, payableFrom: now, lacksTaxForm: () => false, now };
  const taking = { runId: 'run_1', payeeVersion: 1, provider: 'bank-file', now };
  const open = await storedStatement(partnerId);
  const frozen = changePayout(open, freezePayout(open, payoutOf(open, terms), taking), {
    type: 'payout.frozen',
    intent: systemIntent('freeze', partnerId, now),
  });
  await commit([frozen.event], frozen.writes);
  const pending = await storedStatement(partnerId);
  const sent = sendPayout(pending.payout, { to: '2026-08', now, outcome: 'sent', reference: 'REF-1' });
  const moved = changePayout(pending, sent, {
    type: 'payout.sent',
    intent: systemIntent('send', partnerId, now),
    journals: sendJournals(sent, now),
  });
  await commit([moved.event], moved.writes);
  return partnerId;
};

describe('when a partner asks for its statement', () => {
  test('then it says what moved, what is on hold, and what is paid where', async () => {
    const partnerId = await aPaidPartner();
    const { status, body, headers } = await read(partnerId);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ vary: 'accept, accept-language', 'content-language': 'en' });
    expect(body).toMatchObject({
      openingBalance: { amountMinor: 0 },
      closingBalance: { amountMinor: 100_050, currency: 'USD' },
      lines: [
        { type: 'taken_back', amount: { amountMinor: -20_000 } },
        { type: 'earned', amount: { amountMinor: 120_050 }, rule: 'referral-commission' },
      ],
      onHold: { total: { amountMinor: 5_000 }, earnings: [{ holdUntil: '2026-09-03T10:00:00.000Z' }] },
      payout: {
        status: 'sent',
        due: { amountMinor: 100_050 },
        amount: { amountMinor: 100_050 },
        left: { amountMinor: 0 },
        reference: 'REF-1',
        accountEndsWith: '3000',
      },
    });
    expect((await read(partnerId, {}, '2026-08')).body).toMatchObject({
      openingBalance: { amountMinor: 100_050 },
      lines: [{ type: 'paid', amount: { amountMinor: -100_050 }, text: 'Paid to you (2026-07)' }],
      closingBalance: { amountMinor: 0 },
    });
  });

  test('in German, then every word of it is', async () => {
    const partnerId = await aPaidPartner();
    const { body, headers } = await read(partnerId, { headers: { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' } });
    expect(headers['content-language']).toBe('de');
    expect(JSON.stringify(body.lines)).toContain(
      'Provision: 10 % von 12.000,00 USD, der Satz der Stufe authorized: 1.200,50 USD.',
    );
    expect(body.payout).toMatchObject({ statusText: 'An die Bank gegeben' });
  });

  test('as CSV, then its amounts add up, and nothing in it is a formula', async () => {
    const partnerId = await anActivePartner();
    const rep = { name: '=HYPERLINK("https://evil.example")', email: 'ada@acme.example' };
    await earn(partnerId, 120_050, { dealId: '=1+1', rep });
    await earn(partnerId, -20_000, { kind: 'clawback', holdUntil: '2026-07-20T10:00:00.000Z' });
    const { text, headers } = await read(partnerId, { headers: { accept: 'text/csv' } });
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toContain(`statement-${partnerId}-2026-07.csv`);
    const rows: readonly Record<string, string>[] = parse(text, { bom: true, columns: true });
    const moved = rows.filter(({ Section }) => Section === 'What moved your balance').map(({ Amount }) => Amount);
    expect(moved).toEqual(['-200.00', '1200.50']);
    expect(rows.filter(({ Section }) => Section === 'Closing balance')).toMatchObject([{ Amount: '1000.50' }]);
    const cells = rows.flatMap(({ Amount: _amount, ...row }) => Object.values(row));
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(cells).toContain("'=1+1");
  });

  test('as PDF, then it is one, the same every time', async () => {
    const partnerId = await aPaidPartner();
    const [first, again] = await Promise.all(
      [1, 2].map(() => read(partnerId, { headers: { accept: 'application/pdf', 'accept-language': 'de' } })),
    );
    expect(first?.headers['content-type']).toBe('application/pdf');
    expect(Buffer.from(String(first?.text), 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect(again?.text).toBe(first?.text);
  });

  test('of another partner, of one that is not there, or of days to come, then there is none', async () => {
    const [own, other] = await Promise.all([anActivePartner(), anActivePartner()]);
    expect(await read(other, { caller: repOf(own) })).toMatchObject({ status: 404 });
    expect(await read('ptr_none', { caller: finance })).toMatchObject({ status: 404 });
    expect(await read(own, {}, '2026-09')).toMatchObject({ status: 404 });
    expect(await read(own, { caller: manager })).toMatchObject({ status: 403 });
    expect(await read(own, {}, '2026-02-30')).toMatchObject({ status: 400 });
  });
});

describe('when finance looks at a month of all partners', () => {
  test('then it sees what became of the statements, what to look at, and how long things are on hold', async () => {
    const overview = async () => {
      const call = { operation: 'get-statements-overview', caller: finance, at, query: { period: '2026-07' } } as const;
      const { body } = await send(handler, call);
      return body as unknown as StatementsOverview;
    };
    const before = await overview();
    const partnerId = await aPaidPartner();
    const today = '2026-08-19T10:00:00.000Z';
    const late = { id: `ern_late_${partnerId}`, createdAt: today, holdUntil: '2026-12-01T00:00:00.000Z' };
    const earning = anEarning({ partnerId, ...late, amount: usd(700), statement: '2026-12' });
    await saveEarning(bookEarning(earning, systemIntent('earn', earning.id, today)));
    const other = await anActivePartner();
    await earn(other, 9_000);
    const open = await storedStatement(other);
    const about = { reasons: ['payee_missing' as const], carry: partsOf(open.balances), to: '2026-08', now: at };
    const intent = systemIntent('carry', other, at);
    const carried = changePayout(open, carryPayout(open, about), { type: 'payout.carried', intent });
    await commit([carried.event], carried.writes);
    const after = await overview();
    const counted = (it: StatementsOverview) => new Map(it.statements.map(({ status, count }) => [status, count]));
    expect(counted(after).get('sent')).toBe((counted(before).get('sent') ?? 0) + 1);
    expect(after.exceptions).toContainEqual({
      partnerId: other,
      period: '2026-07',
      status: 'carried',
      due: usd(9_000),
      reasons: [{ code: 'payee_missing', text: 'We do not know yet where to pay you.' }],
    });
    const aged = (it: StatementsOverview) => it.onHold.map(({ amount }) => amount.amountMinor);
    // What is held since the first of July has been for 50 days, the other for one.
    expect(aged(after).map((amount, index) => amount - (aged(before)[index] ?? 0))).toEqual([700, 5_000, 0, 0]);
  });
});

describe('when the statements of a partner are listed', () => {
  test('then they come newest first, with what each comes to', async () => {
    const partnerId = await aPaidPartner();
    const { body } = await send(handler, { operation: 'list-statements', caller: repOf(partnerId), at });
    expect(body.data).toMatchObject([
      { period: '2026-09', status: 'open', due: { amountMinor: 5_000 } },
      { period: '2026-07', status: 'sent', due: { amountMinor: 100_050 }, amount: { amountMinor: 100_050 } },
    ]);
    const byFinance = { operation: 'list-statements', caller: finance, at } as const;
    expect(await send(handler, byFinance)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect((await send(handler, { ...byFinance, query: { partnerId } })).body.data).toHaveLength(2);
  });
});
