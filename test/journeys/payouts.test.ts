import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aRegistration } from '#test/deals/a-deal.ts';
import { type HttpReply, type RunningLaptop, startLaptop } from '#test/support/laptop.ts';
import { anActivePartner, manager } from './a-partner.ts';

/** The clock stands on Wednesday noon. */
const start = '2026-07-01T11:00:00Z';
const finance = { role: 'finance', sub: 'usr_journey_finance' };
const colleague = { role: 'finance', sub: 'usr_journey_colleague' };
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

describe('how a partner is paid, by the clock', () => {
  const file = join(tmpdir(), `program-${randomUUID()}.yaml`);
  let laptop: RunningLaptop;
  let partnerId: string;
  beforeAll(async () => {
    const example = await readFile('examples/program.yaml', 'utf8');
    // Paid by hand, so that people say what has arrived.
    await writeFile(file, example.replace('provider: bank-file', 'provider: manual'));
    laptop = await startLaptop(start, ['--ephemeral', '--program', file]);
    partnerId = await anActivePartner(laptop, 'payee');
    // People of finance are there before anybody is paid.
    for (const by of [finance, colleague]) await laptop.call('GET /v1/payout-runs', { by });
    const admin = { role: 'partner_admin', partnerId };
    const partner = await laptop.call(`GET /v1/partners/${partnerId}`, { by: admin });
    const address = { streetAddress: '1 Main Street', city: 'Springfield', postalCode: '12345', countryCode: 'US' };
    const payee = {
      kind: 'us_account',
      accountHolder: 'Payee Ltd',
      address,
      routingNumber: '021000021',
      accountNumber: '123456789',
      taxForm: { kind: 'w9', id: '12-3456789' },
    };
    const changed = await laptop.call(`PATCH /v1/partners/${partnerId}`, {
      by: admin,
      body: { payee },
      ifMatch: Number(partner.body.version),
    });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
  });
  afterAll(async () => {
    await laptop.stop();
    await rm(file, { force: true });
  });

  const rep = () => ({ role: 'partner_member', partnerId });
  const aPaidDeal = async (name: string, paidOn: string): Promise<void> => {
    const customer = { companyName: name, websiteUrl: `https://${name}.example`, countryCode: 'US' };
    const body = aRegistration({ customer, value: usd(900_000), expectedCloseDate: '2027-06-01' });
    const deal = await laptop.call('POST /v1/deals', { by: rep(), body });
    const closing = { outcome: 'won', closedOn: paidOn, invoicePaidOn: paidOn };
    const closed = await laptop.call(`POST /v1/deals/${deal.body.id}/close`, { by: manager, body: closing });
    expect(closed.body.status).toBe('won');
    await laptop.advance('PT1S');
  };
  const runsOf = async (period: string) => {
    const { body } = await laptop.call(`GET /v1/payout-runs?period=${period}`, { by: finance });
    return body.data as readonly { id: string; status: string; payouts: number }[];
  };
  const payouts = async () => {
    const { body } = await laptop.call('GET /v1/payouts', { by: rep() });
    return body.data as readonly { id: string; status: string; period: string; amount?: { amountMinor: number } }[];
  };
  const approve = async (runId: string): Promise<HttpReply> => {
    const list = await laptop.call('GET /v1/approvals?status=open&kind=payout_run', { by: finance });
    const approvals = list.body.data as readonly { id: string; version: number; subject: { id: string } }[];
    const approval = approvals.find(({ subject }) => subject.id === runId);
    const decided = await laptop.call(`POST /v1/approvals/${approval?.id}/decision`, {
      by: finance,
      body: { outcome: 'approve' },
      ifMatch: Number(approval?.version),
    });
    await laptop.advance('PT1S');
    return decided;
  };
  const statusOfEarnings = async () => {
    const { body } = await laptop.call('GET /v1/earnings', { by: rep() });
    return (body.data as readonly { status: string }[]).map(({ status }) => status);
  };

  test('when an earning has passed its hold, then the pay day starts a run, another approves it, and two say it has arrived', {
    timeout: 240_000,
  }, async () => {
    await aPaidDeal('northwind', '2026-07-01');
    await laptop.advance('P35D');
    const [run] = await runsOf('2026-07');
    expect(run).toMatchObject({ status: 'awaiting_approval', payouts: 1 });
    expect(await payouts()).toMatchObject([{ status: 'pending', period: '2026-07', amount: { amountMinor: 90_000 } }]);
    expect((await approve(String(run?.id))).body).toMatchObject({ status: 'approved' });
    expect(await payouts()).toMatchObject([{ status: 'sent' }]);
    expect(await statusOfEarnings()).toEqual(['payable']);

    const [payout] = await payouts();
    const said = { body: { outcome: 'paid', reference: 'TRF-1', reason: 'On the statement of the bank.' } };
    const resolution = `POST /v1/payouts/${payout?.id}/resolution`;
    expect((await laptop.call(resolution, { by: finance, ...said })).status).toBe(202);
    expect((await laptop.call(resolution, { by: finance, ...said })).status).toBe(403);
    expect((await laptop.call(resolution, { by: colleague, ...said })).body).toMatchObject({ status: 'paid' });
    await laptop.advance('PT1S');
    expect((await runsOf('2026-07'))[0]).toMatchObject({ status: 'completed' });
    expect(await statusOfEarnings()).toEqual(['paid']);
    const balance = await laptop.call('GET /v1/ledger/trial-balance', { by: finance });
    const accounts = balance.body.accounts as readonly { accountId: string; credit: { amountMinor: number } }[];
    expect(accounts.find(({ accountId }) => accountId === 'bank')).toMatchObject({ credit: { amountMinor: 90_000 } });
    const [totals] = balance.body.totals as readonly { debit: unknown; credit: unknown }[];
    expect(totals?.debit).toEqual(totals?.credit);
    expect((await laptop.mails()).map(({ subject }) => subject)).toContain('You were paid USD 900.00');
  });

  test('when the next month has nothing to pay, then its run is completed by itself', async () => {
    await laptop.advance('P31D');
    expect(await runsOf('2026-08')).toMatchObject([{ status: 'completed', payouts: 0 }]);
  });
});
