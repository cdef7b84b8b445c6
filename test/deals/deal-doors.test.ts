import { beforeAll, describe, expect, test } from 'vitest';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import type { Operation } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { addDays, addMonths } from '#shared/core/time.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import { type Call, send } from '#test/support/call.ts';
import { adminOf, manager, repOf } from '#test/support/people.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { anActivePartner, aRegistration } from './a-deal.ts';
import {
  aStoredDeal,
  call,
  freshCustomer,
  freshPartner,
  large,
  look,
  now,
  openDealsOf,
  outcomeOf,
  register,
  small,
  storyOf,
} from './at-the-deals-door.ts';

/** From this year on the program refuses what direct sales knows. */
const strictYear = '2028-07-01T12:00:00.000Z';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  const program = aProgram();
  await publish(program);
  const strict = { ...program, deals: { ...program.deals, knownAccounts: 'refuse' as const } };
  await publish(strict, { version: 2, at: '2028-01-01T00:00:00.000Z' });
});

const won = { outcome: 'won', closedOn: '2026-07-01', value: { amountMinor: 3_000_000, currency: 'USD' } };
const lost = { outcome: 'lost', closedOn: '2026-07-01', lossReason: 'No budget.' };
const helped = async () => ({ partnerId: await freshPartner(), role: 'influenced', evidence: 'A joint workshop.' });

/** Each command on an approved deal: by whom, with what, what it answers, which event tells of it, and is the deal still open. */
interface Command {
  readonly label: string;
  readonly operation: Operation;
  readonly by: 'rep' | 'manager';
  readonly body: () => unknown;
  readonly answer: Record<string, unknown> & { readonly status: number };
  readonly deal: Record<string, unknown>;
  readonly event: string;
  readonly open: boolean;
}
const commands: readonly Command[] = [
  {
    label: 'an update',
    operation: 'update-deal',
    by: 'rep',
    body: () => ({ stage: 'proposal', notes: 'Demo on Friday.' }),
    answer: { status: 200 },
    deal: { status: 'approved', stage: 'proposal', notes: 'Demo on Friday.' },
    event: 'deal.updated',
    open: true,
  },
  {
    label: 'an extension',
    operation: 'extend-deal',
    by: 'rep',
    body: () => ({ progressNotes: 'They test it.' }),
    answer: { status: 200 },
    deal: { status: 'approved', protectedUntil: addDays(now, 150), extendedAt: now, progressNotes: 'They test it.' },
    event: 'deal.extended',
    open: true,
  },
  {
    label: 'a proposed close',
    operation: 'close-deal',
    by: 'rep',
    body: () => won,
    answer: { status: 202 },
    deal: { status: 'approved', closing: won, awaits: expect.objectContaining({ kind: 'deal_close' }) },
    event: 'deal.close_proposed',
    open: true,
  },
  {
    label: 'a close as won',
    operation: 'close-deal',
    by: 'manager',
    body: () => won,
    answer: { status: 200 },
    deal: { status: 'won', value: won.value, closedOn: won.closedOn },
    event: 'deal.won',
    open: false,
  },
  {
    label: 'a close as lost',
    operation: 'close-deal',
    by: 'manager',
    body: () => lost,
    answer: { status: 200 },
    deal: { status: 'lost', value: small, lossReason: 'No budget.' },
    event: 'deal.lost',
    open: false,
  },
  {
    label: 'a withdrawal',
    operation: 'withdraw-deal',
    by: 'rep',
    body: () => ({ reason: 'They bought elsewhere.' }),
    answer: { status: 200 },
    deal: { status: 'withdrawn', reason: 'They bought elsewhere.' },
    event: 'deal.withdrawn',
    open: false,
  },
  {
    label: 'an attribution',
    operation: 'attribute-deal',
    by: 'manager',
    body: helped,
    answer: { status: 201 },
    deal: { status: 'approved' },
    event: 'deal.attributed',
    open: true,
  },
];

const prepare = async ({ operation, by, body }: Command) => {
  const stored = await aStoredDeal();
  const it: Partial<Call> = {
    caller: by === 'rep' ? stored.rep : manager,
    params: { dealId: stored.dealId },
    body: await body(),
    key: 'once',
    ifMatch: 1,
  };
  return { ...stored, it, run: (more: Partial<Call> = {}) => call(operation, { ...it, ...more }) };
};

describe.each(commands)('when $label comes to an approved deal', (command) => {
  test('then it answers the deal as it is now, with its next version as ETag', async () => {
    const { run } = await prepare(command);
    const { status, ...deal } = { ...command.deal };
    expect(await run()).toMatchObject({
      status: command.answer.status,
      headers: { etag: '"2"' },
      body: { version: 2, status, ...deal },
    });
  });

  test('then the deal is stored so, and one event tells of it and of who did it when', async () => {
    const { run, dealId, it } = await prepare(command);
    await run();
    const { deal, events } = await storyOf(dealId);
    expect(deal).toMatchObject(command.deal);
    expect(events.map((event) => event.type)).toEqual(['deal.approved', command.event]);
    expect(events[1]).toMatchObject({ by: it.caller?.id, at: now, partnerId: deal.partnerId });
  });

  test('then its partner’s count of open registrations is right', async () => {
    const { run, partnerId } = await prepare(command);
    await run();
    expect(await openDealsOf(partnerId)).toBe(command.open ? 1 : 0);
  });

  test('then another partner can observe nothing but whether the customer is free', async () => {
    const { run, dealId } = await prepare(command);
    await run();
    const other = repOf(await freshPartner());
    expect(await look(dealId, other)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await call('list-deals', { caller: other })).body.data).toEqual([]);
  });

  test('then a repeat is answered as the first was, and acts once', async () => {
    const { run, dealId } = await prepare(command);
    const first = await run();
    const again = await run();
    expect(again).toMatchObject({ status: first.status, headers: { etag: '"2"', 'idempotency-replayed': 'true' } });
    expect(again.body).toEqual(first.body);
    expect((await storyOf(dealId)).events).toHaveLength(2);
  });

  test('then ten tries at once act once', async () => {
    const { run, dealId } = await prepare(command);
    const replies = await Promise.all(Array.from({ length: 10 }, () => run()));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([command.answer.status]));
    expect(replies.filter(({ headers }) => headers['idempotency-replayed'])).toHaveLength(9);
    expect((await storyOf(dealId)).events).toHaveLength(2);
  });

  test('then an old version is refused, and told which is the present one', async () => {
    const { run, rep, dealId } = await prepare(command);
    await call('update-deal', { caller: rep, params: { dealId }, body: { stage: 'negotiation' }, ifMatch: 1 });
    expect(await run()).toMatchObject({ status: 412, body: { code: 'version.stale', currentVersion: 2 } });
    expect((await storyOf(dealId)).deal.stage).toBe('negotiation');
  });

  test('then of two people with the same version in their hands one is told that it is old', async () => {
    const { run, partnerId, dealId } = await prepare(command);
    const racing = { caller: adminOf(partnerId), params: { dealId }, body: { stage: 'negotiation' }, ifMatch: 1 };
    const outcomes = (await Promise.all([run(), call('update-deal', racing)])).map(({ status }) => status);
    expect(outcomes.filter((status) => status === 412)).toHaveLength(1);
    expect((await storyOf(dealId)).events).toHaveLength(2);
  });
});

const posts = commands.filter(({ operation }) => operation !== 'update-deal');
describe.each(posts)('when $label is repeated by a client that has read the deal again', (command) => {
  test('then with the same key and a fresh If-Match it still acts once', async () => {
    const { run, dealId } = await prepare(command);
    const first = await run();
    const again = await run({ ifMatch: 2 });
    expect(again).toMatchObject({ status: first.status, headers: { 'idempotency-replayed': 'true' } });
    expect((await storyOf(dealId)).events).toHaveLength(2);
  });

  test('then the same key with another body is refused', async () => {
    const { run, it } = await prepare(command);
    await run();
    const body = { ...(it.body as object), ...(command.operation === 'withdraw-deal' ? { reason: 'Other.' } : {}) };
    const other: Record<string, unknown> = {
      'extend-deal': { progressNotes: 'Other.' },
      'close-deal': { ...body, closedOn: '2026-06-30' },
      'attribute-deal': { ...body, evidence: 'Other.' },
      'withdraw-deal': body,
    };
    const reply = await run({ body: other[command.operation] });
    expect(outcomeOf(reply)).toBe('422 idempotency.key_reused');
  });
});

describe('when a PATCH is repeated', () => {
  const patch = (dealId: string, caller: Call['caller'], more: Partial<Call>) =>
    call('update-deal', { ...(caller ? { caller } : {}), params: { dealId }, ...more });

  test('then with the same If-Match and body it acts once, whoever changed the deal since', async () => {
    const { dealId, rep } = await aStoredDeal();
    await patch(dealId, rep, { body: { stage: 'proposal' }, ifMatch: 1 });
    await patch(dealId, manager, { body: { notes: 'Called them.' }, ifMatch: 2 });
    const again = await patch(dealId, rep, { body: { stage: 'proposal' }, ifMatch: 1 });
    expect(again).toMatchObject({ status: 200, headers: { etag: '"2"', 'idempotency-replayed': 'true' } });
    expect(again.body).toMatchObject({ stage: 'proposal', version: 2 });
    expect((await storyOf(dealId)).events).toHaveLength(3);
  });

  const others: readonly (readonly [label: string, more: Partial<Call>, outcome: string])[] = [
    ['by somebody else is old', { caller: manager }, '412 version.stale'],
    ['with another body is old', { body: { stage: 'negotiation' } }, '412 version.stale'],
    ['with the version it led to is a new wish', { ifMatch: 2 }, '200 approved'],
  ];
  test.each(others)('then one %s', async (_label, more, outcome) => {
    const { dealId, rep } = await aStoredDeal();
    const first = { caller: rep, params: { dealId }, body: { stage: 'proposal' }, ifMatch: 1 };
    await call('update-deal', first);
    expect(outcomeOf(await call('update-deal', { ...first, ...more }))).toBe(outcome);
  });

  test('then without If-Match it is asked for', async () => {
    const { dealId, rep } = await aStoredDeal();
    expect(outcomeOf(await patch(dealId, rep, { body: { stage: 'proposal' } }))).toBe('428 version.required');
  });

  test('then a key older than the last sixteen changes is forgotten, a younger one is not', async () => {
    const { dealId, rep } = await aStoredDeal();
    for (let version = 1; version <= 17; version += 1) {
      await patch(dealId, rep, { body: { notes: `Call ${version}.` }, ifMatch: version });
    }
    const repeat = (version: number) => patch(dealId, rep, { body: { notes: `Call ${version}.` }, ifMatch: version });
    expect((await repeat(2)).headers['idempotency-replayed']).toBe('true');
    expect(outcomeOf(await repeat(1))).toBe('412 version.stale');
  });
});

describe('when a registration waits for a decision', () => {
  test('then it can be withdrawn, and the customer is free for everybody at once', async () => {
    const customer = freshCustomer();
    const { dealId, rep, partnerId } = await aStoredDeal({ value: large, customer });
    expect(outcomeOf(await call('withdraw-deal', { caller: rep, params: { dealId }, body: {} }))).toBe('200 withdrawn');
    expect(await openDealsOf(partnerId)).toBe(0);
    expect(outcomeOf(await register(partnerId, { customer }))).toBe('201 submitted');
  });

  test('then nothing else can be done with it', async () => {
    const { dealId, rep } = await aStoredDeal({ value: large });
    const params = { dealId };
    const replies = [
      await call('extend-deal', { caller: rep, params, body: { progressNotes: 'They test it.' } }),
      await call('close-deal', { caller: manager, params, body: lost }),
      await call('update-deal', { caller: rep, params, body: { stage: 'proposal' }, ifMatch: 1 }),
      await call('resubmit-deal', { caller: rep, params, body: aRegistration() }),
    ];
    expect(new Set(replies.map(outcomeOf))).toEqual(new Set(['409 state.transition_not_allowed']));
    expect((await storyOf(dealId)).events).toHaveLength(1);
  });
});

describe('when a deal was returned', () => {
  const aReturnedDeal = async () => {
    const customer = freshCustomer();
    const stored = await aStoredDeal({ value: large, customer });
    const approvalId = await anOpenApproval(stored.dealId, now);
    await decide(approvalId, { body: { outcome: 'return', reason: 'Who decides there?' } });
    return { ...stored, customer, body: aRegistration({ value: large, customer }) };
  };

  test('then it keeps its customer, is shown the question, and can be sent again', async () => {
    const { dealId, rep, customer, partnerId, body } = await aReturnedDeal();
    expect((await look(dealId, rep)).body).toMatchObject({ status: 'returned', reason: 'Who decides there?' });
    expect(outcomeOf(await register(await freshPartner(), { customer }))).toBe('409 deal.conflict');
    const again = await call('resubmit-deal', { caller: rep, params: { dealId }, body });
    expect(again).toMatchObject({
      status: 200,
      body: { status: 'submitted', awaits: { approvalId: `apr_${dealId}_2` } },
    });
    expect(await openDealsOf(partnerId)).toBe(1);
    const { events } = await storyOf(dealId);
    expect(events.map((event) => event.type)).toEqual(['deal.submitted', 'deal.returned', 'deal.submitted']);
  });

  test('then it lapses by its time: shown at once, free at once, and written by the sweep', async () => {
    const { dealId, rep, customer, partnerId, body } = await aReturnedDeal();
    const at = addDays(now, 30);
    expect((await look(dealId, rep, at)).body.status).toBe('expired');
    expect(outcomeOf(await call('resubmit-deal', { caller: rep, params: { dealId }, body, at }))).toBe(
      '409 state.transition_not_allowed',
    );
    expect(outcomeOf(await register(await freshPartner(), { customer }, { at }))).toBe('201 submitted');
    await sweep({ schedule: 'sweep', time: at });
    expect((await storyOf(dealId)).deal.status).toBe('expired');
    expect(await openDealsOf(partnerId)).toBe(0);
  });

  test('then a partner that was suspended meanwhile cannot send it again', async () => {
    const { dealId, rep, partnerId, body } = await aReturnedDeal();
    await anActivePartner(partnerId, { status: 'suspended' });
    expect(outcomeOf(await call('resubmit-deal', { caller: rep, params: { dealId }, body }))).toBe(
      '409 partner.not_active',
    );
  });
});

describe('when protection has ended and no sweep has come by', () => {
  const at = addDays(now, 90);

  test('then the deal shows that it is expired, to the millisecond', async () => {
    const { dealId, rep } = await aStoredDeal();
    const justBefore = new Date(Date.parse(at) - 1).toISOString();
    expect((await look(dealId, rep, justBefore)).body.status).toBe('approved');
    const { body } = await look(dealId, rep, at);
    expect(body.status).toBe('expired');
    expect(body).not.toHaveProperty('stage');
    expect((await storyOf(dealId)).deal.status).toBe('approved');
  });

  test.each(commands.filter(({ operation }) => operation !== 'attribute-deal'))(
    'then $label is refused',
    async (command) => {
      const { run, dealId } = await prepare(command);
      expect(outcomeOf(await run({ at }))).toBe('409 state.transition_not_allowed');
      expect((await storyOf(dealId)).events).toHaveLength(1);
    },
  );

  test('then the customer is another’s, and the old deal is neither extended nor does its sweep take the customer back', async () => {
    const customer = freshCustomer();
    const { dealId, rep } = await aStoredDeal({ customer });
    const other = await freshPartner();
    const taken = await register(other, { customer, value: small }, { at });
    expect(taken.status).toBe(201);
    const extension = { caller: rep, params: { dealId }, body: { progressNotes: 'They test it.' }, at };
    expect(outcomeOf(await call('extend-deal', extension))).toBe('409 state.transition_not_allowed');
    await sweep({ schedule: 'sweep', time: at });
    expect((await storyOf(dealId)).deal.status).toBe('expired');
    const third = await register(await freshPartner(), { customer }, { at });
    expect(outcomeOf(third)).toBe('409 deal.conflict');
    expect((await look(String(taken.body.id), repOf(other), at)).body.status).toBe('approved');
  });

  test('then the same partner waits 30 days more, and may again', async () => {
    const customer = freshCustomer();
    const { partnerId } = await aStoredDeal({ customer });
    const refused = await register(partnerId, { customer }, { at });
    expect(refused).toMatchObject({ status: 409, body: { code: 'deal.cooling_off', freeAt: addDays(now, 120) } });
    expect(outcomeOf(await register(partnerId, { customer }, { at: addDays(now, 120) }))).toBe('201 submitted');
  });
});

describe('when a customer was won', () => {
  const aWonCustomer = async () => {
    const customer = freshCustomer();
    const { dealId, partnerId } = await aStoredDeal({ customer });
    await call('close-deal', { caller: manager, params: { dealId }, body: won });
    return { customer, partnerId };
  };
  const inAYear = addMonths(now, 12);
  const nextYear = { expectedCloseDate: '2027-12-01' };

  test('then new deals wait 12 months, for the winner and for others', async () => {
    const { customer, partnerId } = await aWonCustomer();
    const soon = { at: addDays(inAYear, -1) };
    const again = await register(partnerId, { customer, ...nextYear }, soon);
    expect(again).toMatchObject({ status: 409, body: { code: 'deal.cooling_off', freeAt: inAYear } });
    const other = await register(await freshPartner(), { customer, ...nextYear }, soon);
    expect(outcomeOf(other)).toBe('409 deal.conflict');
    expect(outcomeOf(await register(partnerId, { customer, ...nextYear }, { at: inAYear }))).toBe('201 submitted');
  });

  test.each(['expansion', 'renewal'])('then an %s is free at once', async (dealType) => {
    const { customer } = await aWonCustomer();
    expect(outcomeOf(await register(await freshPartner(), { customer, dealType }))).toBe('201 submitted');
  });

  test('then another product line is free at once', async () => {
    const { customer } = await aWonCustomer();
    expect(outcomeOf(await register(await freshPartner(), { customer, productLine: 'analytics' }))).toBe(
      '201 submitted',
    );
  });

  test('then an expansion that came and went does not open it for new deals', async () => {
    const { customer } = await aWonCustomer();
    const other = await freshPartner();
    const { body } = await register(other, { customer, dealType: 'expansion' });
    await call('withdraw-deal', { caller: repOf(other), params: { dealId: String(body.id) }, body: {} });
    expect(outcomeOf(await register(await freshPartner(), { customer }))).toBe('409 deal.conflict');
  });
});

describe('when direct sales knows the account', () => {
  const aKnownCustomer = async (at: string) => {
    const customer = freshCustomer();
    const body = { companyName: 'Acme', websiteUrl: customer.websiteUrl, openOpportunity: true };
    await send(knownAccounts, { operation: 'record-known-account', caller: manager, at, body });
    return customer;
  };
  const check = async (customer: { websiteUrl: string }, at: string) => {
    const body = { websiteUrl: customer.websiteUrl, productLine: 'platform' };
    return (await call('check-deal', { caller: repOf(await freshPartner()), body, at })).body;
  };

  test('then a program that reviews such accounts sends every registration to a person', async () => {
    const customer = await aKnownCustomer(now);
    expect(await check(customer, now)).toEqual({ outcome: 'review' });
    expect(outcomeOf(await register(await freshPartner(), { customer, value: small }))).toBe('201 submitted');
  });

  test('then a program that refuses them refuses', async () => {
    const customer = await aKnownCustomer(strictYear);
    expect(await check(customer, strictYear)).toEqual({ outcome: 'taken' });
    for (const value of [small, large]) {
      const body = { customer, value, expectedCloseDate: '2028-12-01' };
      const reply = await register(await freshPartner(), body, { at: strictYear });
      expect(outcomeOf(reply)).toBe('422 deal.known_to_direct_sales');
    }
  });
});

describe('when a partner asks again and again whether accounts are free', () => {
  test('then its people share the turns of a minute, and other partners keep theirs', async () => {
    const partnerId = await freshPartner();
    const ask = (caller: Caller) =>
      call('check-deal', { caller, body: { websiteUrl: 'https://any.example', productLine: 'platform' } });
    const callers = [repOf(partnerId), adminOf(partnerId)];
    for (let turn = 0; turn < 60; turn += 1)
      expect((await ask(callers[turn % 2] ?? manager)).body.outcome).toBe('available');
    for (const caller of callers) expect(outcomeOf(await ask(caller))).toBe('429 rate.limited');
    expect((await ask(repOf(await freshPartner()))).body.outcome).toBe('available');
  });
});

describe('when another partner influenced a deal', () => {
  test('then staff see both, and each partner nothing of the other', async () => {
    const { dealId, rep } = await aStoredDeal();
    const body = await helped();
    await call('attribute-deal', { caller: manager, params: { dealId }, body });
    const seen = async (caller: Call['caller']) => (caller ? (await look(dealId, caller)).body.attributions : []);
    expect(await seen(manager)).toHaveLength(2);
    expect(await seen(rep)).toHaveLength(1);
    expect(JSON.stringify(await look(dealId, rep))).not.toContain(body.partnerId);
  });

  test('then one that is not there cannot be named', async () => {
    const { dealId } = await aStoredDeal();
    const body = { partnerId: 'ptr_none', role: 'influenced', evidence: 'A joint workshop.' };
    expect(outcomeOf(await call('attribute-deal', { caller: manager, params: { dealId }, body }))).toBe(
      '404 not_found',
    );
  });
});

describe('when staff register for a partner', () => {
  test('then the deal is the partner’s, and the event says who did it', async () => {
    const partnerId = await freshPartner();
    const body = { ...aRegistration({ customer: freshCustomer() }), partnerId };
    const reply = await call('register-deal', { caller: manager, body });
    expect(reply).toMatchObject({ status: 201, body: { partnerId, awaits: { by: manager.id } } });
    expect((await storyOf(String(reply.body.id))).events[0]).toMatchObject({ by: manager.id, partnerId });
  });

  test('then they must say for whom', async () => {
    const reply = await call('register-deal', { caller: manager, body: aRegistration({ customer: freshCustomer() }) });
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/partnerId' }] } });
  });
});
