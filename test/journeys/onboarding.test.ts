import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpReply, type RunningLaptop, startLaptop } from '#test/support/laptop.ts';
import { anApplication, applyAndSettle, approvalOf, manager } from './a-partner.ts';

/** The clock stands on Wednesday noon. */
const start = '2026-07-01T11:00:00Z';

let laptop: RunningLaptop;
beforeAll(async () => {
  laptop = await startLaptop(start);
});
afterAll(() => laptop.stop());

const application = (reply: HttpReply) =>
  laptop.call(`GET /v1/partners/${reply.body.id}/application?statusToken=${reply.body.statusToken}`);

const subjects = async (): Promise<readonly string[]> => (await laptop.mails()).map((mail) => mail.subject);

describe('an application by the clock', () => {
  test('when nobody decides it is reminded, then escalated, and stays open', async () => {
    const applied = await applyAndSettle(laptop, 'late');
    expect(applied).toMatchObject({ status: 201, body: { status: 'applied' } });
    expect((await approvalOf(laptop, applied)).body).toMatchObject({
      status: 'open',
      dueAt: '2026-07-06T12:00:00.000Z',
    });
    await laptop.advance('P2D');
    const reminded = await approvalOf(laptop, applied);
    expect(reminded.body.remindedAt).toBe('2026-07-03T12:00:00.000Z');
    await laptop.advance('P3D');
    const escalated = await approvalOf(laptop, applied);
    expect(escalated.body).toMatchObject({ status: 'open', escalatedAt: '2026-07-06T12:00:00.000Z' });

    const decided = await laptop.call(`POST /v1/approvals/${escalated.body.id}/decision`, {
      by: manager,
      body: { outcome: 'approve' },
      ifMatch: Number(escalated.body.version),
    });
    expect(decided).toMatchObject({ status: 200, body: { status: 'approved' } });
    expect((await application(applied)).body).toMatchObject({ status: 'approved' });

    await laptop.advance('PT1H');
    const partnerId = String(applied.body.id);
    const admin = { role: 'partner_admin', partnerId };
    const partner = await laptop.call(`GET /v1/partners/${partnerId}`, { by: admin });
    const version = (partner.body.agreement as { version: string }).version;
    const signed = await laptop.call(`POST /v1/partners/${partnerId}/agreement`, {
      by: admin,
      body: { version, signerName: 'Ada Byron', signerTitle: 'CEO', accepted: true },
    });
    expect(signed).toMatchObject({ status: 200, body: { status: 'active' } });
    await laptop.advance('PT1M');
    expect(await subjects()).toEqual(
      expect.arrayContaining([
        'We have your application',
        'Welcome: please accept the partner agreement',
        'You are a partner',
      ]),
    );
    expect(
      (await laptop.call(`GET /v1/partners/${partnerId}/success-plans/2026-Q3`, { by: admin })).body,
    ).toMatchObject({
      template: 'ninety-days',
      status: 'proposed',
    });
    const users = await laptop.call('GET /v1/users', { by: admin });
    expect(users.body.data).toEqual(
      expect.arrayContaining([expect.objectContaining({ role: 'partner_admin', status: 'invited' })]),
    );
  });

  test('when it is returned for information, the applicant sends it again for a new decision', async () => {
    const applied = await applyAndSettle(laptop, 'returned');
    const first = await approvalOf(laptop, applied);
    const returned = await laptop.call(`POST /v1/approvals/${first.body.id}/decision`, {
      by: manager,
      body: { outcome: 'return', reason: 'Who are your customers?' },
      ifMatch: Number(first.body.version),
    });
    expect(returned).toMatchObject({ status: 200, body: { status: 'returned' } });
    expect((await application(applied)).body).toMatchObject({ status: 'returned', reason: 'Who are your customers?' });
    const path = `/v1/partners/${applied.body.id}/resubmission?statusToken=${applied.body.statusToken}`;
    const again = await laptop.call(`POST ${path}`, {
      body: { ...anApplication('returned'), customersServed: 'Banks' },
    });
    expect(again).toMatchObject({ status: 200, body: { status: 'applied' } });
    await laptop.advance('PT1M');
    const second = await approvalOf(laptop, applied);
    expect(second.body.status).toBe('open');
    expect(second.body.id).not.toBe(first.body.id);
  });

  test('when the agreement is not accepted within 30 days, the partner lapses and the company may apply again', async () => {
    const applied = await applyAndSettle(laptop, 'lapsing');
    const approval = await approvalOf(laptop, applied);
    await laptop.call(`POST /v1/approvals/${approval.body.id}/decision`, {
      by: manager,
      body: { outcome: 'approve' },
      ifMatch: Number(approval.body.version),
    });
    await laptop.advance('P30D');
    expect((await application(applied)).body).toMatchObject({ status: 'lapsed' });
    expect((await applyAndSettle(laptop, 'lapsing')).status).toBe(201);
  });

  test('when a type needs no review and screening is clean, nobody is asked', async () => {
    const applied = await applyAndSettle(laptop, 'affiliate', { types: ['affiliate'] });
    expect(applied.body).toMatchObject({ status: 'approved' });
    const open = await laptop.call('GET /v1/approvals?status=open&limit=100', { by: manager });
    expect(JSON.stringify(open.body)).not.toContain(String(applied.body.id));
  });
});
