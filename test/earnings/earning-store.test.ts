import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import {
  bookEarning,
  changeEarning,
  getEarning,
  listEarningsOfPartner,
  saveEarning,
} from '#shared/earnings/earning-store.ts';
import { reimbursementEarning } from '#shared/earnings/reimbursement.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { documents } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram } from '#test/support/a-program.ts';
import { anEarning, earnedAt, heldUntil } from './an-earning.ts';

beforeAll(async () => {
  await testTable();
});

let serial = 0;
/** Of a partner of its own. */
const fresh = (overrides: Partial<Earning> = {}): Earning => {
  serial += 1;
  return anEarning({ id: derivedId('ern', String(serial)), partnerId: `ptr_${serial}`, ...overrides });
};
const book = async (earning: Earning): Promise<Earning> => {
  const change = bookEarning(earning, systemIntent('earn', earning.id, earnedAt));
  await saveEarning(change);
  return change.entity;
};
const change = (before: Earning, changes: Partial<Earning>, at = earnedAt) =>
  saveEarning(
    changeEarning(before, { ...before, ...changes }, systemIntent('change', `${before.id}@${before.version}`, at)),
  );

const statementOf = async (partnerId: string, month: string) => {
  const { Item } = await documents.send(
    new GetCommand({ TableName: process.env.PROGRAM_TABLE, Key: { pk: partnerId, sk: `statement#USD#${month}` } }),
  );
  return Item && { status: Item.status, amountDue: Item.amountDue, earnings: Item.earnings };
};

/** What each account holds at an instant, by the journals of an earning's events. */
const balancesAt = async (earningId: string, at: string): Promise<Record<string, number>> => {
  const journals = (await listEvents(earningId, 1, 100)).flatMap((event) => event.journals ?? []);
  const balances: Record<string, number> = {};
  for (const { lines } of journals.filter((journal) => journal.at <= at))
    for (const { account, amountMinor } of lines) balances[account] = (balances[account] ?? 0) + amountMinor;
  return Object.fromEntries(Object.entries(balances).filter(([, amount]) => amount !== 0));
};

describe('when an earning accrues', () => {
  test('then it is on hold now and payable at the end of its hold, without another write', async () => {
    const earning = await book(fresh());
    const expense = 'program:expense:commission';
    expect(await balancesAt(earning.id, earnedAt)).toEqual({
      [expense]: 120_000,
      [`partner:${earning.partnerId}:on-hold`]: -120_000,
    });
    expect(await balancesAt(earning.id, heldUntil)).toEqual({
      [expense]: 120_000,
      [`partner:${earning.partnerId}:payable`]: -120_000,
    });
    expect(await statementOf(earning.partnerId, '2026-07')).toEqual({
      status: 'open',
      amountDue: 120_000,
      earnings: 1,
    });
    expect(await getEarning(earning.id)).toEqual(earning);
  });

  test('then one without a hold is payable at once', async () => {
    const earning = await book(fresh({ kind: 'spiff', holdUntil: earnedAt }));
    expect(await balancesAt(earning.id, earnedAt)).toEqual({
      'program:expense:spiff': 120_000,
      [`partner:${earning.partnerId}:payable`]: -120_000,
    });
  });

  test('then booking it again, by the same step, changes nothing', async () => {
    const earning = fresh();
    const tries = Array.from({ length: 20 }, () => book(earning));
    await Promise.all(tries);
    expect(await statementOf(earning.partnerId, '2026-07')).toMatchObject({ amountDue: 120_000, earnings: 1 });
    expect(await listEvents(earning.id, 1, 10)).toHaveLength(1);
  });

  test('then 40 of one partner at once add up', async () => {
    const of = fresh();
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => book({ ...of, id: derivedId('ern', 'many', String(index)) })),
    );
    expect(await statementOf(of.partnerId, '2026-07')).toMatchObject({ amountDue: 4_800_000, earnings: 40 });
  });
});

describe('when an earning waits for the customer to pay', () => {
  test('then no money moves until it accrues', async () => {
    const { holdUntil, statement, ...waiting } = fresh({ status: 'pending' });
    const pending = await book(waiting);
    expect(await balancesAt(pending.id, heldUntil)).toEqual({});
    expect(await statementOf(pending.partnerId, '2026-07')).toBeUndefined();
    await change(pending, { status: 'on_hold', holdUntil, statement });
    expect(await balancesAt(pending.id, earnedAt)).toEqual({
      'program:expense:commission': 120_000,
      [`partner:${pending.partnerId}:on-hold`]: -120_000,
    });
    expect(await statementOf(pending.partnerId, '2026-07')).toMatchObject({ amountDue: 120_000, earnings: 1 });
  });

  test('then it can be reversed, and no money ever moved', async () => {
    const { holdUntil: _until, statement: _statement, ...waiting } = fresh({ status: 'pending' });
    const pending = await book(waiting);
    await change(pending, { status: 'reversed' });
    expect(await balancesAt(pending.id, heldUntil)).toEqual({});
    expect(await statementOf(pending.partnerId, '2026-07')).toBeUndefined();
  });
});

describe('when an earning is reversed while it is on hold', () => {
  test('then nothing is owed any more, then or at the end of the hold', async () => {
    const earning = await book(fresh());
    await change(earning, { status: 'reversed' }, '2026-07-10T09:00:00.000Z');
    expect(await balancesAt(earning.id, '2026-07-10T09:00:00.000Z')).toEqual({});
    expect(await balancesAt(earning.id, heldUntil)).toEqual({});
    expect(await statementOf(earning.partnerId, '2026-07')).toMatchObject({ amountDue: 0, earnings: 0 });
  });
});

describe('when something is taken back', () => {
  test('then what is payable falls at once, and so does the expense of what it takes back', async () => {
    const clawback = await book(
      fresh({
        kind: 'clawback',
        reverses: 'ern_1',
        reversesKind: 'commission',
        amount: { amountMinor: -50_000, currency: 'USD' },
        holdUntil: earnedAt,
      }),
    );
    expect(await balancesAt(clawback.id, earnedAt)).toEqual({
      'program:expense:commission': -50_000,
      [`partner:${clawback.partnerId}:payable`]: 50_000,
    });
    expect(await statementOf(clawback.partnerId, '2026-07')).toMatchObject({ amountDue: -50_000, earnings: 1 });
  });
});

describe('when earnings are listed', () => {
  test('then pages go on where the one before ended, newest first', async () => {
    const { partnerId } = fresh();
    const made = [];
    for (let day = 1; day <= 7; day += 1)
      made.push(await book(fresh({ partnerId, createdAt: `2026-07-0${day}T12:00:00.000Z` })));
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listEarningsOfPartner({ partnerId, keep: () => true, after, limit: 3 });
      seen.push(...page.earnings.map(({ id }) => id));
      after = page.after;
    } while (after !== undefined);
    expect(seen).toEqual(made.map(({ id }) => id).reverse());
  });

  test('then nobody finds one that is not there', async () => {
    await expect(getEarning('ern_nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('when a claim is approved', () => {
  test('then its earning waits as long as the program says, and names claim, request and activity', async () => {
    const earning = reimbursementEarning(
      {
        claimId: 'clm_1',
        requestId: 'mdr_1',
        activityType: 'event',
        partnerId: 'ptr_claims',
        approved: { amountMinor: 80_000, currency: 'USD' },
        programVersion: 1,
      },
      { at: earnedAt, program: aProgram() },
    );
    const booked = await book(earning);
    expect(booked).toMatchObject({
      status: 'on_hold',
      kind: 'mdf-reimbursement',
      claimId: 'clm_1',
      holdUntil: heldUntil,
      statement: '2026-07',
      explanation: { rule: 'mdf', inputs: { request: 'mdr_1', activityType: 'event' } },
    });
  });
});
