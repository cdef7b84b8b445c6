import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aRegistration } from '#test/deals/a-deal.ts';
import { type HttpReply, keptFolder, type RunningLaptop, startLaptop } from '#test/support/laptop.ts';
import { anActivePartner, approvalOf, manager } from './a-partner.ts';

/** The clock stands on Wednesday noon. */
const start = '2026-07-01T11:00:00Z';
const customer = (name: string) => ({ companyName: name, websiteUrl: `https://${name}.example`, countryCode: 'US' });
const small = { amountMinor: 1_000_000, currency: 'USD' };

const registerWith = (laptop: RunningLaptop, partnerId: string, overrides: Record<string, unknown>) =>
  laptop.call('POST /v1/deals', {
    by: { role: 'partner_member', partnerId },
    body: aRegistration({ expectedCloseDate: '2027-06-01', ...overrides }),
  });

describe('a deal by the clock', () => {
  let laptop: RunningLaptop;
  let one: string;
  let two: string;
  beforeAll(async () => {
    laptop = await startLaptop(start);
    one = await anActivePartner(laptop, 'first');
    two = await anActivePartner(laptop, 'second');
  });
  afterAll(() => laptop.stop());

  const rep = () => ({ role: 'partner_member', partnerId: one });
  const read = (deal: HttpReply) => laptop.call(`GET /v1/deals/${deal.body.id}`, { by: rep() });
  const mailsAbout = async (name: string) =>
    (await laptop.mails()).map((mail) => mail.subject).filter((subject) => subject.includes(name));

  test('when it is approved and nobody cares, it warns, expires, and is free for others at once and for its holder after the cool-off', async () => {
    const deal = await registerWith(laptop, one, { customer: customer('forgotten'), value: small });
    expect(deal.body).toMatchObject({ status: 'approved' });
    await laptop.advance('P89D');
    expect(await mailsAbout('forgotten')).toEqual([
      'Approved: forgotten (platform)',
      ...Array.from({ length: 4 }, () => 'Protection ends soon: forgotten (platform)'),
    ]);
    expect((await read(deal)).body.status).toBe('approved');
    await laptop.advance('P1D');
    expect((await read(deal)).body.status).toBe('expired');
    const again = await registerWith(laptop, one, { customer: customer('forgotten'), value: small });
    expect(again).toMatchObject({ status: 409, body: { code: 'deal.cooling_off' } });
    const other = await registerWith(laptop, two, { customer: customer('forgotten'), value: small });
    expect(other).toMatchObject({ status: 201, body: { status: 'approved' } });
  });

  test('when it is extended in time, it is protected for 60 days more', async () => {
    const deal = await registerWith(laptop, one, { customer: customer('extended'), value: small });
    await laptop.advance('P80D');
    const extended = await laptop.call(`POST /v1/deals/${deal.body.id}/extension`, {
      by: rep(),
      body: { progressNotes: 'The offer is with their board.' },
    });
    expect(extended.status).toBe(200);
    await laptop.advance('P69D');
    expect((await read(deal)).body.status).toBe('approved');
    await laptop.advance('P1D');
    expect((await read(deal)).body.status).toBe('expired');
  });

  test('when nobody decides on a clean registration, it approves itself after three business days', async () => {
    const deal = await registerWith(laptop, one, { customer: customer('overlooked') });
    expect(deal.body.status).toBe('submitted');
    await laptop.advance('PT1S');
    const approval = await approvalOf(laptop, deal);
    await laptop.advance('P7D');
    expect((await read(deal)).body.status).toBe('approved');
    const decided = await laptop.call(`GET /v1/approvals/${approval.body.id}`, { by: manager });
    expect(decided.body).toMatchObject({ status: 'approved', decisions: [{ by: 'system', outcome: 'approve' }] });
    expect(decided.body.remindedAt).toBeDefined();
    expect(decided.body.escalatedAt).toBeDefined();
  });

  test('when a partner manager returns it, the partner answers and it is decided anew', async () => {
    const deal = await registerWith(laptop, one, { customer: customer('asked') });
    await laptop.advance('PT1S');
    const approval = await approvalOf(laptop, deal);
    await laptop.call(`POST /v1/approvals/${approval.body.id}/decision`, {
      by: manager,
      body: { outcome: 'return', reason: 'Who decides there?' },
      ifMatch: Number(approval.body.version),
    });
    expect((await read(deal)).body).toMatchObject({ status: 'returned', reason: 'Who decides there?' });
    const kept = await registerWith(laptop, two, { customer: customer('asked') });
    expect(kept.body.code).toBe('deal.conflict');
    const again = await laptop.call(`POST /v1/deals/${deal.body.id}/resubmission`, {
      by: rep(),
      body: aRegistration({ customer: customer('asked'), expectedCloseDate: '2027-06-01', sourceNotes: 'Their CFO.' }),
    });
    expect(again).toMatchObject({ status: 200, body: { status: 'submitted' } });
    await laptop.advance('PT1S');
    expect((await approvalOf(laptop, deal)).body.id).not.toBe(approval.body.id);
  });

  test('when a partner is suspended, it cannot register until it is reinstated', async () => {
    const partner = await laptop.call(`GET /v1/partners/${two}`, { by: manager });
    const reason = { reason: 'An open question about invoices.' };
    const suspended = await laptop.call(`POST /v1/partners/${two}/suspension`, {
      by: manager,
      body: reason,
      ifMatch: Number(partner.body.version),
    });
    expect(suspended.body.status).toBe('suspended');
    const refused = await registerWith(laptop, two, { customer: customer('refused') });
    expect(refused).toMatchObject({ status: 409, body: { code: 'partner.not_active' } });
    await laptop.call(`POST /v1/partners/${two}/reinstatement`, { by: manager, body: reason });
    expect((await registerWith(laptop, two, { customer: customer('refused') })).status).toBe(201);
  });
});

describe('a crash', () => {
  test('when the laptop dies while an approval waits, it starts again and the decision is still taken and followed up', async () => {
    const { folder, remove } = await keptFolder();
    const options = ['--state', folder];
    const before = await startLaptop(start, options);
    const partnerId = await anActivePartner(before, 'survivor');
    const deal = await registerWith(before, partnerId, { customer: customer('waiting') });
    await before.advance('PT1S');
    const approval = await approvalOf(before, deal);
    await before.crash();

    const after = await startLaptop(start, options);
    const decided = await after.call(`POST /v1/approvals/${approval.body.id}/decision`, {
      by: manager,
      body: { outcome: 'approve' },
      ifMatch: Number(approval.body.version),
    });
    expect(decided).toMatchObject({ status: 200, body: { status: 'approved' } });
    await after.advance('PT1S');
    const read = await after.call(`GET /v1/deals/${deal.body.id}`, { by: manager });
    expect(read.body.status).toBe('approved');
    expect((await after.mails()).map((mail) => mail.subject)).toContain('Approved: waiting (platform)');
    await after.stop();
    await remove();
  });
});
