import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '#shared/core/caller.ts';
import { addDays } from '#shared/core/time.ts';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { budgetIdOf } from '#shared/mdf/allocate-budget.ts';
import { findBudget } from '#shared/mdf/budget-store.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { judgeTier, type TierJudgement } from '#shared/partners/tier-of-quarter.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { read as readItems } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aQuarter, some } from '#test/scorecards/a-quarter.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { admin, manager, otherManager, repOf } from '#test/support/people.ts';
import { openQuarter } from '#workflows/mdf/open-quarter.ts';
import { raiseBudget } from '#workflows/mdf/raise-budget.ts';
import { partnerMessages } from '#workflows/messages.ts';
import { applyTierJudgement } from '#workflows/partners/apply-tier.ts';
import { duePartner } from '#workflows/partners/due-partner.ts';
import { anActivePartner, anApplication, apply, ask } from './a-partner.ts';

const program = aProgram();

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(program);
});

/** The third day of the quarter that follows the one that is judged. */
const runDay = '2026-10-03T04:00:00.000Z';

/** What sales of so much, in whole units, say of 2026-Q3. */
const sales = (amount: number): TierJudgement =>
  judgeTier(aQuarter([some('deal.won.sourced.new', [amount * 100])]), program);

const judge = (partnerId: string, amount: number, at = runDay) =>
  applyTierJudgement(partnerId, sales(amount), { program, now: at });

const patch = async (partnerId: string, body: object, by: Caller = manager, at = runDay) => {
  const { version } = await getPartner(partnerId);
  const params = { partnerId };
  return ask({ operation: 'update-partner', caller: by, params, body, ifMatch: version, at });
};

const aGoldPartner = async (): Promise<string> => {
  const partnerId = await anActivePartner();
  await patch(partnerId, { tier: 'gold', reason: 'As agreed.' }, admin, '2026-07-02T12:00:00.000Z');
  return partnerId;
};

const appeal = (partnerId: string, at: string) =>
  ask({ operation: 'appeal-tier', caller: repOf(partnerId), params: { partnerId }, body: { reason: 'It comes.' }, at });

const answer = async (partnerId: string, body: object, by: Caller, at: string) => {
  const { version } = await getPartner(partnerId);
  const params = { partnerId };
  return ask({ operation: 'answer-tier-appeal', caller: by, params, body, ifMatch: version, at });
};

const typesOf = async (partnerId: string) => (await listEvents(partnerId, 1, 100)).map(({ type }) => type);
const tierTypes = async (partnerId: string) => (await typesOf(partnerId)).filter((type) => type.includes('tier'));
const day = (days: number) => addDays(runDay, days);

/** As the hourly sweep would, at each of these days after the run. */
const sweepOn = async (partnerId: string, ...days: readonly number[]): Promise<void> => {
  for (const it of days) await duePartner(partnerId, day(it));
};

describe('when the figures reach a higher tier', () => {
  test('then the partner rises at once, its gate with it, and the event says so', async () => {
    const partnerId = await anActivePartner();
    expect(await judge(partnerId, 100_000)).toBe('partner.tier_changed');
    expect(await getPartner(partnerId)).toMatchObject({
      tier: 'gold',
      tierReason: 'All that Gold asks for is met over the four quarters to 2026-Q3.',
    });
    expect((await readItems([{ pk: partnerId, sk: 'gate' }]))[0]).toMatchObject({ tier: 'gold' });
    expect((await listEvents(partnerId, 1, 100)).at(-1)).toMatchObject({
      type: 'partner.tier_changed',
      by: 'system',
      changes: { tier: 'gold' },
    });
  });

  test('then the same run again, or two at once, change nothing more', async () => {
    const partnerId = await anActivePartner();
    await Promise.allSettled([judge(partnerId, 600_000), judge(partnerId, 600_000), judge(partnerId, 600_000)]);
    expect(await judge(partnerId, 600_000)).toBeUndefined();
    expect(await tierTypes(partnerId)).toEqual(['partner.tier_changed']);
    expect((await getPartner(partnerId)).tier).toBe('platinum');
  });

  test('then figures that are corrected, and corrected back, act again, and not over what a person said after them', async () => {
    const partnerId = await anActivePartner();
    for (const amount of [100_000, 50_000, 50_000, 100_000, 50_000]) await judge(partnerId, amount);
    const [rises, falls] = ['partner.tier_changed', 'partner.tier_notice_given'];
    expect(await tierTypes(partnerId)).toEqual([rises, falls, 'partner.tier_notice_withdrawn', falls]);
    await patch(partnerId, { tier: 'platinum', reason: 'As agreed.' }, admin);
    expect(await judge(partnerId, 50_000)).toBeUndefined();
  });

  test('then a quarter that is not the last one says nothing about today', async () => {
    const partnerId = await anActivePartner();
    expect(await judge(partnerId, 100_000, '2027-01-03T04:00:00.000Z')).toBeUndefined();
    expect(await judge(partnerId, 100_000, '2026-09-30T23:00:00.000Z')).toBeUndefined();
  });
});

describe('when the figures fall short', () => {
  test('then it is told at once, after 30 and after 60 days, and goes down one step after 90', async () => {
    const partnerId = await aGoldPartner();
    expect(await judge(partnerId, 99_999)).toBe('partner.tier_notice_given');
    expect(await getPartner(partnerId)).toMatchObject({
      tier: 'gold',
      tierNotice: { to: 'authorized', quarter: '2026-Q3', endsAt: day(90), given: 1 },
      due: { what: 'tier_notice', at: day(30) },
    });
    await sweepOn(partnerId, 29, 30, 30, 60, 89);
    const { company } = await getPartner(partnerId);
    expect((await apply(anApplication(company.domain), { at: day(89) })).status).toBe(409);
    expect(await getPartner(partnerId)).toMatchObject({ tier: 'gold', due: { what: 'tier_loss', at: day(90) } });
    await sweepOn(partnerId, 90, 91);
    const after = await getPartner(partnerId);
    expect(after).toMatchObject({ tier: 'authorized', tierLowered: { from: 'gold', at: day(90), by: 'system' } });
    expect(after).not.toHaveProperty('due');
    expect(after).not.toHaveProperty('tierNotice');
    expect(await tierTypes(partnerId)).toEqual([
      'partner.tier_changed',
      'partner.tier_notice_given',
      'partner.tier_notice_given',
      'partner.tier_notice_given',
      'partner.tier_changed',
    ]);
  });

  test('then a second run gives no second notice, and one with better figures withdraws it', async () => {
    const partnerId = await aGoldPartner();
    await judge(partnerId, 0);
    expect(await judge(partnerId, 0, day(1))).toBeUndefined();
    expect(await judge(partnerId, 100_000, day(2))).toBe('partner.tier_notice_withdrawn');
    expect(await getPartner(partnerId)).not.toHaveProperty('due');
  });

  test('then figures that are met when the grace ends keep the tier', async () => {
    const partnerId = await aGoldPartner();
    await judge(partnerId, 0);
    await sweepOn(partnerId, 30, 60);
    const sale = some('deal.won.sourced.new', [10_000_000], { back: -1 })[0];
    if (sale) await putFacts([{ ...sale, partnerId }]);
    await sweepOn(partnerId, 90);
    expect((await getPartner(partnerId)).tier).toBe('gold');
    expect((await tierTypes(partnerId)).at(-1)).toBe('partner.tier_notice_withdrawn');
  });

  test('then nothing hangs over a partner that was suspended meanwhile', async () => {
    const partnerId = await aGoldPartner();
    await judge(partnerId, 0);
    const params = { partnerId };
    await ask({ operation: 'suspend-partner', caller: manager, params, body: { reason: 'Audit.' }, at: day(5) });
    await sweepOn(partnerId, 30);
    expect(await getPartner(partnerId)).toMatchObject({ status: 'suspended', tier: 'gold' });
    expect(await getPartner(partnerId)).not.toHaveProperty('tierNotice');
  });
});

describe('when a manager decides on the tier', () => {
  test('then it holds until its last day, whatever the figures say, and no longer', async () => {
    const partnerId = await anActivePartner();
    await patch(partnerId, { tier: 'platinum', tierUntil: '2026-10-03', reason: 'A launch together.' });
    expect(await judge(partnerId, 0)).toBeUndefined();
    expect(await judge(partnerId, 0, '2026-10-04T00:00:00.000Z')).toBe('partner.tier_notice_given');
  });

  test('then it ends a notice, and the figures decide again when it has ended', async () => {
    const partnerId = await aGoldPartner();
    await judge(partnerId, 0);
    await patch(partnerId, { tierUntil: '2026-12-31', reason: 'The contract comes in December.' }, manager, day(1));
    expect(await getPartner(partnerId)).not.toHaveProperty('due');
    await sweepOn(partnerId, 30, 60, 90);
    expect((await getPartner(partnerId)).tier).toBe('gold');
  });

  test('then it says why, and not for days that are past', async () => {
    const partnerId = await anActivePartner();
    expect(await patch(partnerId, { tierUntil: '2026-10-02' })).toMatchObject({
      status: 422,
      body: {
        errors: [
          { pointer: '#/reason', code: 'partner.reason_missing' },
          { pointer: '#/tierUntil', code: 'partner.tier_until_past' },
        ],
      },
    });
  });
});

describe('when the partner appeals', () => {
  test('then nothing is lost until the answer, and staff are reminded of it', async () => {
    const partnerId = await aGoldPartner();
    await judge(partnerId, 0);
    expect((await appeal(partnerId, day(80))).status).toBe(200);
    await sweepOn(partnerId, 87, 90, 120);
    expect(await getPartner(partnerId)).toMatchObject({ tier: 'gold', tierAppeal: { status: 'open' } });
    expect((await typesOf(partnerId)).filter((type) => type.endsWith('reminded'))).toHaveLength(2);
  });

  test('then a rejection lets the notice go on, and what was due happens', async () => {
    const partnerId = await aGoldPartner();
    await judge(partnerId, 0);
    await sweepOn(partnerId, 30, 60);
    await appeal(partnerId, day(80));
    const reply = await answer(partnerId, { outcome: 'reject', reason: 'It is not signed.' }, manager, day(95));
    expect(reply).toMatchObject({ status: 200, body: { tierAppeal: { status: 'rejected' }, tier: 'gold' } });
    await sweepOn(partnerId, 95);
    expect((await getPartner(partnerId)).tier).toBe('authorized');
  });

  test('then an appeal that is upheld brings back what was lost, until a day', async () => {
    const partnerId = await aGoldPartner();
    await judge(partnerId, 0);
    await sweepOn(partnerId, 30, 60, 90);
    await appeal(partnerId, day(119));
    const body = { outcome: 'uphold', reason: 'It is signed.' };
    expect(await answer(partnerId, body, manager, day(120))).toMatchObject({
      status: 422,
      body: { code: 'partner.tier_until_missing' },
    });
    await answer(partnerId, { ...body, tierUntil: '2027-03-31' }, manager, day(120));
    expect(await getPartner(partnerId)).toMatchObject({
      tier: 'gold',
      tierAppeal: { status: 'upheld', answeredBy: manager.id },
      tierOverride: { until: '2027-04-01T00:00:00.000Z' },
    });
  });

  test('then it is answered by somebody else than who lowered the tier', async () => {
    const partnerId = await aGoldPartner();
    await patch(partnerId, { tier: 'authorized', reason: 'As agreed.' }, manager);
    await appeal(partnerId, day(1));
    const body = { outcome: 'uphold', reason: 'It was too early.', tierUntil: '2026-12-31' };
    expect(await answer(partnerId, body, manager, day(2))).toMatchObject({
      status: 403,
      body: { code: 'partner.own_tier_decision' },
    });
    expect((await answer(partnerId, body, otherManager, day(2))).body.tier).toBe('gold');
  });

  /** Platinum until a manager lowered it two days before the run, and an appeal against that on the next day. */
  const anAppealedLoss = async (): Promise<string> => {
    const partnerId = await anActivePartner();
    await patch(partnerId, { tier: 'platinum', reason: 'As agreed.' }, admin, '2026-07-02T12:00:00.000Z');
    await patch(partnerId, { tier: 'gold', reason: 'Sales fell.' }, manager, day(-2));
    expect((await appeal(partnerId, day(-1))).status).toBe(200);
    return partnerId;
  };

  test('then what figures say meanwhile waits for the answer, and is told with it', async () => {
    const partnerId = await anAppealedLoss();
    for (const [amount, held] of [
      [0, 'authorized'],
      [100_000, undefined],
      [0, 'authorized'],
    ] as const) {
      await judge(partnerId, amount);
      expect((await getPartner(partnerId)).tierHeld?.to).toBe(held);
    }
    await sweepOn(partnerId, 6, 13, 90, 100);
    const before = await getPartner(partnerId);
    expect(before).toMatchObject({ tier: 'gold', tierAppeal: { status: 'open' }, due: { what: 'tier_appeal' } });
    expect(before).not.toHaveProperty('tierNotice');
    const rejection = { outcome: 'reject', reason: 'They fell.' };
    expect((await answer(partnerId, rejection, manager, day(100))).body.code).toBe('partner.own_tier_decision');
    await answer(partnerId, rejection, otherManager, day(100));
    const after = await getPartner(partnerId);
    expect(after).toMatchObject({
      tier: 'gold',
      tierNotice: { to: 'authorized', quarter: '2026-Q3', since: day(100), endsAt: day(190), given: 1 },
      due: { what: 'tier_notice', at: day(130) },
    });
    expect(after).not.toHaveProperty('tierHeld');
    expect(partnerMessages['partner.tier_appeal_rejected']?.(after).text).toContain('authorized from 2027-04-11 on');
    expect((await appeal(partnerId, day(101))).status).toBe(200);
  });

  test('then the tier that was lost comes back, whatever figures said meanwhile', async () => {
    const partnerId = await anAppealedLoss();
    await judge(partnerId, 0);
    const body = { outcome: 'uphold', reason: 'They rise.', tierUntil: '2026-12-31' };
    await answer(partnerId, body, otherManager, day(1));
    const after = await getPartner(partnerId);
    expect(after).toMatchObject({ tier: 'platinum', tierAppeal: { status: 'upheld' } });
    for (const gone of ['due', 'tierHeld', 'tierNotice', 'tierLowered']) expect(after).not.toHaveProperty(gone);
  });

  test('then it is upheld about what it was made about, whatever became of that meanwhile', async () => {
    const body = { outcome: 'uphold', reason: 'It is signed.', tierUntil: '2027-12-31' };
    const partnerId = await aGoldPartner();
    await patch(partnerId, { tier: 'platinum', reason: 'As agreed.' }, admin, day(-60));
    await patch(partnerId, { tier: 'gold', reason: 'As agreed.' }, manager, day(-40));
    await judge(partnerId, 0);
    await appeal(partnerId, day(1));
    expect(await judge(partnerId, 100_000, day(2))).toBe('partner.tier_notice_withdrawn');
    await answer(partnerId, body, manager, day(3));
    expect(await getPartner(partnerId)).toMatchObject({ tier: 'gold', tierOverride: { by: manager.id } });
    const risen = await anAppealedLoss();
    await patch(risen, { tier: 'authorized', reason: 'They fell.' }, otherManager, day(1));
    expect((await answer(risen, body, manager, day(2))).body.code).toBe('partner.own_tier_decision');
    await patch(risen, { tier: 'platinum', reason: 'They rose.' }, admin, day(3));
    expect((await answer(risen, body, otherManager, day(4))).body.tier).toBe('platinum');
  });

  test('then a loss may be appealed first and a notice after it, and the answer to one is none to the other', async () => {
    const partnerId = await aGoldPartner();
    await patch(partnerId, { tier: 'platinum', reason: 'As agreed.' }, admin, day(-60));
    await patch(partnerId, { tier: 'gold', reason: 'Sales fell.' }, manager, day(-2));
    await judge(partnerId, 0);
    expect((await appeal(partnerId, day(1))).body.tierAppeal).toMatchObject({ about: 'loss', from: 'platinum' });
    expect((await appeal(partnerId, day(2))).body).toMatchObject({ code: 'partner.already_appealed' });
    await answer(partnerId, { outcome: 'reject', reason: 'They fell.' }, otherManager, day(2));
    expect((await appeal(partnerId, day(3))).body.tierAppeal).toMatchObject({ about: 'notice', from: 'gold' });
    await answer(partnerId, { outcome: 'reject', reason: 'They fell.' }, manager, day(4));
    expect((await appeal(partnerId, day(5))).body).toMatchObject({ code: 'partner.already_appealed' });
  });

  test('then once for each notice or loss, within 30 days, and there is something to appeal', async () => {
    const partnerId = await aGoldPartner();
    expect((await appeal(partnerId, runDay)).body.code).toBe('partner.nothing_to_appeal');
    await judge(partnerId, 0);
    await appeal(partnerId, day(1));
    expect((await appeal(partnerId, day(2))).body.code).toBe('partner.already_appealed');
    await answer(partnerId, { outcome: 'reject', reason: 'No.' }, manager, day(3));
    expect((await answer(partnerId, { outcome: 'reject', reason: 'No.' }, manager, day(3))).body.code).toBe(
      'partner.no_open_appeal',
    );
    await sweepOn(partnerId, 30, 60, 90);
    expect((await appeal(partnerId, day(120))).body.code).toBe('partner.nothing_to_appeal');
    expect((await appeal(partnerId, day(119))).status).toBe(200);
  });
});

describe('when the tier rises after the budget of the quarter was opened', () => {
  const opened = async (tier: string): Promise<string> => {
    const partnerId = await anActivePartner();
    await patch(partnerId, { tier, reason: 'As agreed.' }, admin, '2026-10-01T00:00:00.000Z');
    await openQuarter('2026-10-01T00:05:00.000Z');
    return partnerId;
  };
  const budgetOf = async (partnerId: string) =>
    (await findBudget(budgetIdOf(partnerId, '2026-Q4')))?.balances.available;
  const follow = async (partnerId: string): Promise<void> => {
    for (const event of await listEvents(partnerId, 1, 100))
      if (event.type === 'partner.tier_changed') await raiseBudget(event);
  };

  test('then the difference is given, once', async () => {
    const partnerId = await opened('gold');
    expect(await budgetOf(partnerId)).toBe(500_000);
    await judge(partnerId, 500_000);
    await follow(partnerId);
    await follow(partnerId);
    expect(await budgetOf(partnerId)).toBe(2_000_000);
  });

  test('then down takes nothing back, and up again gives nothing more', async () => {
    const partnerId = await opened('gold');
    await patch(partnerId, { tier: 'authorized', reason: 'As agreed.' }, admin, day(1));
    await patch(partnerId, { tier: 'gold', reason: 'As agreed.' }, admin, day(2));
    await follow(partnerId);
    expect(await budgetOf(partnerId)).toBe(500_000);
  });

  test('then a budget that is not there is left to be opened', async () => {
    const partnerId = await opened('authorized');
    await judge(partnerId, 100_000);
    await follow(partnerId);
    expect(await budgetOf(partnerId)).toBeUndefined();
    await openQuarter(day(1));
    await follow(partnerId);
    expect(await budgetOf(partnerId)).toBe(500_000);
  });
});
