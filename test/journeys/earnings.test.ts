import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aRegistration } from '#test/deals/a-deal.ts';
import { type RunningLaptop, startLaptop } from '#test/support/laptop.ts';
import { anActivePartner, manager } from './a-partner.ts';

/** The clock stands on Wednesday noon. */
const start = '2026-07-01T11:00:00Z';
const finance = { role: 'finance', sub: 'usr_journey_finance' };
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

describe('what a partner earns, by the clock', () => {
  let laptop: RunningLaptop;
  let partnerId: string;
  beforeAll(async () => {
    laptop = await startLaptop(start);
    partnerId = await anActivePartner(laptop, 'earner');
  });
  afterAll(() => laptop.stop());

  const rep = () => ({ role: 'partner_member', partnerId });
  const aWonDeal = async (name: string, closing: Record<string, unknown>) => {
    const customer = { companyName: name, websiteUrl: `https://${name}.example`, countryCode: 'US' };
    const body = aRegistration({ customer, value: usd(900_000), expectedCloseDate: '2027-06-01' });
    const deal = await laptop.call('POST /v1/deals', { by: rep(), body });
    const close = { outcome: 'won', ...closing };
    const closed = await laptop.call(`POST /v1/deals/${deal.body.id}/close`, { by: manager, body: close });
    expect(closed.body.status).toBe('won');
    await laptop.advance('PT1S');
    return String(deal.body.id);
  };
  const earningsOf = async (dealId: string) => {
    const { body } = await laptop.call(`GET /v1/earnings?dealId=${dealId}`, { by: rep() });
    const earnings = body.data as { id: string; kind: string; status: string; amount: { amountMinor: number } }[];
    return earnings.map(({ kind, status, amount }) => `${kind} ${amount.amountMinor / 100} ${status}`).sort();
  };
  const tell = (dealId: string, what: string, body: Record<string, unknown>) =>
    laptop.call(`POST /v1/deals/${dealId}/${what}`, { by: finance, body });

  test('when a deal is won and paid, then it is pending, on hold, and payable after 30 days', async () => {
    const dealId = await aWonDeal('payer', { closedOn: '2026-07-01' });
    expect(await earningsOf(dealId)).toEqual(['commission 900 pending']);
    await laptop.advance('P10D');
    expect((await tell(dealId, 'payments', { amount: usd(300_000), paidOn: '2026-07-11' })).status).toBe(201);
    await laptop.advance('PT1S');
    expect(await earningsOf(dealId)).toEqual(['commission 300 on_hold', 'commission 600 pending']);
    await laptop.advance('P29D');
    expect(await earningsOf(dealId)).toEqual(['commission 300 on_hold', 'commission 600 pending']);
    await laptop.advance('P1D');
    expect(await earningsOf(dealId)).toEqual(['commission 300 payable', 'commission 600 pending']);
  });

  test('when the customer gets its money back after that, then it is taken back; while it is on hold, it is reversed', async () => {
    const [early, late] = [
      await aWonDeal('early', { closedOn: '2026-08-10', invoicePaidOn: '2026-08-10' }),
      await aWonDeal('late', { closedOn: '2026-08-10', invoicePaidOn: '2026-08-10' }),
    ];
    const whole = { kind: 'refund', amount: usd(900_000), occurredOn: '2026-08-10', reason: 'Returned.' };
    expect((await tell(early, 'refunds', whole)).status).toBe(201);
    await laptop.advance('P31D');
    const half = { ...whole, amount: usd(450_000), occurredOn: '2026-09-10' };
    expect((await tell(late, 'refunds', half)).status).toBe(201);
    await laptop.advance('PT1S');
    expect(await earningsOf(early)).toEqual(['commission 900 reversed']);
    expect(await earningsOf(late)).toEqual(['clawback -450 payable', 'commission 900 payable']);
  });

  test('when the day is named on which the customer pays, then nobody has to tell it again', async () => {
    const dealId = await aWonDeal('planner', { closedOn: '2026-09-10', invoicePaidOn: '2026-10-10' });
    await laptop.advance('P29D');
    expect(await earningsOf(dealId)).toEqual(['commission 900 pending']);
    await laptop.advance('P1D');
    expect(await earningsOf(dealId)).toEqual(['commission 900 on_hold']);
    await laptop.advance('P30D');
    expect(await earningsOf(dealId)).toEqual(['commission 900 payable']);
  });

  test('when staff give a bonus, then finance approves it, and it is payable after its hold', async () => {
    const reason = 'They ran our stand.';
    const body = { partnerId, kind: 'bonus', amount: usd(100_000), reason };
    const { status, body: bonus } = await laptop.call('POST /v1/earnings', { by: manager, body });
    expect({ status, is: bonus.status }).toEqual({ status: 201, is: 'submitted' });
    await laptop.advance('PT1S');
    const inbox = await laptop.call('GET /v1/approvals?kind=earning&status=open', { by: finance });
    const [approval] = inbox.body.data as { id: string; version: number; checks: { check: string }[] }[];
    expect(approval?.checks).toMatchObject([{ check: 'other-bonuses', outcome: 'pass' }]);
    const decision = { by: finance, body: { outcome: 'approve' }, ifMatch: Number(approval?.version) };
    const decided = await laptop.call(`POST /v1/approvals/${approval?.id}/decision`, decision);
    expect(decided.body.status).toBe('approved');
    const seen = async () => (await laptop.call(`GET /v1/earnings/${bonus.id}`, { by: rep() })).body;
    expect(await seen()).toMatchObject({ status: 'on_hold', amount: usd(100_000), reason });
    await laptop.advance('P30D');
    expect(await seen()).toMatchObject({ status: 'payable' });
  });
});
