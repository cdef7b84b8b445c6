import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPdf, filledIn, sha256Of } from '#test/documents/files.ts';
import { aPlan, aPlanFor, usd } from '#test/mdf/a-fund-request.ts';
import { type HttpReply, type RunningLaptop, startLaptop } from '#test/support/laptop.ts';
import { anActivePartner, manager } from './a-partner.ts';

const start = '2026-07-01T11:00:00Z';
const finance = { role: 'finance', sub: 'usr_journey_finance' };
const otherFinance = { role: 'finance', sub: 'usr_journey_finance2' };

describe('market development funds by the clock', () => {
  let laptop: RunningLaptop;
  let partnerId: string;
  const rep = () => ({ role: 'partner_member', partnerId });

  beforeAll(async () => {
    laptop = await startLaptop(start);
    partnerId = await anActivePartner(laptop, 'marketer');
    const partner = await laptop.call(`GET /v1/partners/${partnerId}`, { by: manager });
    const promoted = await laptop.call(`PATCH /v1/partners/${partnerId}`, {
      by: manager,
      body: { tier: 'platinum', reason: 'As agreed.' },
      ifMatch: Number(partner.body.version),
    });
    expect(promoted.status).toBe(200);
    // The daily schedule opens the quarter.
    await laptop.advance('P1D');
  }, 240_000);
  afterAll(() => laptop.stop());

  const budget = async (): Promise<Record<string, unknown>> => {
    const list = await laptop.call('GET /v1/mdf/budgets?quarter=2026-Q3', { by: rep() });
    return (list.body.data as Record<string, unknown>[])[0] ?? {};
  };

  const decide = async (subject: HttpReply, body: object, by: object = manager): Promise<HttpReply> => {
    const id = String(subject.body.id);
    const path = id.startsWith('clm_') ? `claims/${id}` : `requests/${id}`;
    const { body: thing } = await laptop.call(`GET /v1/mdf/${path}`, { by: manager });
    const { approvalId } = thing.awaits as { approvalId: string };
    const approval = await laptop.call(`GET /v1/approvals/${approvalId}`, { by: manager });
    const reply = await laptop.call(`POST /v1/approvals/${approvalId}/decision`, {
      by: by as typeof manager,
      body,
      ifMatch: Number(approval.body.version),
    });
    await laptop.advance('PT1S');
    return reply;
  };

  const ask = async (plan: object = aPlan()): Promise<HttpReply> => {
    const reply = await laptop.call('POST /v1/mdf/requests', { by: rep(), body: plan });
    expect([reply.status, reply.body.code]).toEqual([201, undefined]);
    await laptop.advance('PT1S');
    return reply;
  };

  const upload = async (text: string): Promise<string> => {
    const bytes = aPdf(text);
    const about = { fileName: 'paper.pdf', contentType: 'application/pdf', sizeBytes: bytes.length };
    const body = { purpose: 'proof', ...about, sha256: sha256Of(bytes) };
    const announced = await laptop.call('POST /v1/documents', { by: rep(), body });
    const { url, fields } = announced.body.upload as { url: string; fields: Record<string, string> };
    await fetch(url, { method: 'POST', body: filledIn(fields, bytes) });
    await laptop.advance('PT1S');
    return String(announced.body.documentId);
  };

  const aClaim = async (name: string, amountMinor: number, issuedOn: string) => ({
    claimedAmount: usd(amountMinor),
    invoices: [
      {
        number: `R-${name}`,
        supplier: 'Harbour Hall',
        issuedOn,
        amount: usd(amountMinor * 2),
        documentId: await upload(`Invoice ${name}`),
      },
    ],
    proofs: [
      { kind: 'attendee-list', documentId: await upload(`List ${name}`) },
      { kind: 'photo', documentId: await upload(`Photo ${name}`) },
    ],
    outcome: { leads: 20, pipeline: usd(1_000_000) },
  });

  const claim = async (request: HttpReply, body: object): Promise<HttpReply> => {
    const reply = await laptop.call(`POST /v1/mdf/requests/${request.body.id}/claims`, { by: rep(), body });
    expect([reply.status, reply.body.code]).toEqual([201, undefined]);
    await laptop.advance('PT1S');
    return reply;
  };

  const read = (request: HttpReply) => laptop.call(`GET /v1/mdf/requests/${request.body.id}`, { by: rep() });
  const earnings = async () => {
    const list = await laptop.call('GET /v1/earnings', { by: rep() });
    return list.body.data as { id: string; claimId?: string; status: string; amount: object }[];
  };

  test('when an event is planned, approved, held and claimed, then finance pays part of it, and it becomes payable', async () => {
    expect(await budget()).toMatchObject({ allocated: usd(2_000_000), available: usd(2_000_000) });
    const request = await ask(aPlan({ startDate: '2026-07-10', endDate: '2026-07-10' }));
    expect((await decide(request, { outcome: 'approve' })).body).toMatchObject({ status: 'approved' });
    expect(await budget()).toMatchObject({ available: usd(1_600_000), reserved: usd(400_000) });
    await laptop.advance('P10D');
    const claimed = await claim(request, await aClaim('one', 400_000, '2026-07-11'));
    const part = { outcome: 'approve', approvedAmount: usd(300_000), reason: 'Without the band.' };
    expect((await decide(claimed, part, finance)).status).toBe(200);
    expect((await read(request)).body).toMatchObject({
      reserved: usd(100_000),
      reimbursed: usd(300_000),
      return: { promised: { leads: 40 }, actual: { leads: 20, cost: usd(800_000), costPerLead: usd(40_000) } },
    });
    expect(await earnings()).toMatchObject([{ claimId: claimed.body.id, status: 'on_hold', amount: usd(300_000) }]);
    const subjects = (await laptop.mails()).map(({ subject }) => subject);
    expect(subjects).toEqual(
      expect.arrayContaining(['Funds approved: Harbour fair', 'Your claim is approved in part']),
    );
    const disputed = await laptop.call(`POST /v1/mdf/claims/${claimed.body.id}/dispute`, {
      by: rep(),
      body: { reason: 'The band played.' },
    });
    expect(disputed.status).toBe(202);
    await laptop.advance('PT1S');
    expect((await decide(claimed, { outcome: 'approve' }, finance)).status).toBe(403);
    expect((await decide(claimed, { outcome: 'approve' }, otherFinance)).status).toBe(200);
    expect((await read(request)).body).toMatchObject({ status: 'completed', reimbursed: usd(400_000) });
    await laptop.advance('P31D');
    expect((await earnings()).map(({ status }) => status)).toEqual(['payable', 'payable']);
  });

  test('when a claim is large, then two people decide; when it is returned, then it comes again', async () => {
    const request = await ask(aPlanFor(600_000, { startDate: '2026-08-20', endDate: '2026-08-20' }));
    expect((await decide(request, { outcome: 'approve' })).body).toMatchObject({ status: 'open' });
    expect((await decide(request, { outcome: 'approve' }, finance)).body).toMatchObject({ status: 'approved' });
    await laptop.advance('P15D');
    const body = await aClaim('two', 600_000, '2026-08-21');
    const claimed = await claim(request, body);
    await decide(claimed, { outcome: 'return', reason: 'Who is in the photo?' }, finance);
    const again = await laptop.call(`POST /v1/mdf/claims/${claimed.body.id}/resubmission`, { by: rep(), body });
    expect(again.body).toMatchObject({ status: 'submitted' });
    await laptop.advance('PT1S');
    expect((await decide(claimed, { outcome: 'approve' }, finance)).body).toMatchObject({ status: 'open' });
    expect((await decide(claimed, { outcome: 'approve' }, finance)).body.code).toBe('approval.already_decided_by_you');
    expect((await decide(claimed, { outcome: 'approve' }, otherFinance)).body).toMatchObject({ status: 'approved' });
  });

  test('when nobody claims, then what was reserved is given back, and what is left expires with the quarter', async () => {
    const request = await ask(aPlan({ startDate: '2026-09-10', endDate: '2026-09-10' }));
    await decide(request, { outcome: 'approve' });
    const before = await budget();
    expect(before).toMatchObject({ reserved: usd(400_000), expired: usd(0) });
    await laptop.advance('P40D');
    expect(await budget()).toMatchObject({ status: 'expired', available: usd(0), reserved: usd(400_000) });
    await laptop.advance('P45D');
    expect((await read(request)).body).toMatchObject({ status: 'expired' });
    expect(await budget()).toMatchObject({ reserved: usd(0), expired: usd(1_000_000), reimbursed: usd(1_000_000) });
  });
});
