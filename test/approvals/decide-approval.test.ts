import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/approvals/door.ts';
import type { Approval } from '#shared/approvals/approval.ts';
import { changeApproval } from '#shared/approvals/approval-store.ts';
import { escalateApproval } from '#shared/approvals/decide-approval.ts';
import type { Role } from '#shared/core/caller.ts';
import { registrableDomain } from '#shared/core/domains.ts';
import { systemIntent } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { commit, commitChange } from '#shared/platform/history-store.ts';
import { documents } from '#shared/platform/table.ts';
import { aRegistration } from '#test/deals/a-deal.ts';
import {
  aStoredDeal,
  call,
  storyOf as dealStoryOf,
  freshCustomer,
  freshPartner,
  large,
  look,
  now,
  openDealsOf,
  outcomeOf,
  register,
} from '#test/deals/at-the-deals-door.ts';
import { anApplicant, read as readPartner } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import { send } from '#test/support/call.ts';
import { commitGate } from '#test/support/gates.ts';
import { admin, finance, manager, otherManager } from '#test/support/people.ts';
import { aWaitingDeal, storyOf } from './a-waiting-deal.ts';
import { usd, withSteps } from './an-approval.ts';

/** From this year on registrations need two partner managers, and above 80,000.00 somebody of finance too. */
const strictYear = '2028-07-03T12:00:00.000Z';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
  const strict = withSteps('deal_registration', [
    { role: 'partner_manager', decisions: 2 },
    { role: 'finance', decisions: 1, onlyAbove: usd(8_000_000) },
  ]);
  await publish(strict, { version: 2, at: '2028-01-01T00:00:00.000Z' });
});

const outcomes = [
  ['approve', 'approved', 'deal.approved', 1],
  ['reject', 'rejected', 'deal.rejected', 0],
  ['return', 'returned', 'deal.returned', 1],
] as const;

describe.each(outcomes)('when a partner manager decides to %s a registration', (outcome, status, type, open) => {
  const body = { outcome, reason: 'We know them well.' };

  test('then approval and deal change together, with one event each of the same instant', async () => {
    const { approvalId, dealId, partnerId } = await aWaitingDeal();
    const at = addDays(now, 1);
    const reply = await decide(approvalId, { body, at });
    expect(reply).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { status, requiredDecisions: 0, decisions: [{ by: manager.id, at, outcome, reason: body.reason }] },
    });
    const [approval, deal] = [await storyOf(approvalId), await dealStoryOf(dealId)];
    expect(deal.deal.status).toBe(status);
    expect([approval.types, deal.events.map((event) => event.type)]).toEqual([
      ['approval.opened', `approval.${status}`],
      ['deal.submitted', type],
    ]);
    expect([approval.events[1], deal.events[1]]).toMatchObject([
      { by: manager.id, at },
      { by: manager.id, at },
    ]);
    expect(await openDealsOf(partnerId)).toBe(open);
  });

  test('then the partner sees the outcome on its deal, and never the approval', async () => {
    const { approvalId, dealId, rep } = await aWaitingDeal();
    await decide(approvalId, { body });
    expect((await look(dealId, rep)).body).toMatchObject({
      status,
      ...(outcome === 'approve' ? { protectedUntil: addDays(now, 90) } : { reason: body.reason }),
    });
    const asked = await send(handler, { operation: 'get-approval', caller: rep, at: now, params: { approvalId } });
    expect(asked.status).toBe(403);
  });

  test('then a repeat is answered as the first was, and acts once', async () => {
    const { approvalId, dealId } = await aWaitingDeal();
    const first = await decide(approvalId, { body, key: 'once' });
    const again = await decide(approvalId, { body, key: 'once', at: addDays(now, 3) });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await dealStoryOf(dealId)).events).toHaveLength(2);
  });

  test('then the same key with another body is refused', async () => {
    const { approvalId } = await aWaitingDeal();
    await decide(approvalId, { body, key: 'once' });
    const other = await decide(approvalId, { body: { ...body, reason: 'Other.' }, key: 'once' });
    expect(outcomeOf(other)).toBe('422 idempotency.key_reused');
  });
});

describe('when a decision is refused', () => {
  const rows = [
    ['another role', { caller: finance }, '403 auth.forbidden'],
    ['an administrator before it is escalated', { caller: admin }, '403 auth.forbidden'],
    ['an old version', { ifMatch: 9 }, '412 version.stale'],
    ['a rejection without a reason', { body: { outcome: 'reject' } }, '422 approval.reason_missing'],
    ['a return without a reason', { body: { outcome: 'return' } }, '422 approval.reason_missing'],
    ['no word of what was decided', { body: {} }, '400 request.invalid'],
    ['an approval that is not there', { params: { approvalId: 'apr_deal_x_1' } }, '404 not_found'],
    ['what is no approval', { params: { approvalId: 'deal_x' } }, '404 not_found'],
  ] as const;
  test.each(rows)('then for %s nothing changes', async (_label, more, outcome) => {
    const { approvalId, dealId } = await aWaitingDeal();
    expect(outcomeOf(await decide(approvalId, more))).toBe(outcome);
    expect([(await storyOf(approvalId)).events.length, (await dealStoryOf(dealId)).events.length]).toEqual([1, 1]);
  });

  test('then without a version it is asked for', async () => {
    const { approvalId } = await aWaitingDeal();
    const call = { operation: 'decide-approval', caller: manager, at: now, params: { approvalId } } as const;
    expect(outcomeOf(await send(handler, { ...call, body: { outcome: 'approve' } }))).toBe('428 version.required');
  });

  test('then what is decided is closed for others, and says how', async () => {
    const { approvalId } = await aWaitingDeal();
    await decide(approvalId);
    const late = await decide(approvalId, { caller: otherManager, ifMatch: 2 });
    expect(late).toMatchObject({ status: 409, body: { code: 'approval.closed' } });
    const mine = await decide(approvalId, { ifMatch: 2 });
    expect(outcomeOf(mine)).toBe('403 approval.already_decided_by_you');
  });

  test('then nobody decides on what they registered for a partner themselves', async () => {
    const partnerId = await freshPartner();
    const body = { ...aRegistration({ customer: freshCustomer(), value: large }), partnerId };
    const reply = await call('register-deal', { caller: manager, body });
    const approvalId = await anOpenApproval(String(reply.body.id), now);
    expect(outcomeOf(await decide(approvalId))).toBe('403 approval.own_submission');
    expect(outcomeOf(await decide(approvalId, { caller: otherManager }))).toBe('200 approved');
  });
});

/** What the write says to a decision that no rule was asked about. */
const force = async (before: Approval, by: { id: string; role: Role }): Promise<string> => {
  const intent = { ...systemIntent('force', `${before.id} ${by.id}`, now), by: by.id };
  const after: Approval = { ...before, status: 'approved' };
  const change = changeApproval(before, after, { type: 'approval.approved', intent, by });
  try {
    await commit([change.event], change.writes);
    return 'written';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

describe('when a rule forgets to look', () => {
  const someone = { id: 'usr_someone', role: 'partner_manager' } as const;

  test('then the write itself refuses who submitted it, a wrong role, and an administrator before escalation', async () => {
    const { approvalId, rep } = await aWaitingDeal();
    const { approval } = await storyOf(approvalId);
    expect([
      await force(approval, { id: rep.id, role: 'partner_manager' }),
      await force(approval, { id: 'usr_x', role: 'finance' }),
      await force(approval, { id: 'usr_x', role: 'admin' }),
      await force(approval, someone),
    ]).toEqual(['approval.own_submission', 'auth.forbidden', 'auth.forbidden', 'written']);
  });

  test('then the write itself refuses a second decision of one person, and anything about what is closed', async () => {
    const { approvalId } = await aWaitingDeal({ expectedCloseDate: '2028-12-01' }, strictYear);
    await decide(approvalId, { at: strictYear });
    const once = (await storyOf(approvalId)).approval;
    expect(once.status).toBe('open');
    expect(await force(once, { id: manager.id, role: 'partner_manager' })).toBe('approval.already_decided_by_you');
    await decide(approvalId, {
      at: strictYear,
      caller: otherManager,
      ifMatch: 2,
      body: { outcome: 'reject', reason: 'No.' },
    });
    const closed = (await storyOf(approvalId)).approval;
    expect(closed.status).toBe('rejected');
    expect(await force({ ...closed, status: 'open' }, someone)).toBe('version.stale');
  });

  test('then once it is escalated the write lets an administrator in', async () => {
    const { approvalId } = await aWaitingDeal();
    const { approval } = await storyOf(approvalId);
    const escalated = escalateApproval(approval, now);
    const intent = systemIntent('escalate', approvalId, now);
    await commitChange(approval, changeApproval(approval, escalated, { type: 'approval.escalated', intent }));
    expect(await force((await storyOf(approvalId)).approval, { id: 'usr_x', role: 'admin' })).toBe('written');
  });
});

describe('when eight people decide at once with the same version in their hands', () => {
  test('then one decision is taken, and the others learn that it has changed', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { approvalId, dealId } = await aWaitingDeal();
      const people = Array.from({ length: 8 }, (_, n) => ({ ...manager, id: `usr_${n}` }));
      const replies = await Promise.all(
        people.map((caller, n) =>
          decide(approvalId, { caller, body: n % 2 ? { outcome: 'approve' } : { outcome: 'reject', reason: 'No.' } }),
        ),
      );
      const said = replies.map(outcomeOf).sort();
      expect(said.slice(1)).toEqual(Array.from({ length: 7 }, () => '412 version.stale'));
      const [{ approval, events }, deal] = [await storyOf(approvalId), await dealStoryOf(dealId)];
      expect(said[0]).toBe(`200 ${approval.status}`);
      expect([events.length, deal.events.length, deal.deal.status]).toEqual([2, 2, approval.status]);
    }
  });
});

describe('when the effect of a decision cannot be written', () => {
  test('then nothing of the decision is stored either', async () => {
    const { approvalId, dealId, customer, partnerId } = await aWaitingDeal();
    const domain = registrableDomain(customer.websiteUrl);
    await documents.send(
      new UpdateCommand({
        TableName: process.env.PROGRAM_TABLE,
        Key: { pk: `customer#${domain}`, sk: 'customer' },
        UpdateExpression: 'SET #line.dealId = :another',
        ExpressionAttributeNames: { '#line': 'line:platform' },
        ExpressionAttributeValues: { ':another': 'deal_another' },
      }),
    );
    expect(outcomeOf(await decide(approvalId))).toBe('409 deal.hold_lost');
    const [{ approval, types }, deal] = [await storyOf(approvalId), await dealStoryOf(dealId)];
    expect([approval.status, types]).toEqual(['open', ['approval.opened']]);
    expect([deal.deal.status, deal.events.length]).toEqual(['submitted', 1]);
    expect(await openDealsOf(partnerId)).toBe(1);
  });

  test('then an evaluation that does not fit leaves the application and its approval as they were', async () => {
    const { id } = await anApplicant();
    const approvalId = await anOpenApproval(id, now);
    const evaluation = { capacity: { score: 3, note: 'Ten people.' } };
    const reply = await decide(approvalId, { body: { outcome: 'approve', evaluation } });
    expect(outcomeOf(reply)).toBe('422 partner.score_missing');
    expect((await storyOf(approvalId)).approval.status).toBe('open');
    expect((await readPartner(id)).body.status).toBe('applied');
  });
});

describe('when the subject waits for the decision no more', () => {
  test('then a withdrawn registration cannot be approved', async () => {
    const { approvalId, dealId, rep } = await aWaitingDeal();
    await call('withdraw-deal', { caller: rep, params: { dealId }, body: {} });
    expect(outcomeOf(await decide(approvalId))).toBe('409 state.transition_not_allowed');
    expect((await storyOf(approvalId)).approval.status).toBe('open');
  });

  test('then a registration of a partner that was suspended meanwhile is not approved, but may be rejected', async () => {
    const { approvalId, dealId, partnerId } = await aWaitingDeal();
    await commitGate(partnerId, { status: 'suspended' });
    expect(outcomeOf(await decide(approvalId))).toBe('409 partner.not_active');
    expect((await dealStoryOf(dealId)).deal.status).toBe('submitted');
    expect((await storyOf(approvalId)).approval.status).toBe('open');
    const rejection = { outcome: 'reject', reason: 'The partner is suspended.' };
    expect((await decide(approvalId, { body: rejection })).status).toBe(200);
  });

  test('then a proposal that staff overtook cannot even be refused', async () => {
    const { dealId, rep } = await aStoredDeal();
    const lost = { outcome: 'lost', closedOn: '2026-07-01', lossReason: 'No budget.' };
    await call('close-deal', { caller: rep, params: { dealId }, body: lost });
    const approvalId = await anOpenApproval(dealId, now);
    await call('close-deal', { caller: manager, params: { dealId }, body: lost });
    const refused = await decide(approvalId, { caller: otherManager, body: { outcome: 'reject', reason: 'No.' } });
    expect(outcomeOf(refused)).toBe('409 state.transition_not_allowed');
    expect((await dealStoryOf(dealId)).events.map(({ type }) => type)).toEqual([
      'deal.approved',
      'deal.close_proposed',
      'deal.lost',
    ]);
  });
});

describe('when a proposed close is decided', () => {
  const aProposal = async () => {
    const stored = await aStoredDeal();
    const body = { outcome: 'won', closedOn: '2026-07-01', value: usd(3_000_000) };
    await call('close-deal', { caller: stored.rep, params: { dealId: stored.dealId }, body });
    return { ...stored, approvalId: await anOpenApproval(stored.dealId, now) };
  };

  test('then approved, the deal is won for the value that was proposed', async () => {
    const { approvalId, dealId, partnerId } = await aProposal();
    await decide(approvalId);
    expect((await dealStoryOf(dealId)).deal).toMatchObject({ status: 'won', value: usd(3_000_000) });
    expect(await openDealsOf(partnerId)).toBe(0);
  });

  test.each(['reject', 'return'])('then to %s it leaves the deal open, and the partner reads why', async (outcome) => {
    const { approvalId, dealId, rep, partnerId } = await aProposal();
    await decide(approvalId, { body: { outcome, reason: 'Show us the order.' } });
    const { body } = await look(dealId, rep);
    expect(body).toMatchObject({ status: 'approved', reason: 'Show us the order.' });
    expect(body).not.toHaveProperty('closing');
    expect(await openDealsOf(partnerId)).toBe(1);
  });

  test('then once protection has ended it is won all the same, because it was proposed in time', async () => {
    const { approvalId } = await aProposal();
    const reply = await decide(approvalId, { at: addDays(now, 90) });
    expect(outcomeOf(reply)).toBe('200 approved');
  });
});

describe('when several people must decide', () => {
  const strictDeal = () => aWaitingDeal({ expectedCloseDate: '2028-12-01' }, strictYear);
  const at = strictYear;

  test('then the deal changes with the last decision only', async () => {
    const { approvalId, dealId } = await strictDeal();
    const steps = [
      [manager, 1],
      [otherManager, 2],
      [finance, 3],
    ] as const;
    const seen: unknown[] = [];
    for (const [caller, ifMatch] of steps) {
      const { body } = await decide(approvalId, { caller, ifMatch, at });
      seen.push([body.status, body.requiredRole, body.requiredDecisions, (await dealStoryOf(dealId)).deal.status]);
    }
    expect(seen).toEqual([
      ['open', 'partner_manager', 1, 'submitted'],
      ['open', 'finance', 1, 'submitted'],
      ['approved', 'finance', 0, 'approved'],
    ]);
    expect((await storyOf(approvalId)).types).toEqual([
      'approval.opened',
      'approval.decided',
      'approval.decided',
      'approval.approved',
    ]);
  });

  test('then nobody decides twice, and nobody before their step', async () => {
    const { approvalId } = await strictDeal();
    expect(outcomeOf(await decide(approvalId, { caller: finance, at }))).toBe('403 auth.forbidden');
    await decide(approvalId, { at });
    expect(outcomeOf(await decide(approvalId, { ifMatch: 2, at }))).toBe('403 approval.already_decided_by_you');
  });

  test('then a repeat after a later decision shows the approval as it was after the first', async () => {
    const { approvalId } = await strictDeal();
    const first = await decide(approvalId, { key: 'once', at });
    await decide(approvalId, { caller: otherManager, ifMatch: 2, at: addDays(at, 1) });
    await decide(approvalId, { caller: finance, ifMatch: 3, at: addDays(at, 2) });
    const again = await decide(approvalId, { key: 'once', at });
    expect(again.headers).toMatchObject({ etag: '"2"', 'idempotency-replayed': 'true' });
    expect(again.body).toEqual(first.body);
    expect((await storyOf(approvalId)).events).toHaveLength(4);
  });

  test('then a rejection of the second ends it at once', async () => {
    const { approvalId, dealId } = await strictDeal();
    await decide(approvalId, { at });
    await decide(approvalId, { caller: otherManager, ifMatch: 2, at, body: { outcome: 'reject', reason: 'No.' } });
    expect((await dealStoryOf(dealId)).deal).toMatchObject({ status: 'rejected', reason: 'No.' });
  });
});

describe('when an approved registration is looked at by others', () => {
  test('then the customer is taken until its protection ends, and a rejected one is free at once', async () => {
    const [approved, rejected] = [await aWaitingDeal(), await aWaitingDeal()];
    await decide(approved.approvalId);
    await decide(rejected.approvalId, { body: { outcome: 'reject', reason: 'No.' } });
    const ask = async (customer: unknown, at: string) =>
      outcomeOf(await register(await freshPartner(), { customer }, { at }));
    expect([
      await ask(approved.customer, addDays(now, 89)),
      await ask(approved.customer, addDays(now, 90)),
      await ask(rejected.customer, now),
    ]).toEqual(['409 deal.conflict', '201 submitted', '201 submitted']);
  });
});
