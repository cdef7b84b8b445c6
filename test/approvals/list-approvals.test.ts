import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/approvals/door.ts';
import { openApproval, type Question } from '#shared/approvals/approval.ts';
import { insertApproval } from '#shared/approvals/approval-store.ts';
import { approvalIdOf } from '#shared/core/awaited.ts';
import type { Caller } from '#shared/core/caller.ts';
import { systemIntent } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { now, outcomeOf } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { decide } from '#test/support/approvals.ts';
import { send } from '#test/support/call.ts';
import { admin, finance, manager, otherManager } from '#test/support/people.ts';
import { handler as sweep } from '#workflows/sweep.ts';
import { aWaitingDeal } from './a-waiting-deal.ts';
import { aQuestion, usd } from './an-approval.ts';

interface Listed {
  readonly id: string;
  readonly status: string;
  readonly kind: string;
  readonly dueAt: string;
}

const ask = (caller: Caller, query: Record<string, string> = {}) =>
  send(handler, { operation: 'list-approvals', caller, at: addDays(now, 20), query });

const inboxOf = async (caller: Caller, query: Record<string, string> = {}): Promise<readonly Listed[]> => {
  const found: Listed[] = [];
  let cursor: string | null = '';
  while (cursor !== null && found.length < 1000) {
    const { body } = await ask(caller, { ...query, ...(cursor ? { cursor } : {}) });
    found.push(...(body.data as readonly Listed[]));
    cursor = body.nextCursor as string | null;
  }
  return found;
};

/** An approval of a kind that this issue opens for nothing yet, about a deal. */
const anOpen = async (dealId: string, kind: Question['kind'], number: number): Promise<string> => {
  const id = approvalIdOf(dealId, number);
  const awaits = { ...aQuestion().awaits, approvalId: id, kind, since: now };
  const question = aQuestion({ kind, awaits, subject: { type: 'deal', id: dealId }, amount: usd(900_000) });
  await insertApproval(openApproval(question, aProgram()), systemIntent('ask', id, now));
  return id;
};

const opened: string[] = [];
let run = '';
let request = '';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
  // Thirty registrations, not in the order of their times; then one is approved and one rejected.
  for (let n = 0; n < 30; n += 1) {
    const { approvalId, dealId } = await aWaitingDeal({}, addDays(now, (n * 7) % 10));
    opened.push(approvalId);
    if (n === 10) [run, request] = [await anOpen(dealId, 'payout_run', 90), await anOpen(dealId, 'mdf_request', 91)];
  }
  await decide(opened[0] ?? '', { at: addDays(now, 11) });
  await decide(opened[1] ?? '', { at: addDays(now, 12), body: { outcome: 'reject', reason: 'No.' } });
});

describe('when somebody looks into the inbox', () => {
  test('then what is open comes first, most overdue first, and then what is decided', async () => {
    const inbox = await inboxOf(manager);
    const open = inbox.filter(({ status }) => status === 'open');
    expect(inbox.slice(open.length).map(({ status }) => status)).toEqual(['approved', 'rejected']);
    expect(open.map(({ dueAt }) => dueAt)).toEqual(open.map(({ dueAt }) => dueAt).sort());
    expect(new Set(inbox.map(({ id }) => id))).toEqual(new Set([...opened, request]));
  });

  test.each([1, 4, 31, 100])('then pages of %i hold each once, in the same order', async (limit) => {
    const whole = await inboxOf(manager, { limit: '100' });
    expect(await inboxOf(manager, { limit: String(limit) })).toEqual(whole);
  });

  test('then each sees what its role decides, and an administrator all', async () => {
    const seen = async (caller: Caller) => (await inboxOf(caller)).length;
    expect([await seen(manager), await seen(finance), await seen(admin)]).toEqual([31, 1, 32]);
    expect((await inboxOf(finance)).map(({ id }) => id)).toEqual([run]);
  });

  const filters: readonly (readonly [query: Record<string, string>, count: number])[] = [
    [{ status: 'open' }, 29],
    [{ status: 'approved' }, 1],
    [{ status: 'rejected' }, 1],
    [{ status: 'cancelled' }, 0],
    [{ kind: 'deal_registration' }, 30],
    [{ kind: 'mdf_request' }, 1],
    [{ kind: 'payout_run' }, 0],
    [{ kind: 'deal_registration', status: 'open' }, 28],
  ];
  test.each(filters)('then %o finds %i', async (query, count) => {
    const found = await inboxOf(manager, { ...query, limit: '10' });
    expect(found).toHaveLength(count);
    for (const approval of found) expect(approval).toMatchObject(query);
  });

  test('then a filter that is none is refused where it stands', async () => {
    const { status, body } = await ask(manager, { status: 'late' });
    expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ pointer: '#/query/status' }] });
  });

  test('then a cursor is good for nobody else', async () => {
    const { body } = await ask(manager, { limit: '5' });
    const cursor = String(body.nextCursor);
    expect(outcomeOf(await ask(otherManager, { cursor }))).toBe('400 request.invalid');
  });

  test('then once a step is decided it is in the next one’s inbox', async () => {
    const { approvalId } = await aWaitingDeal();
    const second = await anOpen(approvalId.slice(4, -2), 'mdf_request', 92);
    const inFinance = async () => (await inboxOf(finance, { status: 'open' })).some(({ id }) => id === second);
    expect(await inFinance()).toBe(false);
    await decide(second);
    expect(await inFinance()).toBe(true);
    expect((await inboxOf(manager, { status: 'open' })).some(({ id }) => id === second)).toBe(false);
  });

  test('then what is escalated stays in its inbox', async () => {
    const { approvalId } = await aWaitingDeal();
    await sweep({ schedule: 'sweep', time: '2026-07-03T12:00:00.000Z' });
    const inbox = await inboxOf(manager, { status: 'open', limit: '100' });
    expect(inbox.find(({ id }) => id === approvalId)).toMatchObject({ escalateTo: 'admin' });
  });
});

describe('when an approval is read', () => {
  test('then it tells everything that a decision needs, with its version as ETag', async () => {
    const { approvalId, dealId, partnerId, rep } = await aWaitingDeal();
    const params = { approvalId };
    const reply = await send(handler, { operation: 'get-approval', caller: manager, at: now, params });
    expect(reply).toMatchObject({
      status: 200,
      headers: { etag: '"1"' },
      body: {
        kind: 'deal_registration',
        subject: { type: 'deal', id: dealId },
        partnerId,
        requiredRole: 'partner_manager',
        requiredDecisions: 1,
        decisions: [],
        submittedBy: rep.id,
        checks: [{ check: 'known-to-direct-sales' }, { check: 'look-alike-names' }],
        late: false,
      },
    });
  });
});
