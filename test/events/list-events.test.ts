import { beforeAll, describe, expect, test } from 'vitest';
import { handler as deals } from '#functions/deals/door.ts';
import { handler } from '#functions/events/door.ts';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import { type Intent, record, type Tracked } from '#shared/core/history.ts';
import { commit } from '#shared/platform/history-store.ts';
import { anActivePartner, aRegistration } from '#test/deals/a-deal.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { commitGate } from '#test/support/gates.ts';
import { adminOf, finance, manager, repOf } from '#test/support/people.ts';

const now = '2026-07-01T12:00:00.000Z';
const small = { amountMinor: 1_000_000, currency: 'USD' };

const list = (caller: Call['caller'] & object, query: Record<string, string>): Promise<Reply> =>
  send(handler, { operation: 'list-events', caller, at: now, query });

interface Seen {
  readonly seq: number;
  readonly type: string;
  readonly changes: Record<string, { from: unknown; to: unknown }>;
}
const seen = (reply: Reply): readonly Seen[] => reply.body.data as readonly Seen[];

/** A deal of `ptr_own` that was approved at once and has moved to negotiation through all stages. */
const aDealWithHistory = async (): Promise<string> => {
  const partner = await anActivePartner('ptr_own');
  const caller = repOf(partner);
  const { body } = await send(deals, {
    operation: 'register-deal',
    caller,
    at: now,
    body: aRegistration({
      value: small,
      customer: { companyName: 'A', websiteUrl: 'https://a.example', countryCode: 'US' },
    }),
  });
  const params = { dealId: String(body.id) };
  for (const [index, change] of [{ stage: 'proposal' }, { stage: 'negotiation', notes: 'Ada likes it' }].entries()) {
    await send(deals, { operation: 'update-deal', caller, at: now, params, ifMatch: index + 1, body: change });
  }
  return params.dealId;
};

/** Writes a history as a store would: one event for each state. */
const write = async (states: readonly Record<string, unknown>[], partnerId?: string): Promise<void> => {
  let before: Tracked | undefined;
  for (const [index, state] of states.entries()) {
    const intent: Intent = { writeId: `w${state.id}${index}`, bodyHash: 'b', by: 'usr_manager', at: now };
    const after = { version: 0, head: '', createdAt: now, updatedAt: now, ...state } as Tracked;
    const version = before ? { version: before.version, head: before.head } : {};
    const happening = { type: `thing.v${index + 1}`, intent, personalFields: ['reason', 'evaluation'], partnerId };
    const { entity, event } = record(before, { ...after, ...version }, happening);
    await commit([event], []);
    before = entity;
  }
};

let dealId = '';
beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
  dealId = await aDealWithHistory();
  await write(
    [
      { id: 'ptr_own', status: 'applied', checks: [{ check: 'names', detail: 'like Other Ltd' }] },
      { id: 'ptr_own', status: 'approved', evaluation: { capacity: 5 }, evaluationScore: 5, reason: 'good' },
    ],
    'ptr_own',
  );
  await write([{ id: `apr_${dealId}_1`, status: 'open', checks: ['like Other Ltd'] }], 'ptr_own');
  await write(
    Array.from({ length: 230 }, (_, index) => ({ id: 'deal_long', status: 'approved', step: index })),
    'ptr_own',
  );
});

describe('when the history of a thing is asked for', () => {
  test('then it is told from the beginning, with what each field was and became', async () => {
    const reply = await list(manager, { subject: dealId });
    expect(reply.body.nextCursor).toBeNull();
    expect(seen(reply)).toMatchObject([
      { seq: 1, type: 'deal.approved', changes: { stage: { from: null, to: 'qualified' } } },
      { seq: 2, type: 'deal.updated', changes: { stage: { from: 'qualified', to: 'proposal' } } },
      {
        seq: 3,
        type: 'deal.updated',
        changes: { stage: { from: 'proposal', to: 'negotiation' } },
        personal: ['notes'],
      },
    ]);
    expect(Object.keys(seen(reply)[1]?.changes ?? {})).toEqual(['stage']);
  });

  test('then it says by whom and when, and each event names the hash of the one before', async () => {
    const data = (await list(manager, { subject: dealId })).body.data as Record<string, unknown>[];
    expect(data[0]).toMatchObject({ by: 'usr_rep_ptr_own', at: now, partnerId: 'ptr_own', prev: '' });
    expect(data.slice(1).map((event) => event.prev)).toEqual(data.slice(0, -1).map((event) => event.hash));
  });

  test('then words about persons, and what only we need, are not in it', async () => {
    const text = JSON.stringify((await list(manager, { subject: dealId })).body);
    for (const word of ['Ada', 'ada@acme.example', 'Met at the fair', 'writeId', 'bodyHash'])
      expect(text).not.toContain(word);
  });

  test('then pages follow one another without a gap, old values included', async () => {
    const found: Seen[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const reply = await list(manager, { subject: 'deal_long', limit: '40', ...(cursor ? { cursor } : {}) });
      expect(seen(reply).length).toBeLessThanOrEqual(40);
      found.push(...seen(reply));
      cursor = reply.body.nextCursor as string | null;
    }
    expect(found.map((event) => event.seq)).toEqual(Array.from({ length: 230 }, (_, index) => index + 1));
    expect(found[120]?.changes.step).toEqual({ from: 119, to: 120 });
  });

  test('then a cursor is good for its own subject and caller only', async () => {
    const { nextCursor } = (await list(manager, { subject: 'deal_long', limit: '1' })).body;
    const cursor = String(nextCursor);
    expect((await list(manager, { subject: dealId, cursor })).status).toBe(400);
    expect((await list(finance, { subject: 'deal_long', cursor })).status).toBe(400);
  });

  test('then staff is told everything of approvals and known accounts too', async () => {
    const body = { companyName: 'B', websiteUrl: 'https://b.example', openOpportunity: false };
    const { id } = (await send(knownAccounts, { operation: 'record-known-account', caller: manager, at: now, body }))
      .body;
    expect(seen(await list(finance, { subject: String(id) }))).toMatchObject([{ type: 'known-account.recorded' }]);
    expect(seen(await list(finance, { subject: `apr_${dealId}_1` }))[0]?.changes).toHaveProperty('checks');
  });
});

describe('when a partner asks', () => {
  test('then it sees its own deals and its own application', async () => {
    expect(seen(await list(repOf('ptr_own'), { subject: dealId }))).toHaveLength(3);
    expect(seen(await list(adminOf('ptr_own'), { subject: 'ptr_own' }))).toHaveLength(2);
  });

  test("then other partners' parts in its deals are left out, as in the deal itself", async () => {
    await commitGate('ptr_helper');
    const body = { partnerId: 'ptr_helper', role: 'influenced', evidence: 'Ran the workshop.' };
    await send(deals, { operation: 'attribute-deal', caller: manager, at: now, params: { dealId }, body });
    const reply = await list(repOf('ptr_own'), { subject: dealId });
    expect(seen(reply).at(-1)).toMatchObject({ type: 'deal.attributed', changes: {} });
    for (const word of ['ptr_helper', 'workshop']) expect(JSON.stringify(reply.body)).not.toContain(word);
    expect(JSON.stringify((await list(manager, { subject: dealId })).body)).toContain('ptr_helper');
  });

  test('then what reviewers note for themselves is left out, even its name', async () => {
    const reply = await list(adminOf('ptr_own'), { subject: 'ptr_own' });
    expect(seen(reply)).toMatchObject([
      { changes: { status: { from: null, to: 'applied' } }, personal: [] },
      { changes: { status: { from: 'applied', to: 'approved' } }, personal: ['reason'] },
    ]);
    for (const word of ['Other Ltd', 'checks', 'evaluation']) expect(JSON.stringify(reply.body)).not.toContain(word);
  });

  test.each([
    ['what is not there', 'deal_nothing', 'ptr_own'],
    ["another partner's deal", undefined, 'ptr_other'],
    ["another partner's record", 'ptr_own', 'ptr_other'],
    ['an approval, even of its own deal', 'approval', 'ptr_own'],
    ['a thing of no known kind', 'program', 'ptr_own'],
  ])('then %s is not there, letter for letter', async (_label, named, partnerId) => {
    const subject = named === 'approval' ? `apr_${dealId}_1` : (named ?? dealId);
    const reply = await list(repOf(partnerId), { subject });
    const missing = await list(repOf('ptr_own'), { subject: 'deal_missing' });
    const { requestId: _a, ...told } = reply.body;
    const { requestId: _b, ...expected } = missing.body;
    expect(reply.status).toBe(404);
    expect(told).toEqual(expected);
  });
});

describe('when the request is not in order', () => {
  test('then a subject must be named', async () => {
    const reply = await list(manager, {});
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/query/subject' }] } });
  });

  test('then what nobody has written about is not there for staff either', async () => {
    expect((await list(manager, { subject: 'deal_nothing' })).status).toBe(404);
  });
});
