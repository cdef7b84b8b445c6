import { beforeAll, describe, expect, test } from 'vitest';
import { captureOf } from '#bench/capture.ts';
import { brokenLink, systemIntent } from '#shared/core/history.ts';
import type { Payout, Statement } from '#shared/payouts/payout.ts';
import { failJournals, payJournals, sendJournals } from '#shared/payouts/payout-journals.ts';
import {
  carryPayout,
  failPayout,
  freezePayout,
  releasePayout,
  sendPayout,
  settlePayout,
} from '#shared/payouts/payout-life.ts';
import { payoutOf } from '#shared/payouts/payout-of.ts';
import { ownIntent, stepPayout } from '#shared/payouts/payout-steps-store.ts';
import { changePayout } from '#shared/payouts/payout-store.ts';
import { findPayout, payoutIdOf } from '#shared/payouts/statement-store.ts';
import { commit, listEvents } from '#shared/platform/history-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aPartnerId, earn, storedStatement } from './a-statement.ts';

const now = '2026-08-05T09:00:00.000Z';
const later = '2026-08-06T09:00:00.000Z';
const taking = { runId: 'run_00000000000000000000000001', payeeVersion: 1, provider: 'bank-file' };
const terms = { minimumMinor: 5_000, payableFrom: now, lacksTaxForm: () => false, now };

beforeAll(async () => {
  await testTable();
});

const save = async (
  before: Statement,
  after: Payout,
  type: string,
  journals: Parameters<typeof changePayout>[2]['journals'] = [],
) => {
  const intent = systemIntent(type, `${after.id}@${before.payout.version}`, now);
  const { event, writes } = changePayout(before, after, { type: `payout.${type}`, intent, journals });
  return commit([event], writes);
};
const freeze = async (partnerId: string) => {
  const statement = await storedStatement(partnerId);
  return save(statement, freezePayout(statement, payoutOf(statement, terms), { ...taking, now }), 'frozen');
};
const send = async (partnerId: string) => {
  const statement = await storedStatement(partnerId);
  const after = sendPayout(statement.payout, { to: '2026-08', now, outcome: 'sent' });
  return save(statement, after, 'sent', sendJournals(after, now));
};
const settle = async (partnerId: string) => {
  const statement = await storedStatement(partnerId);
  return save(statement, settlePayout(statement.payout, { now }), 'paid', payJournals(statement.payout, now));
};
const fail = async (partnerId: string) => {
  const statement = await storedStatement(partnerId);
  const after = failPayout(statement, { reason: 'The account is closed.', to: '2026-08', now: later });
  return save(statement, after, 'failed', failJournals(statement.payout, later));
};
const statusOf = async (partnerId: string, period?: string) => (await storedStatement(partnerId, period)).payout.status;
/** Write units of what is written, or of one kind of items only. */
const unitsOf = async (work: () => Promise<unknown>, only?: string): Promise<number> => {
  const { requests } = await captureOf(work);
  const items = requests.flatMap((request) => request.items).filter(({ item }) => only === undefined || item === only);
  expect(items.filter(({ bytes }) => only === undefined && bytes > 1024)).toEqual([]);
  return items.reduce((sum, { tableUnits, indexUnits }) => sum + tableUnits + indexUnits, 0);
};

describe('what a partner’s way through a run costs', () => {
  test('what an earning adds to a statement is 3 write units the first time, and 2 each later one', async () => {
    const partnerId = aPartnerId();
    expect(await unitsOf(() => earn(partnerId, 6_000), 'ptr statement')).toBe(3);
    expect(await unitsOf(() => earn(partnerId, 6_000), 'ptr statement')).toBe(2);
    expect(await unitsOf(() => earn(partnerId, -500), 'ptr statement')).toBe(2);
  });

  test('freezing, sending and settling are 4, 4 and 5, and no item passes a kilobyte', async () => {
    const partnerId = aPartnerId();
    await earn(partnerId, 6_000);
    expect(await unitsOf(() => freeze(partnerId))).toBe(4);
    expect(await unitsOf(() => send(partnerId))).toBe(4);
    expect(await unitsOf(() => settle(partnerId))).toBe(5);
  });
});

describe('when a statement was frozen', () => {
  test('then an earning that comes later is refused, and the frozen amount stays', async () => {
    const partnerId = aPartnerId();
    await earn(partnerId, 6_000);
    await freeze(partnerId);
    await expect(earn(partnerId, 1_000)).rejects.toMatchObject({ code: 'statement.closed' });
    const { payout, balances } = await storedStatement(partnerId);
    expect(payout).toMatchObject({ status: 'pending', amount: { amountMinor: 6_000 }, version: 1 });
    expect(balances).toMatchObject({ amountDue: 6_000, earnings: 1 });
  });

  test('then it is found by its id, and its history holds', async () => {
    const partnerId = aPartnerId();
    await earn(partnerId, 6_000);
    await freeze(partnerId);
    await send(partnerId);
    const id = payoutIdOf({ partnerId, currency: 'USD', period: '2026-07' });
    expect(id.length).toBeLessThanOrEqual(35);
    expect((await findPayout(id))?.payout).toMatchObject({ id, status: 'sent', partnerId, period: '2026-07' });
    expect(brokenLink(await listEvents(id, 1, 10))).toBeUndefined();
  });

  test('and its run is rejected, then it is open again, takes earnings, and can be frozen anew with them', async () => {
    const partnerId = aPartnerId();
    await earn(partnerId, 6_000);
    await freeze(partnerId);
    const frozen = await storedStatement(partnerId);
    await save(frozen, releasePayout(frozen.payout), 'released');
    await earn(partnerId, 1_000);
    await freeze(partnerId);
    const { payout } = await storedStatement(partnerId);
    expect(payout).toMatchObject({ status: 'pending', version: 3, amount: { amountMinor: 7_000 } });
    expect(brokenLink(await listEvents(payout.id, 1, 10))).toBeUndefined();
  });

  test('and only half of a clawback could be taken, then the rest goes to the next statement when it is sent', async () => {
    const partnerId = aPartnerId();
    await earn(partnerId, 10_000);
    await earn(partnerId, -8_000);
    await freeze(partnerId);
    expect((await storedStatement(partnerId)).payout).toMatchObject({
      amount: { amountMinor: 5_000 },
      rest: { takenBack: 3_000 },
    });
    await send(partnerId);
    expect((await storedStatement(partnerId, '2026-08')).balances).toMatchObject({
      amountDue: 0,
      broughtForward: -3_000,
      broughtTakenBack: 3_000,
    });
  });
});

describe('when a payout fails', () => {
  test.each([
    [
      'before it was sent, then all of it goes on as it was',
      freeze,
      { broughtForward: 2_000, broughtTakenBack: 8_000 },
      0,
    ],
    [
      'after it was sent, then what was sent comes back beside the rest',
      send,
      { broughtForward: 2_000, broughtTakenBack: 3_000 },
      2,
    ],
    ['after it was paid, then that comes back', settle, { broughtForward: 2_000, broughtTakenBack: 3_000 }, 3],
  ])('%s', async (_, last, brought, journalCount) => {
    const partnerId = aPartnerId();
    await earn(partnerId, 10_000);
    await earn(partnerId, -8_000);
    for (const step of [freeze, send, settle]) {
      await step(partnerId);
      if (step === last) break;
    }
    await fail(partnerId);
    expect(await statusOf(partnerId)).toBe('failed');
    const { balances, payout } = await storedStatement(partnerId, '2026-08');
    expect(payout.status).toBe('open');
    expect(balances).toMatchObject({ amountDue: 0, ...brought });
    const failed = await storedStatement(partnerId);
    const journals = (await listEvents(failed.payout.id, 1, 10)).flatMap((event) => event.journals ?? []);
    expect(journals).toHaveLength(journalCount);
    const sums = new Map<string, number>();
    for (const { lines } of journals)
      for (const { account, amountMinor } of lines) sums.set(account, (sums.get(account) ?? 0) + amountMinor);
    expect([...sums.values()].filter((sum) => sum !== 0)).toEqual([]);
  });
});

describe('when a statement is carried', () => {
  test('then it is closed, and all of it stands on the next one with the month it came from', async () => {
    const partnerId = aPartnerId();
    await earn(partnerId, 1_000);
    const statement = await storedStatement(partnerId);
    const { carry, reasons } = payoutOf(statement, terms);
    await save(statement, carryPayout(statement, { carry, reasons, to: '2026-08', now }), 'carried');
    expect(await statusOf(partnerId)).toBe('carried');
    const next = await storedStatement(partnerId, '2026-08');
    expect(next).toMatchObject({ since: '2026-07', balances: { broughtForward: 1_000 } });
    await expect(earn(partnerId, 1_000)).rejects.toMatchObject({ code: 'statement.closed' });
  });

  test.each([
    ['older', '2025-11', '2026-10-14'],
    ['newer', '2026-10-14', '2025-11'],
  ])('onto one on which something %s stands, then the year counts from the older of them', async (_, first, second) => {
    const partnerId = aPartnerId();
    for (const period of [first, second]) {
      await earn(partnerId, 1_000, { statement: period });
      const { payout } = await storedStatement(partnerId, period);
      await stepPayout(payout, {
        to: '2026-10',
        intentOf: ownIntent('carry', now),
        decide: (statement, to) => ({
          after: carryPayout(statement, { ...payoutOf(statement, terms), to, now }),
          type: 'payout.carried',
        }),
      });
    }
    const october = await storedStatement(partnerId, '2026-10');
    expect(october).toMatchObject({ since: '2025-11', balances: { broughtForward: 2_000 } });
  });

  test('and the next one is closed already, then nothing is carried', async () => {
    const partnerId = aPartnerId();
    await earn(partnerId, 1_000, { statement: '2026-08' });
    const august = await storedStatement(partnerId, '2026-08');
    await save(august, carryPayout(august, { ...payoutOf(august, terms), to: '2026-09', now }), 'carried');
    await earn(partnerId, 1_000);
    const statement = await storedStatement(partnerId);
    const after = carryPayout(statement, { ...payoutOf(statement, terms), to: '2026-08', now });
    await expect(save(statement, after, 'carried')).rejects.toMatchObject({ code: 'statement.closed' });
    expect(await statusOf(partnerId)).toBe('open');
  });
});

describe('races', () => {
  test('when earnings accrue while it is frozen, then the frozen amount is exactly what stands on it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const partnerId = aPartnerId();
      await earn(partnerId, 6_000);
      const freezing = async (): Promise<void> => {
        await freeze(partnerId).catch((error: { code?: string }) => {
          if (error.code !== 'version.stale') throw error;
          return freezing();
        });
      };
      const accruing = Array.from({ length: 10 }, () =>
        earn(partnerId, 100).catch((error: { code: string }) => error.code),
      );
      const [, ...outcomes] = await Promise.all([freezing(), ...accruing]);
      const booked = outcomes.filter((outcome) => outcome !== 'statement.closed').length;
      const { payout, balances } = await storedStatement(partnerId);
      expect(payout.amount?.amountMinor).toBe(6_000 + booked * 100);
      expect(balances).toMatchObject({ amountDue: payout.amount?.amountMinor, earnings: booked + 1 });
    }
  });

  test('when two runs take one statement, then one of them has it', async () => {
    const partnerId = aPartnerId();
    await earn(partnerId, 6_000);
    const statement = await storedStatement(partnerId);
    const outcomes = await Promise.allSettled(
      ['run_1', 'run_2', 'run_3'].map((runId) => {
        const frozen = freezePayout(statement, payoutOf(statement, terms), { ...taking, runId, now });
        const intent = systemIntent('freeze', `${frozen.id}@0 ${runId}`, now);
        const { event, writes } = changePayout(statement, frozen, { type: 'payout.frozen', intent });
        return commit([event], writes);
      }),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('when it is settled and failed at once by many, then it happens once', async () => {
    const partnerId = aPartnerId();
    await earn(partnerId, 6_000);
    await freeze(partnerId);
    await send(partnerId);
    const outcomes = await Promise.allSettled([settle, fail, settle, fail, settle].map((step) => step(partnerId)));
    const done = outcomes.filter((outcome) => outcome.status === 'fulfilled' && !outcome.value.replayed);
    expect(done).toHaveLength(1);
    const { payout } = await storedStatement(partnerId);
    expect((await listEvents(payout.id, 1, 10)).flatMap(({ journals = [] }) => journals)).toHaveLength(2);
  });
});
