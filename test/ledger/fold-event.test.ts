import { beforeAll, describe, expect, test } from 'vitest';
import { captureOf } from '#bench/capture.ts';
import type { Journal } from '#shared/core/journal.ts';
import { addDays } from '#shared/core/time.ts';
import { budgetAccount, budgetsAllocated, journalOf, move } from '#shared/ledger/chart.ts';
import { foldEvent, sumEntries, sumTotals } from '#shared/ledger/ledger-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aHappening, earned } from './a-ledger.ts';

const at = '2026-07-01T12:00:00.000Z';
const forEver = '2099-12-31T00:00:00.000Z';

beforeAll(async () => {
  await testTable();
});

const anEarning = (id: string, amountMinor = 10_000, partnerId = 'ptr_1') =>
  aHappening(id, earned(id, { partnerId, amountMinor, at, holdUntil: addDays(at, 30) })).event;

describe('when the stream tells of events', () => {
  test('then each is folded once, however often, late and mixed up it does', async () => {
    const events = Array.from({ length: 24 }, (_, number) => anEarning(`ern_${number}`, 100 + number));
    const [first, second] = [events.toReversed(), events.toSorted((a, b) => (a.hash < b.hash ? -1 : 1))];
    await Promise.all([...first, ...second].map(foldEvent));
    for (const event of events) await foldEvent(event);
    const sum = BigInt(events.reduce((total, _, number) => total + 100 + number, 0));
    expect(await sumEntries('partner:ptr_1:payable', forEver)).toEqual(new Map([['USD', -sum]]));
    expect(await sumEntries('partner:ptr_1:on-hold', at)).toEqual(new Map([['USD', -sum]]));
    expect((await sumTotals(forEver)).get('USD program:expense:commission')).toBe(sum);
    expect((await sumTotals(forEver)).get('USD partner:<partner>:on-hold')).toBe(0n);
  });

  test('then one without journals is no matter', async () => {
    const { result, requests } = await captureOf(() => foldEvent(aHappening('deal_1', [], at).event));
    expect([result, requests]).toEqual([undefined, []]);
  });

  test('then a journal that something else has booked already is refused, and nothing of the event is folded', async () => {
    const mine = anEarning('ern_mine', 700, 'ptr_twice');
    await foldEvent(mine);
    const [again] = mine.journals ?? [];
    const fresh = earned('ern_fresh', { partnerId: 'ptr_twice', amountMinor: 1, at, holdUntil: forEver });
    const other = aHappening('ern_other', [...fresh, again as Journal]).event;
    await expect(foldEvent(other)).rejects.toThrow(/was booked before, by something else/);
    expect(await sumEntries('partner:ptr_twice:on-hold', at)).toEqual(new Map([['USD', -700n]]));
  });

  test('then an account that the chart does not know is refused', async () => {
    const journal = { id: 'jrn_1', at, currency: 'USD', lines: [...move(5, 'cash', 'bank')] };
    await expect(foldEvent(aHappening('ern_cash', [journal]).event)).rejects.toThrow(/does not know cash/);
    expect(() => journalOf(['cash'], journal)).toThrow(/does not know cash/);
  });
});

describe('when a journal is folded, then it is', () => {
  const given: readonly Journal[] = [
    journalOf(['given'], {
      at,
      currency: 'USD',
      lines: move(9, budgetAccount('p', '2026-Q3', 'available'), budgetsAllocated),
    }),
  ];
  test.each([
    ['one request of 6 write units for a budget that is given', aHappening('bud_1', given).event, 6],
    ['one request of 14 for an earning and the end of its hold', anEarning('ern_units'), 14],
  ])('%s', async (_, event, units) => {
    const { requests } = await captureOf(() => foldEvent(event));
    const costs = requests.flatMap(({ items }) => items);
    expect(requests).toHaveLength(1);
    expect(costs.reduce((sum, { tableUnits, indexUnits }) => sum + tableUnits + indexUnits, 0)).toBe(units);
    expect(Math.max(...costs.map(({ bytes }) => bytes))).toBeLessThan(700);
  });
});
