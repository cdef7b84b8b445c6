import { beforeAll, describe, expect, test } from 'vitest';
import { handler as tasksDoor } from '#functions/tasks/door.ts';
import { listFacts } from '#shared/facts/fact-store.ts';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { partnerFacts } from '#shared/facts/partner-facts.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { scorecardOf } from '#shared/scorecards/scorecard-of.ts';
import { planIdOf } from '#shared/success-plans/mutual-plan.ts';
import { aFact, tellFacts } from '#test/health/a-scoring-run.ts';
import { anActivePartner, command, now } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { type Call, send } from '#test/support/call.ts';
import { admin, adminOf, manager, repOf } from '#test/support/people.ts';
import { proposeFirstPlan } from '#workflows/partners/propose-first-plan.ts';
import { askForPlan } from './a-plan.ts';

const quarter = '2026-Q3';
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const ofSales = (amountMinor: number) => ({ template: 'growth', adjustments: { sales: { target: usd(amountMinor) } } });

const propose = (partnerId: string, body: object, more: Partial<Call> = {}) =>
  askForPlan('propose-success-plan', { params: { partnerId, quarter }, body, ...more });
const read = (partnerId: string, more: Partial<Call> = {}) =>
  askForPlan('get-success-plan', { params: { partnerId, quarter }, caller: repOf(partnerId), ...more });
const accept = (partnerId: string, ifMatch: number, more: Partial<Call> = {}) =>
  askForPlan('accept-success-plan', {
    params: { partnerId, quarter },
    caller: adminOf(partnerId),
    body: { accepted: true },
    ifMatch,
    ...more,
  });
const tell = (partnerId: string, body: object, more: Partial<Call> = {}) =>
  askForPlan('update-success-plan', { params: { partnerId, quarter }, caller: repOf(partnerId), body, ...more });

const targetsOf = async (partnerId: string) => (await getPartner(partnerId)).targets;

/** What the scorecard holds the partner's sales against. */
const salesTargetOf = async (partnerId: string): Promise<number | undefined> => {
  await tellFacts(partnerId);
  const facts = await listFacts(partnerId, { from: quarter, to: quarter });
  const { figures } = scorecardOf(partnerFacts(partnerId, quarter, facts), aProgram());
  return figures.find(({ metric }) => metric === 'revenueClosed')?.target;
};

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(aProgram());
});

describe('when a manager proposes a plan and its partner accepts it', () => {
  test('then its sales target is the partner’s own, and a change is accepted anew before it holds', async () => {
    const partnerId = await anActivePartner();
    expect((await read(partnerId)).status).toBe(404);
    expect(await propose(partnerId, ofSales(5_000_000))).toMatchObject({
      status: 200,
      headers: { etag: '"1"' },
      body: { status: 'proposed', template: 'growth', startsOn: '2026-07-01', endsOn: '2026-09-30' },
    });
    expect(await targetsOf(partnerId)).toBeUndefined();
    expect((await accept(partnerId, 1, { caller: repOf(partnerId) })).status).toBe(403);
    const accepted = await accept(partnerId, 1, { key: 'agreed' });
    expect(accepted).toMatchObject({
      status: 200,
      body: { status: 'accepted', accepted: { by: adminOf(partnerId).id, at: now } },
    });
    expect(await targetsOf(partnerId)).toEqual({ [quarter]: usd(5_000_000) });
    expect(await salesTargetOf(partnerId)).toBe(5_000_000);
    expect((await accept(partnerId, 1, { key: 'agreed' })).headers['idempotency-replayed']).toBe('true');
    expect((await accept(partnerId, 2)).body.code).toBe('success_plan.already_accepted');

    expect((await propose(partnerId, ofSales(6_000_000))).status).toBe(428);
    expect((await propose(partnerId, ofSales(6_000_000), { ifMatch: 1 })).status).toBe(412);
    const { body } = await propose(partnerId, ofSales(6_000_000), { ifMatch: 2 });
    expect(body).toMatchObject({ status: 'proposed' });
    expect(body).not.toHaveProperty('accepted');
    expect(await salesTargetOf(partnerId)).toBe(5_000_000);
    expect((await accept(partnerId, 2)).status).toBe(412);
    expect((await accept(partnerId, 3)).status).toBe(200);
    expect(await salesTargetOf(partnerId)).toBe(6_000_000);
    // Nothing changes about the partner when it agrees to what holds already.
    const { version } = await getPartner(partnerId);
    await propose(partnerId, ofSales(6_000_000), { ifMatch: 4 });
    await accept(partnerId, 5);
    expect((await getPartner(partnerId)).version).toBe(version);
  });

  test('then both read how far each objective is by the facts, and tell of what facts do not', async () => {
    const partnerId = await anActivePartner();
    const at = Date.parse(now) / 1000;
    await putFacts([1, 2].map(() => aFact(partnerId, { kind: 'deal.registered.new', quarter, at })));
    await propose(partnerId, { template: 'launch', adjustments: { campaign: null, deals: { weight: 50 } } });
    const { body } = await tell(partnerId, { comment: 'We sign on Monday.' });
    expect(body).toMatchObject({ progress: { percent: 33.3, known: 50 } });
    expect(body.objectives).toContainEqual(
      expect.objectContaining({ id: 'deals', state: 'on_track', value: 2, reachedPercent: 66.7, target: 3 }),
    );
    expect(body.objectives).toContainEqual(expect.objectContaining({ id: 'announcement', state: 'no_data' }));
    await tell(partnerId, { reached: { announcement: { done: true } }, comment: 'It is out.' }, { caller: manager });
    const after = (await read(partnerId)).body;
    expect(after).toMatchObject({
      status: 'proposed',
      progress: { percent: 48.3, known: 65 },
      comments: [
        { by: repOf(partnerId).id, at: now, text: 'We sign on Monday.' },
        { by: manager.id, at: now, text: 'It is out.' },
      ],
    });
    expect(after.objectives).toContainEqual(
      expect.objectContaining({ id: 'announcement', state: 'reached', told: { by: manager.id, at: now } }),
    );
    expect((await tell(partnerId, { reached: { deals: { value: 3 } } })).body.code).toBe('success_plan.not_by_hand');
    expect((await tell(partnerId, {})).status).toBe(400);
    // Words about people are in no event.
    expect(JSON.stringify(await listEvents(planIdOf(partnerId, quarter), 1, 10))).not.toMatch(/Monday|Head of/);
  });

  test('then another partner finds nothing, and staff lists those of a quarter that wait', async () => {
    const [partnerId, other] = [await anActivePartner(), await anActivePartner()];
    await propose(partnerId, { template: 'launch' });
    expect((await read(partnerId, { caller: repOf(other) })).status).toBe(404);
    expect((await tell(partnerId, { comment: 'Mine?' }, { caller: repOf(other) })).status).toBe(404);
    expect((await accept(partnerId, 1, { caller: adminOf(other) })).status).toBe(404);
    const list = (status: string, caller = admin) =>
      askForPlan('list-success-plans', { caller, query: { quarter, status, limit: '100' } });
    const named = expect.objectContaining({ partnerId, template: 'launch' });
    expect((await list('proposed')).body.data).toContainEqual(named);
    await accept(partnerId, 1);
    expect((await list('proposed')).body.data).not.toContainEqual(named);
    expect((await list('accepted')).body.data).toContainEqual(named);
    expect((await list('accepted', repOf(partnerId))).status).toBe(403);
  });
});

test('when a plan waits for its partner, then it stands among its tasks until it is accepted or over', async () => {
  const partnerId = await anActivePartner();
  await propose(partnerId, { template: 'launch' });
  const tasks = async (at = now) => {
    const asked = { operation: 'list-partner-tasks', caller: repOf(partnerId), at, params: { partnerId } } as const;
    const { data } = (await send(tasksDoor, asked)).body as { data: { kind: string; dueAt?: string }[] };
    return data.filter(({ kind }) => kind === 'plan_proposed');
  };
  expect(await tasks()).toMatchObject([{ dueAt: '2026-10-01T00:00:00.000Z', subject: { type: 'success_plan' } }]);
  expect(await tasks('2026-10-01T00:00:00.000Z')).toEqual([]);
  await accept(partnerId, 1);
  expect(await tasks()).toEqual([]);
});

describe('when a plan cannot be made', () => {
  test('then what is faulty within a target is named', async () => {
    const adjustments = { sales: { target: { amountMinor: -1, currency: 'USD' } } };
    const { body } = await propose(await anActivePartner(), { template: 'growth', adjustments });
    expect(body.errors).toMatchObject([{ pointer: '#/adjustments/sales/target/amountMinor' }]);
  });

  test.each([
    ['its quarter is over', { template: 'launch' }, '2026-Q2', 'success_plan.over'],
    ['its quarter is far away', { template: 'launch' }, '9999-Q4', 'success_plan.too_far_ahead'],
    ['there is no such template', { template: 'conquest' }, quarter, 'success_plan.unknown_template'],
    ['its sales are not agreed on', { template: 'growth' }, quarter, 'success_plan.faulty'],
    ['it begins within its quarter', { template: 'launch', startsOn: '2026-07-15' }, quarter, 'success_plan.faulty'],
    ['it begins after it', { template: 'ninety-days', startsOn: '2026-10-01' }, quarter, 'success_plan.faulty'],
  ])('then it is refused: %s', async (_words, body, of, code) => {
    const partnerId = await anActivePartner();
    expect((await propose(partnerId, body, { params: { partnerId, quarter: of } })).body.code).toBe(code);
  });

  test('then it is refused to who is no active partner, and no longer accepted once it is over', async () => {
    const partnerId = await anActivePartner();
    await propose(partnerId, { template: 'launch' });
    expect((await accept(partnerId, 1, { at: '2026-10-01T00:00:00.000Z' })).body.code).toBe('success_plan.over');
    await command('suspend-partner', partnerId);
    expect((await accept(partnerId, 1)).body.code).toBe('partner.not_active');
    expect((await propose(partnerId, { template: 'growth' }, { ifMatch: 1 })).body.code).toBe('partner.not_active');
  });
});

test('when a partner becomes active, then its first plan is there once, unless somebody was faster', async () => {
  const partnerId = await anActivePartner();
  const activated = (await listEvents(partnerId, 1, 10)).find(({ type }) => type === 'partner.activated');
  if (!activated) throw new Error('It was not activated.');
  await proposeFirstPlan(activated);
  await proposeFirstPlan(activated);
  expect(await read(partnerId)).toMatchObject({
    headers: { etag: '"1"' },
    body: { template: 'ninety-days', status: 'proposed', startsOn: '2026-07-01', endsOn: '2026-09-29' },
  });
  const { body } = await propose(partnerId, { template: 'ninety-days', startsOn: '2026-07-15' }, { ifMatch: 1 });
  expect(body).toMatchObject({ startsOn: '2026-07-15', endsOn: '2026-10-13' });
  // A plan by days may go on when its quarter is over.
  const at = '2026-10-02T12:00:00.000Z';
  expect((await accept(partnerId, 2, { at })).status).toBe(200);
  expect((await propose(partnerId, { template: 'ninety-days' }, { ifMatch: 3, at })).status).toBe(200);
});
