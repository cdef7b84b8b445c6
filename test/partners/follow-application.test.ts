import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anApplicant, anApplication, ask, now, reject, sendBack } from './a-partner.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

describe('when an application is followed by its status token', () => {
  const follow = (id: string, statusToken: string, at = now) =>
    ask({ operation: 'get-application', params: { partnerId: id }, query: { statusToken }, at });
  const resubmit = (id: string, body: unknown, query?: Record<string, string>, at = now) =>
    ask({ operation: 'resubmit-application', params: { partnerId: id }, body, at, ...(query ? { query } : {}) });

  test('then it says what comes next and until when: three business days for us', async () => {
    const { id, statusToken } = await anApplicant();
    expect(await follow(id, statusToken)).toMatchObject({
      status: 200,
      body: { status: 'applied', nextStepUntil: '2026-07-06T12:00:00.000Z' },
    });
  });

  test('then another token answers exactly as if there were no such application', async () => {
    const [one, other] = [await anApplicant(), await anApplicant()];
    const wrong = await follow(one.id, other.statusToken);
    const missing = await follow('ptr_NOBODY', other.statusToken);
    expect(wrong.status).toBe(404);
    expect({ ...wrong.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' });
  });

  test('then a question is shown with the time for an answer, and the whole application is sent again', async () => {
    const { id, statusToken, domain } = await anApplicant();
    await sendBack(id);
    expect((await follow(id, statusToken)).body).toMatchObject({
      status: 'returned',
      reason: 'Who are your customers?',
      nextStepUntil: addDays(now, 30),
    });
    const better = anApplication(domain, { customersServed: 'Two hundred in retail' });
    const reply = await resubmit(id, better, { statusToken }, addDays(now, 3));
    expect(reply).toMatchObject({ status: 200, body: { status: 'applied', version: 3 } });
    const partner = await getPartner(id);
    expect(partner).toMatchObject({
      customersServed: 'Two hundred in retail',
      awaits: { approvalId: `apr_${id}_2`, kind: 'partner_application' },
    });
    expect(partner.due).toBeUndefined();
  });

  test('then the token may stand in the body too, and without one there is nothing', async () => {
    const { id, statusToken, domain } = await anApplicant();
    await sendBack(id);
    expect((await resubmit(id, anApplication(domain))).status).toBe(404);
    expect((await resubmit(id, { ...anApplication(domain), statusToken })).status).toBe(200);
  });

  test.each([
    ['for another company', { domain: 'elsewhere.example' }, 422, 'partner.domain_fixed'],
    ['when the time is over', { at: addDays(now, 30) }, 409, 'state.transition_not_allowed'],
  ])('then it is not sent again %s', async (_, about: { domain?: string; at?: string }, status, code) => {
    const { id, statusToken, domain } = await anApplicant();
    await sendBack(id);
    const reply = await resubmit(id, anApplication(about.domain ?? domain), { statusToken }, about.at);
    expect(reply).toMatchObject({ status, body: { code } });
  });

  test('then it is not sent again unless it was returned', async () => {
    const { id, statusToken, domain } = await anApplicant();
    const reply = await resubmit(id, anApplication(domain), { statusToken });
    expect(reply).toMatchObject({ status: 409, body: { code: 'state.transition_not_allowed', status: 409 } });
  });

  test('then a rejection says why', async () => {
    const { id, statusToken } = await anApplicant();
    await reject(id);
    expect((await follow(id, statusToken)).body).toMatchObject({ status: 'rejected', reason: 'Not now.' });
  });
});
