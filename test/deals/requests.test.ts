import { beforeAll, describe, expect, test } from 'vitest';
import { handler as approvals } from '#functions/approvals/door.ts';
import { handler } from '#functions/deals/door.ts';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import type { Operation } from '#shared/core/access.ts';
import { addDays } from '#shared/core/time.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval } from '#test/support/approvals.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { requestsOf } from '#test/support/count-requests.ts';
import { finance, manager, otherManager, repOf } from '#test/support/people.ts';
import { anActivePartner, aRegistration } from './a-deal.ts';

const now = '2026-07-01T12:00:00.000Z';
/** From this year on the program refuses what direct sales knows, and has a territory. */
const later = '2027-07-01T12:00:00.000Z';
const germanPublicSector = {
  id: 'german-public-sector',
  kind: 'exclusive' as const,
  text: 'Public-sector customers in Germany are registered by value-added resellers only.',
  partners: { types: ['var'] },
  customers: { countries: ['DE'], segments: ['public-sector'] },
};

let serial = 0;
const next = (): number => {
  serial += 1;
  return serial;
};
const freshPartner = (overrides = {}) => anActivePartner(`ptr_${next()}`, overrides);
const freshCustomer = (overrides = {}) => ({
  companyName: 'Acme',
  websiteUrl: `https://acme-${next()}.example`,
  countryCode: 'US',
  ...overrides,
});

const small = { amountMinor: 2_000_000, currency: 'USD' };
const large = { amountMinor: 9_000_000, currency: 'USD' };

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  const program = aProgram();
  await publish(program);
  await publish(
    { ...program, deals: { ...program.deals, knownAccounts: 'refuse' }, territories: [germanPublicSector] },
    { version: 2, at: '2027-01-01T00:00:00.000Z' },
  );
});

type Registering = Pick<Call, 'caller' | 'body'> & Partial<Call>;

const call = (operation: Operation, more: Partial<Call>): Promise<Reply> =>
  send(handler, { operation, at: now, ...more });
const register = (more: Registering): Promise<Reply> => call('register-deal', more);

/** What the command asks of the database once the program is known, which is looked up once a minute. */
const measured = async (
  work: () => Promise<Reply>,
  at = now,
): Promise<{ reply: Reply; requests: readonly string[] }> => {
  await call('list-deals', { at, caller: repOf('ptr_0') });
  await register({ at, caller: repOf('ptr_0'), body: aRegistration({ value: { amountMinor: 0, currency: 'EUR' } }) });
  const { result, requests } = await requestsOf(work);
  return { reply: result, requests };
};

const outcomeOf = ({ status, body }: Reply): string => `${status} ${body.code ?? body.status}`;
const tellKnown = (websiteUrl: string, at = now) =>
  send(knownAccounts, {
    operation: 'record-known-account',
    caller: manager,
    at,
    body: { companyName: 'Acme', websiteUrl, openOpportunity: true },
  });

/** A registration that comes to the outcome it is listed under; the value decides whether it would need nobody. */
type Arrange = (value: typeof small) => Promise<Registering>;

const arrivals: readonly (readonly [label: string, outcome: string | [small: string, large: string], Arrange])[] = [
  [
    'a new customer',
    ['201 approved', '201 submitted'],
    async (value) => ({
      caller: repOf(await freshPartner()),
      body: aRegistration({ customer: freshCustomer(), value }),
    }),
  ],
  [
    'a replay',
    ['201 approved', '201 submitted'],
    async (value) => {
      const it = {
        key: 'again',
        caller: repOf(await freshPartner()),
        body: aRegistration({ customer: freshCustomer(), value }),
      };
      await register(it);
      return it;
    },
  ],
  [
    'a replay after its close date has passed',
    ['201 expired', '201 submitted'],
    async (value) => {
      const it = {
        key: 'late',
        caller: repOf(await freshPartner()),
        body: aRegistration({ customer: freshCustomer(), value }),
      };
      await register(it);
      return { ...it, at: '2026-12-02T00:00:00.000Z' };
    },
  ],
  [
    'a key used for another body',
    '422 idempotency.key_reused',
    async (value) => {
      const it = {
        key: 'other',
        caller: repOf(await freshPartner()),
        body: aRegistration({ customer: freshCustomer(), value }),
      };
      await register(it);
      return { ...it, body: aRegistration({ customer: freshCustomer(), value }) };
    },
  ],
  [
    'a suspended partner',
    '409 partner.not_active',
    async (value) => ({
      caller: repOf(await freshPartner({ status: 'suspended' })),
      body: aRegistration({ customer: freshCustomer(), value }),
    }),
  ],
  [
    'a partner that is not there, named by staff',
    '404 not_found',
    async (value) => ({
      caller: manager,
      body: { ...aRegistration({ customer: freshCustomer(), value }), partnerId: 'ptr_none' },
    }),
  ],
  [
    'a customer of another partner',
    '409 deal.conflict',
    async (value) => {
      const customer = freshCustomer();
      await register({ caller: repOf(await freshPartner()), body: aRegistration({ customer }) });
      return { caller: repOf(await freshPartner()), body: aRegistration({ customer, value }) };
    },
  ],
  [
    'a customer of its own',
    '409 deal.already_registered',
    async (value) => {
      const customer = freshCustomer();
      const caller = repOf(await freshPartner());
      await register({ caller, body: aRegistration({ customer }) });
      return { caller, body: aRegistration({ customer, value }) };
    },
  ],
  [
    'a customer that cools off',
    '409 deal.cooling_off',
    async (value) => {
      const customer = freshCustomer();
      const caller = repOf(await freshPartner());
      await register({ caller, body: aRegistration({ customer, value: small }) });
      return { caller, at: addDays(now, 90), body: aRegistration({ customer, value }) };
    },
  ],
  [
    'a partner at its limit',
    '409 deal.limit_reached',
    async (value) => {
      const caller = repOf(await freshPartner());
      await Promise.all(
        Array.from({ length: 25 }, () => register({ caller, body: aRegistration({ customer: freshCustomer() }) })),
      );
      return { caller, body: aRegistration({ customer: freshCustomer(), value }) };
    },
  ],
  [
    'an account that the program refuses because direct sales knows it',
    '422 deal.known_to_direct_sales',
    async (value) => {
      const customer = freshCustomer();
      await tellKnown(customer.websiteUrl, later);
      return {
        at: later,
        caller: repOf(await freshPartner()),
        body: aRegistration({ customer, value, expectedCloseDate: '2027-12-01' }),
      };
    },
  ],
  [
    'a customer outside the territory',
    '422 deal.territory_not_allowed',
    async (value) => ({
      at: later,
      caller: repOf(await freshPartner()),
      body: aRegistration({
        customer: freshCustomer({ countryCode: 'DE', segment: 'public-sector' }),
        value,
        expectedCloseDate: '2027-12-01',
      }),
    }),
  ],
];

/** Refused by the rules alone; whether it is a repeat of something that was taken is still one question. */
const broken: readonly (readonly [outcome: string, overrides: Record<string, unknown>])[] = [
  ['422 deal.below_minimum', { value: { amountMinor: 499_999, currency: 'USD' } }],
  ['422 money.currency_mismatch', { value: { amountMinor: 9_000_000, currency: 'EUR' } }],
  ['422 deal.close_date_out_of_range', { expectedCloseDate: '2026-06-30' }],
  ['422 program.unknown_product_line', { productLine: 'nothing' }],
  ['422 deal.contest_not_open', { contest: { reason: 'It is ours.' } }],
];

/** What the partner's gate refuses may hide that an earlier try was taken, if the table names one failed condition only: that is asked. */
const hiding = new Set(['a suspended partner', 'a partner at its limit']);

describe('when a deal is registered', () => {
  for (const [size, value] of [
    ['small', small],
    ['large', large],
  ] as const) {
    test.each(arrivals)(
      `then %s is as many requests as it must be (a ${size} deal)`,
      async (label, outcome, arrange) => {
        const registering = await arrange(value);
        const { reply, requests } = await measured(() => register(registering), registering.at);
        const expected = typeof outcome === 'string' ? outcome : outcome[size === 'small' ? 0 : 1];
        expect([outcomeOf(reply), requests.length]).toEqual([expected, hiding.has(label) ? 2 : 1]);
      },
    );
  }

  test.each(broken)('then %s is one request', async (outcome, overrides) => {
    const caller = repOf(await freshPartner());
    const body = aRegistration({ customer: freshCustomer(), ...overrides });
    const { reply, requests } = await measured(() => register({ caller, body }));
    expect([outcomeOf(reply), requests.length]).toEqual([outcome, 1]);
  });

  test('then the one exception, a deal that would need nobody if direct sales did not know the account, is two', async () => {
    const customer = freshCustomer();
    await tellKnown(customer.websiteUrl);
    const caller = repOf(await freshPartner());
    const { reply, requests } = await measured(() =>
      register({ caller, body: aRegistration({ customer, value: small }) }),
    );
    expect([outcomeOf(reply), requests]).toEqual(['201 submitted', ['TransactWriteItems', 'TransactWriteItems']]);
  });

  test('then a large deal of an account that direct sales knows is one', async () => {
    const customer = freshCustomer();
    await tellKnown(customer.websiteUrl);
    const caller = repOf(await freshPartner());
    const { requests } = await measured(() => register({ caller, body: aRegistration({ customer, value: large }) }));
    expect(requests).toEqual(['TransactWriteItems']);
  });
});

const lost = { outcome: 'lost', closedOn: '2026-07-01', lossReason: 'No budget.' };
/** Each changing command with a body it takes on an approved deal, and by whom. */
const changes: readonly (readonly [operation: Operation, body: Record<string, unknown>, by: 'rep' | 'manager'])[] = [
  ['update-deal', { stage: 'proposal' }, 'rep'],
  ['extend-deal', { progressNotes: 'They test it.' }, 'rep'],
  ['close-deal', lost, 'rep'],
  ['close-deal', lost, 'manager'],
  ['withdraw-deal', {}, 'rep'],
  ['attribute-deal', { partnerId: 'ptr_other', role: 'influenced', evidence: 'Joint workshop.' }, 'manager'],
];

const aDealOf = async (value: typeof small) => {
  const partnerId = await freshPartner();
  const { body } = await register({
    caller: repOf(partnerId),
    body: aRegistration({ customer: freshCustomer(), value }),
  });
  return { partnerId, dealId: String(body.id) };
};

describe('when a deal is changed', () => {
  beforeAll(() => anActivePartner('ptr_other'));

  test.each(changes)(
    'then %s %o by the %s is at most two requests, and so is its replay',
    async (operation, body, by) => {
      const { partnerId, dealId } = await aDealOf(small);
      const it = {
        caller: by === 'rep' ? repOf(partnerId) : manager,
        params: { dealId },
        body,
        key: 'once',
        ifMatch: 1,
      };
      const first = await measured(() => call(operation, it));
      expect(first.reply.status).toBeLessThan(300);
      expect(first.requests).toHaveLength(2);
      const again = await measured(() => call(operation, it));
      expect(again.reply.headers['idempotency-replayed']).toBe('true');
      expect(again.requests.length).toBeLessThanOrEqual(2);
    },
  );

  test.each(changes)(
    'then %s %o by the %s that comes too late is refused in at most two',
    async (operation, body, by) => {
      const { partnerId, dealId } = await aDealOf(small);
      const caller = by === 'rep' ? repOf(partnerId) : manager;
      const it = { caller, params: { dealId }, body, at: addDays(now, 90), ifMatch: 1 };
      const { reply, requests } = await measured(() => call(operation, it), it.at);
      expect(outcomeOf(reply)).toBe('409 state.transition_not_allowed');
      expect(requests.length).toBeLessThanOrEqual(2);
    },
  );

  const refusals: readonly (readonly [outcome: string, more: (dealId: string) => Partial<Call>])[] = [
    ['404 not_found', () => ({ params: { dealId: 'deal_none' } })],
    ['404 not_found', () => ({ caller: repOf('ptr_other') })],
    ['412 version.stale', () => ({ ifMatch: 7 })],
    ['428 version.required', () => ({})],
    ['422 money.currency_mismatch', () => ({ ifMatch: 1, body: { value: { amountMinor: 1, currency: 'EUR' } } })],
  ];
  test.each(refusals)('then %s is at most two requests', async (outcome, more) => {
    const { partnerId, dealId } = await aDealOf(small);
    const it = { caller: repOf(partnerId), params: { dealId }, body: { stage: 'proposal' }, ...more(dealId) };
    const { reply, requests } = await measured(() => call('update-deal', it));
    expect(outcomeOf(reply)).toBe(outcome);
    expect(requests.length).toBeLessThanOrEqual(2);
  });
});

describe('when an approval is decided', () => {
  const decide = (approvalId: string, more: Partial<Call> = {}): Promise<Reply> =>
    send(approvals, {
      operation: 'decide-approval',
      caller: manager,
      at: now,
      params: { approvalId },
      body: { outcome: 'approve' },
      ifMatch: 1,
      ...more,
    });

  const answers: readonly (readonly [outcome: string, more: Partial<Call>])[] = [
    ['200 approved', {}],
    ['200 rejected', { body: { outcome: 'reject', reason: 'Not ours.' } }],
    ['200 returned', { body: { outcome: 'return', reason: 'Who decides there?' } }],
    ['403 auth.forbidden', { caller: finance }],
    ['412 version.stale', { ifMatch: 4 }],
    ['422 approval.reason_missing', { body: { outcome: 'reject' } }],
  ];
  test.each(answers)('then %s is at most two requests', async (outcome, more) => {
    const { dealId } = await aDealOf(large);
    const approvalId = await anOpenApproval(dealId, now);
    const { reply, requests } = await measured(() => decide(approvalId, more));
    expect(outcomeOf(reply)).toBe(outcome);
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  test('then a replay, a closed one and one that is not there are at most two', async () => {
    const { dealId } = await aDealOf(large);
    const approvalId = await anOpenApproval(dealId, now);
    await decide(approvalId, { key: 'once' });
    const rows = [
      ['200 approved', () => decide(approvalId, { key: 'once' })],
      ['409 approval.closed', () => decide(approvalId, { caller: otherManager, ifMatch: 2 })],
      ['404 not_found', () => decide('apr_deal_none_1')],
    ] as const;
    for (const [outcome, work] of rows) {
      const { reply, requests } = await measured(work);
      expect(outcomeOf(reply)).toBe(outcome);
      expect(requests.length).toBeLessThanOrEqual(2);
    }
  });
});
