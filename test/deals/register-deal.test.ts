import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/deals/door.ts';
import { addDays } from '#shared/core/time.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { send } from '#test/support/call.ts';
import { repOf } from '#test/support/people.ts';
import { anActivePartner, aRegistration } from './a-deal.ts';

const now = '2026-07-01T12:00:00.000Z';
let serial = 0;
const next = (): number => {
  serial += 1;
  return serial;
};
const freshPartner = () => anActivePartner(`ptr_${next()}`);
const freshCustomer = () => ({
  companyName: 'Acme',
  websiteUrl: `https://acme-${next()}.example`,
  countryCode: 'US',
});

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const register = (partnerId: string, body: unknown, more: { key?: string; at?: string } = {}) =>
  send(handler, {
    operation: 'register-deal',
    caller: repOf(partnerId),
    at: more.at ?? now,
    body,
    ...(more.key ? { key: more.key } : {}),
  });

describe('when a partner registers a deal', () => {
  test('then one at or above the limit is submitted, with an ETag', async () => {
    const reply = await register(await freshPartner(), aRegistration({ customer: freshCustomer() }));
    expect(reply).toMatchObject({ status: 201, body: { status: 'submitted', version: 1 }, headers: { etag: '"1"' } });
  });

  test('then one below the limit is approved at once, protected for 90 days', async () => {
    const small = { amountMinor: 2_499_999, currency: 'USD' };
    const reply = await register(await freshPartner(), aRegistration({ customer: freshCustomer(), value: small }));
    expect(reply.body).toMatchObject({ status: 'approved', stage: 'qualified', protectedUntil: addDays(now, 90) });
    expect(reply.body.awaits).toBeUndefined();
  });

  test('then the same key and body again gives the first answer, marked as replayed', async () => {
    const partner = await freshPartner();
    const body = aRegistration({ customer: freshCustomer() });
    const first = await register(partner, body, { key: 'k1' });
    const again = await register(partner, body, { key: 'k1', at: addDays(now, 1) });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  test('then the same key with another body is refused', async () => {
    const partner = await freshPartner();
    const customer = freshCustomer();
    await register(partner, aRegistration({ customer }), { key: 'k2' });
    const other = await register(partner, aRegistration({ customer, sourceNotes: 'other' }), { key: 'k2' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });

  test('then another partner is refused without being told who, and the partner itself is told its deal', async () => {
    const [mine, theirs] = [await freshPartner(), await freshPartner()];
    const customer = freshCustomer();
    const first = await register(mine, aRegistration({ customer }));
    const refused = await register(theirs, aRegistration({ customer }));
    expect(refused).toMatchObject({ status: 409, body: { code: 'deal.conflict' } });
    expect(JSON.stringify(refused)).not.toContain(mine);
    const own = await register(mine, aRegistration({ customer }));
    expect(own).toMatchObject({ status: 409, body: { code: 'deal.already_registered', dealId: first.body.id } });
  });

  test('then every broken rule is named', async () => {
    const body = aRegistration({
      productLine: 'nope',
      value: { amountMinor: 1, currency: 'USD' },
      expectedCloseDate: '2020-01-01',
    });
    const reply = await register(await freshPartner(), body);
    expect(reply.status).toBe(422);
    expect(reply.body.errors).toMatchObject([
      { pointer: '#/productLine' },
      { pointer: '#/value' },
      { pointer: '#/expectedCloseDate' },
    ]);
  });

  test('then every faulty field is named by its pointer', async () => {
    const reply = await register(await freshPartner(), {
      customer: { companyName: '', websiteUrl: 'localhost' },
      extra: 1,
    });
    expect(reply).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    const pointers = (reply.body.errors as { pointer: string }[]).map((error) => error.pointer);
    expect(pointers).toEqual(
      expect.arrayContaining(['#/customer/companyName', '#/customer/websiteUrl', '#/value', '#/extra']),
    );
  });
});

describe('when 60 registrations race for a limit of 25', () => {
  test('then 25 are taken and 35 are told the limit', async () => {
    const partner = await freshPartner();
    const replies = await Promise.all(
      Array.from({ length: 60 }, () => register(partner, aRegistration({ customer: freshCustomer() }))),
    );
    const outcomes = replies.map((reply) => String(reply.body.code ?? reply.body.status)).sort();
    expect(outcomes.filter((it) => it === 'submitted')).toHaveLength(25);
    expect(outcomes.filter((it) => it === 'deal.limit_reached')).toHaveLength(35);
  });
});

describe('when 30 tries of one request run at once', () => {
  test('then it is registered once and 29 are replays', async () => {
    const partner = await freshPartner();
    const body = aRegistration({ customer: freshCustomer() });
    const replies = await Promise.all(Array.from({ length: 30 }, () => register(partner, body, { key: 'same' })));
    expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1);
    expect(replies.filter((reply) => reply.headers['idempotency-replayed'])).toHaveLength(29);
  });
});
