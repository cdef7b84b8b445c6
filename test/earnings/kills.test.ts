import { beforeAll, describe, expect, test } from 'vitest';
import { brokenLink } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { getDeal } from '#shared/deals/deal-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { read } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { die } from '#test/support/mortal-requests.ts';
import { earnDeal } from '#workflows/earnings/earn-deal.ts';
import { settlePeriods } from '#workflows/earnings/settle-period.ts';
import { anOpenDeal, earningsOf, inWords, now, pay, refund, usd, win } from './at-the-earnings-door.ts';
import { publishedRules } from './published-rules.ts';

const quarterEnd = '2026-10-01T00:20:00.000Z';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publishedRules(
    { id: 'commission', percent: 10 },
    { id: 'spiff', kind: 'spiff', flat: usd(50_000), budget: usd(100_000_000) },
    { id: 'rebate', kind: 'rebate', per: 'quarter', salesFrom: usd(1_000_000), percent: 2 },
  );
});

/** A deal that was paid in two parts and refunded once, and nothing of it booked yet. */
const aStory = async () => {
  const { partnerId, dealId } = await anOpenDeal();
  await win(dealId);
  await pay(dealId, { amount: usd(500_000) });
  await refund(dealId, { amount: usd(200_000) }, { at: addDays(now, 1) });
  await pay(dealId, { amount: usd(600_000) }, { at: addDays(now, 2) });
  return { partnerId, dealId };
};

const whatCameOfIt = async ({ partnerId, dealId }: Awaited<ReturnType<typeof aStory>>) => {
  const earnings = await earningsOf(partnerId, addDays(now, 200));
  for (const { id } of earnings) expect(brokenLink(await listEvents(id, 1, 100))).toBeUndefined();
  const months = ['2026-07', '2026-08', '2026-10'].map((month) => ({ pk: partnerId, sk: `statement#USD#${month}` }));
  const statements = (await read(months)).map((item) => item && [item.amountDue, item.earnings]);
  return { earnings: inWords(earnings), statements, due: (await getDeal(dealId)).due };
};

// One after the other, "after this request" is "before the next": a few of them are enough.
describe.each([
  ['before', 1],
  ['after', 5],
] as const)('when the worker is killed %s any of its requests', (when, step) => {
  test('then, run again, it has booked everything once', { timeout: 300_000 }, async () => {
    const clean = await aStory();
    await earnDeal(clean.dealId);
    const wanted = await whatCameOfIt(clean);
    expect(wanted.due).toBeUndefined();
    expect(wanted.earnings).toHaveLength(8);
    for (let at = 1; ; at += step) {
      const story = await aStory();
      const died = await die({ at, when }, () => earnDeal(story.dealId));
      await earnDeal(story.dealId);
      expect(await whatCameOfIt(story), `killed ${when} request ${at}`).toEqual(wanted);
      if (!died) break;
    }
  });
});

test('when the settlement is killed anywhere and runs again, then each rebate is booked once', {
  timeout: 300_000,
}, async () => {
  const sellers: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const { partnerId, dealId } = await anOpenDeal();
    await win(dealId);
    await earnDeal(dealId);
    sellers.push(partnerId);
  }
  for (let at = 1; at < 400; at += 7)
    for (const when of ['before', 'after'] as const) await die({ at, when }, () => settlePeriods(quarterEnd));
  await Promise.all([settlePeriods(quarterEnd), settlePeriods(addDays(quarterEnd, 1))]);
  for (const partnerId of sellers) {
    const rebates = (await earningsOf(partnerId, quarterEnd)).filter(({ kind }) => kind === 'rebate');
    expect(inWords(rebates)).toEqual(['rebate 400.00 on_hold']);
  }
});
