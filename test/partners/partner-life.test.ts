import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { type PartnerStatus, partnerLifecycle, partnerStatuses } from '#shared/partners/partner.ts';
import { markProductive } from '#shared/partners/partner-life.ts';
import { changePartner, getPartner } from '#shared/partners/partner-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { read as readItems } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { admin, adminOf, finance, manager, repOf } from '#test/support/people.ts';
import { accept, agreeing, anActivePartner, anApplicant, approve, command, lapse, now, read } from './a-partner.ts';
import { countRequests } from './count-requests.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const gateOf = async (partnerId: string) => (await readItems([{ pk: partnerId, sk: 'gate' }]))[0];

/** The pairs of API.md *Lifecycles*, written out again; and that a termination needs no suspension before it. */
const allowed = new Set([
  'applied approved',
  'applied rejected',
  'applied returned',
  'returned applied',
  'returned lapsed',
  'approved active',
  'approved lapsed',
  'active suspended',
  'active terminated',
  'suspended active',
  'suspended terminated',
]);

describe('when a status may change', () => {
  const pairs = partnerStatuses.flatMap((from) => partnerStatuses.map((to) => [from, to] as const));
  test.each(pairs)('then from %s to %s only as the specification says', (from, to) => {
    expect(partnerLifecycle[from].includes(to)).toBe(allowed.has(`${from} ${to}`));
  });
});

describe('when an application is approved', () => {
  test('then the agreement is sent for 30 days and whoever reviewed looks after the partner', async () => {
    const { id } = await anApplicant();
    expect(await approve(id)).toMatchObject({
      status: 'approved',
      ownerId: manager.id,
      agreement: { version: '2026-01', sentAt: now, lapsesAt: addDays(now, 30) },
      due: { what: 'lapse', at: addDays(now, 30) },
    });
    expect((await getPartner(id)).awaits).toBeUndefined();
    expect(await gateOf(id)).toMatchObject({ status: 'approved', tier: 'authorized', types: ['reseller'] });
  });

  test('then its administrator accepts by name, time and version, and it is active with a plan', async () => {
    const { id } = await anApplicant();
    await approve(id);
    const at = addDays(now, 2);
    const reply = await accept(id, { at });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        status: 'active',
        activeAt: at,
        agreement: { version: '2026-01', acceptedAt: at, signerName: 'Ada Byron', signerTitle: 'CEO' },
      },
    });
    expect(await gateOf(id)).toMatchObject({ status: 'active' });
    const shown = await read(id, repOf(id), at);
    expect(shown.body.successPlan).toMatchObject({
      tasks: expect.arrayContaining([{ title: 'First deal registered', owner: 'partner', dueOn: '2026-09-01' }]),
    });
  });

  test('then accepting again with the same key is a replay, and with another a refusal', async () => {
    const { id } = await anApplicant();
    await approve(id);
    const first = await accept(id, { key: 'agree' });
    const replay = await accept(id, { key: 'agree' });
    expect(replay.headers['idempotency-replayed']).toBe('true');
    expect(replay.body).toEqual(first.body);
    const other = await accept(id, { key: 'agree', body: { ...agreeing, signerTitle: 'CFO' } });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
    expect(await accept(id)).toMatchObject({ status: 409, body: { code: 'state.transition_not_allowed' } });
  });

  test.each([
    ['another version', { version: '2025-01' }, 422, 'partner.agreement_version_differs'],
    ['anything but yes', { accepted: false }, 400, 'request.invalid'],
    ['no name', { signerName: ' ' }, 400, 'request.invalid'],
  ])('then accepting %s is refused', async (_, fault, status, code) => {
    const { id } = await anApplicant();
    await approve(id);
    expect(await accept(id, { body: { ...agreeing, ...fault } })).toMatchObject({ status, body: { code } });
  });

  test('then it lapses when nobody accepts in time, whether or not a sweep came by', async () => {
    const { id } = await anApplicant();
    await approve(id);
    const late = addDays(now, 30);
    expect((await read(id, manager, late)).body.status).toBe('lapsed');
    expect(await accept(id, { at: late })).toMatchObject({
      status: 409,
      body: { code: 'state.transition_not_allowed', status: 409, lapsedAt: late },
    });
    await lapse(id, late);
    expect(await accept(id, { at: late })).toMatchObject({
      status: 409,
      body: { code: 'state.transition_not_allowed' },
    });
  });

  test('then two who accept at once make it active once', async () => {
    const { id } = await anApplicant();
    await approve(id);
    const replies = await Promise.all([accept(id), accept(id), accept(id)]);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await getPartner(id)).version).toBe(3);
  });
});

describe('when a partner manager ends or stops a partnership', () => {
  test('then suspension, reinstatement and termination follow each other, and the gate follows them', async () => {
    const id = await anActivePartner();
    const steps = [
      ['suspend-partner', 'suspended'],
      ['reinstate-partner', 'active'],
      ['suspend-partner', 'suspended'],
      ['terminate-partner', 'terminated'],
    ] as const;
    for (const [operation, status] of steps) {
      const reply = await command(operation, id);
      expect(reply).toMatchObject({ status: 200, body: { status, reason: 'As agreed.' } });
      expect(await gateOf(id)).toMatchObject({ status });
    }
  });

  test.each<[string, 'suspend-partner' | 'reinstate-partner' | 'terminate-partner', PartnerStatus]>([
    ['reinstating an active one', 'reinstate-partner', 'active'],
    ['reinstating an approved one', 'reinstate-partner', 'approved'],
    ['suspending an applicant', 'suspend-partner', 'applied'],
    ['terminating an applicant', 'terminate-partner', 'applied'],
  ])('then %s is refused', async (_, operation, status) => {
    const applicant = status === 'active' ? { id: await anActivePartner() } : await anApplicant();
    if (status === 'approved') await approve(applicant.id);
    const reply = await command(operation, applicant.id);
    expect(reply).toMatchObject({ status: 409, body: { code: 'state.transition_not_allowed' } });
    expect((await getPartner(applicant.id)).status).toBe(status);
  });

  test('then a reason is needed, and a version that was seen is honoured', async () => {
    const id = await anActivePartner();
    expect((await command('suspend-partner', id, { body: {} })).status).toBe(400);
    expect(await command('suspend-partner', id, { ifMatch: 1 })).toMatchObject({
      status: 412,
      body: { code: 'version.stale', currentVersion: 3 },
    });
  });

  test.each([
    ['its own administrator', (id: string) => adminOf(id)],
    ['finance', () => finance],
    ['an administrator of the program', () => admin],
  ])('then %s may not', async (_, who) => {
    const id = await anActivePartner();
    expect(await command('terminate-partner', id, { caller: who(id) })).toMatchObject({ status: 403 });
  });

  test('then a suspended one does not become active by agreeing once more', async () => {
    const id = await anActivePartner();
    await command('suspend-partner', id);
    expect(await accept(id)).toMatchObject({ status: 409, body: { code: 'state.transition_not_allowed' } });
  });
});

describe('when the first deal of a partner is approved', () => {
  test('then the days from active to then are its time to productivity, and no later deal changes them', async () => {
    const id = await anActivePartner();
    const before = await getPartner(id);
    const at = addDays(now, 17);
    const after = markProductive(before, at);
    if (!after) throw new Error('nothing changed');
    const intent = { writeId: 'deal', bodyHash: '', by: 'system', at };
    const change = changePartner(before, after, { type: 'partner.first_deal_approved', intent });
    const { entity } = await commitChange(before, change);
    expect((await read(id)).body).toMatchObject({ timeToProductivityDays: 17, firstDealApprovedAt: at });
    expect(markProductive(entity, addDays(at, 1))).toBeUndefined();
  });
});

describe('when requests to the database are counted', () => {
  test('then a change is two: one read and one transaction, and a refusal by a rule one', async () => {
    const id = await anActivePartner();
    const counted = countRequests();
    expect(await counted(() => command('suspend-partner', id, { key: 'once' }))).toBe(2);
    expect(await counted(() => command('suspend-partner', id, { key: 'once' }))).toBe(1);
    expect(await counted(() => command('suspend-partner', id))).toBe(1);
    expect(await counted(() => read(id))).toBe(1);
  });
});
