import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { getDeal } from '#shared/deals/deal-store.ts';
import { partnerAccount } from '#shared/ledger/chart.ts';
import { call } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { faultsOfRule } from '#test/program/faults-of-rule.ts';
import { publish } from '#test/support/a-program.ts';
import type { Call, Reply } from '#test/support/call.ts';
import { finance, repOf } from '#test/support/people.ts';
import { withRules } from './a-won-deal.ts';
import { anOpenDeal, ask, earningsOf, follow, inWords, now, refund, usd, win } from './at-the-earnings-door.ts';

const rules = withRules(
  { id: 'share', percent: 10 },
  { id: 'adopted', kind: 'bonus', per: 'milestone', milestone: 'hundred-users', percent: 2 },
  { id: 'loved', kind: 'bonus', per: 'milestone', milestone: 'thousand-users', flat: usd(50_000) },
);

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(rules);
});

const report = (dealId: string, body: Record<string, unknown> = {}, more: Partial<Call> = {}): Promise<Reply> =>
  call('report-milestone', {
    caller: finance,
    params: { dealId },
    body: { milestone: 'hundred-users', reachedOn: '2026-07-01', ...body },
    ...more,
  });

const aWonDeal = async (closing: Record<string, unknown> = {}) => {
  const deal = await anOpenDeal();
  await win(deal.dealId, closing);
  return deal;
};

describe('when a customer reaches a milestone', () => {
  test('then what the program rewards is on hold at once, whether the customer has paid or not, and explains itself', async () => {
    const { dealId, partnerId } = await aWonDeal();
    const reply = await report(dealId);
    expect(reply).toMatchObject({ status: 201, body: { milestones: [{ milestone: 'hundred-users' }] } });
    for (let time = 0; time < 2; time += 1) await follow(dealId);
    const earnings = await earningsOf(partnerId);
    expect(inWords(earnings)).toEqual(['bonus 400.00 on_hold', 'commission 2,000.00 pending']);
    const bonus = earnings.find(({ kind }) => kind === 'bonus');
    expect(bonus).toMatchObject({ payableAt: addDays(now, 30) });
    expect(bonus?.explanation.text).toBe(
      '2 % of USD 20,000.00, because the customer reached "hundred-users": USD 400.00.',
    );
    const { body } = await ask('explain-earning', { params: { earningId: String(bonus?.id) } });
    const accounts = (body.journals as { lines: { account: string }[] }[]).flatMap(({ lines }) =>
      lines.map(({ account }) => account),
    );
    expect(accounts).toContain(partnerAccount(partnerId, 'payable'));
    expect((await getDeal(dealId)).due).toBeUndefined();
  });

  test('then another milestone counts too, the same one once, and a repeat of the request not at all', async () => {
    const { dealId, partnerId } = await aWonDeal();
    const first = await report(dealId, {}, { key: 'once' });
    const again = await report(dealId, {}, { key: 'once' });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await report(dealId)).body).toMatchObject({
      status: 409,
      code: 'deal.milestone_reached',
      reachedOn: '2026-07-01',
    });
    expect((await report(dealId, { milestone: 'thousand-users' })).status).toBe(201);
    await follow(dealId);
    expect(inWords(await earningsOf(partnerId))).toEqual([
      'bonus 400.00 on_hold',
      'bonus 500.00 on_hold',
      'commission 2,000.00 pending',
    ]);
  });

  test('then a day that was named for the payment stays, and what is given back later takes nothing of the bonus', async () => {
    const { dealId, partnerId } = await aWonDeal({ invoicePaidOn: '2026-07-20' });
    await follow(dealId);
    const { due } = await getDeal(dealId);
    expect(due?.at.slice(0, 10)).toBe('2026-07-20');
    await report(dealId);
    expect((await getDeal(dealId)).due).toEqual(due);
    await follow(dealId);
    await refund(dealId, { kind: 'churn', occurredOn: '2026-07-01' });
    await follow(dealId);
    expect(inWords(await earningsOf(partnerId))).toEqual(['bonus 400.00 on_hold', 'commission 2,000.00 reversed']);
    expect((await report(dealId, { milestone: 'thousand-users' })).body.code).toBe('deal.churned');
  });

  test.each([
    ['one that the program does not reward', { milestone: 'party' }, '422 program.unknown_milestone #/milestone'],
    ['a day to come', { reachedOn: '2026-07-02' }, '422 deal.day_out_of_range #/reachedOn'],
    ['a day before the deal was won', { reachedOn: '2026-06-30' }, '422 deal.day_out_of_range #/reachedOn'],
    ['no day', { reachedOn: 'soon' }, '400 request.invalid #/reachedOn'],
    ['both', { milestone: 'party', reachedOn: '2027-01-01' }, '422 program.unknown_milestone #/milestone #/reachedOn'],
  ])('then %s is refused, and nothing is written', async (_words, body, expected) => {
    const { dealId } = await aWonDeal();
    const reply = await report(dealId, body);
    const pointers = ((reply.body.errors ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);
    expect([reply.status, reply.body.code, ...pointers].join(' ')).toBe(expected);
    expect((await getDeal(dealId)).milestones).toBeUndefined();
  });

  test('then only of a won deal, and partners do not report it themselves', async () => {
    const { dealId, partnerId } = await anOpenDeal();
    expect((await report(dealId)).body.code).toBe('state.transition_not_allowed');
    expect((await report(dealId, {}, { caller: repOf(partnerId) })).body.code).toBe('auth.forbidden');
  });
});

describe('when a program file has a rule per milestone', () => {
  const faultsOf = faultsOfRule({ id: 'rule', name: 'Rule', kind: 'bonus', percent: 2 });

  test.each([
    ['one that names it', { per: 'milestone', milestone: 'hundred-users' }, ''],
    ['one that names none', { per: 'milestone' }, 'must have "milestone"'],
    ['a rule per deal that names one', { per: 'deal', milestone: 'hundred-users' }, 'is for rules per milestone'],
    [
      'one on sales',
      { per: 'milestone', milestone: 'hundred-users', salesFrom: '100 USD' },
      'is said of sales of a quarter or a year',
    ],
    [
      'one with each invoice',
      { per: 'milestone', milestone: 'hundred-users', recurring: 'each-invoice' },
      'a milestone is reached once',
    ],
    [
      'a discount',
      { per: 'milestone', milestone: 'hundred-users', kind: 'margin-discount' },
      'what is paid up front waits for no milestone',
    ],
  ])('then %s is judged in words', (_words, rule, expected) => {
    const said = faultsOf(rule);
    expect(expected === '' ? said === '' : said.includes(expected), said).toBe(true);
  });
});
