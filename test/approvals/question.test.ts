import { beforeAll, describe, expect, test } from 'vitest';
import { handler as knownAccounts } from '#functions/known-accounts/door.ts';
import { readSubject } from '#shared/approvals/subject-store.ts';
import { addDays } from '#shared/core/time.ts';
import {
  aStoredDeal,
  call,
  freshCustomer,
  freshPartner,
  large,
  look,
  now,
  register,
  small,
} from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { send } from '#test/support/call.ts';
import { manager } from '#test/support/people.ts';
import { questionAbout } from '#workflows/approvals/question.ts';
import { aWaitingDeal, storyOf } from './a-waiting-deal.ts';

/** From this year on the program does not compare names. */
const carelessYear = '2028-07-03T12:00:00.000Z';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  const program = aProgram();
  await publish(program);
  const { lookAlikeThreshold: _threshold, ...deals } = program.deals;
  await publish({ ...program, deals }, { version: 2, at: '2028-01-01T00:00:00.000Z' });
});

const checkOf = async (approvalId: string, name: string) =>
  (await storyOf(approvalId)).approval.checks.find(({ check }) => check === name);

const registered = async (companyName: string, overrides: Record<string, unknown> = {}, at = now) => {
  const customer = freshCustomer({ companyName });
  return String((await register(await freshPartner(), { customer, value: large, ...overrides }, { at })).body.id);
};

describe('when names of customers are compared', () => {
  const rows: readonly (readonly [known: string, asked: string, alike: boolean])[] = [
    ['Acme Industries, Inc.', 'ACME Industries LLC', true],
    ['Borealis Shipping', 'Borealis  Shipping GmbH & Co. KG', true],
    ['Cassiopeia Foods', 'Casiopeia Foods', true],
    ['Dunmore Group Holdings', 'Holdings Group Dunmore', true],
    ['Ellery Motors', 'Ellery Pianos', false],
    ['Zauberkaféco', 'Zauberkafé Pianos', false],
    ['Fairbanks Steel', 'Quintessa Hotels', false],
  ];
  test.each(rows)('then “%s” and “%s”: are they alike?', async (known, asked, alike) => {
    const dealId = await registered(known);
    const { approvalId } = await aWaitingDeal({ customer: freshCustomer({ companyName: asked }) });
    const check = await checkOf(approvalId, 'look-alike-names');
    expect(check?.outcome).toBe(alike ? 'warn' : 'pass');
    if (alike) expect(check?.detail).toContain(`${known} (${dealId})`);
  });

  const unlike: readonly (readonly [label: string, overrides: Record<string, unknown>, at: string])[] = [
    ['of another product line', { productLine: 'analytics' }, now],
    ['of the year in which names are not compared', { expectedCloseDate: '2028-12-01' }, carelessYear],
  ];
  test.each(unlike)('then one %s is not told', async (_label, overrides, at) => {
    const name = `Gloriana ${at}${Object.keys(overrides)}`;
    await registered(name, at === now ? {} : overrides, at);
    const { approvalId } = await aWaitingDeal({ customer: freshCustomer({ companyName: name }), ...overrides }, at);
    expect((await checkOf(approvalId, 'look-alike-names'))?.outcome).toBe('pass');
  });

  test('then approved ones are compared too', async () => {
    await registered('Hyperion Rail', { value: small });
    const { approvalId } = await aWaitingDeal({ customer: freshCustomer({ companyName: 'Hyperion Rail AG' }) });
    expect((await checkOf(approvalId, 'look-alike-names'))?.outcome).toBe('warn');
  });

  test('then the partner is told nothing of it', async () => {
    const other = await registered('Isolde Wines');
    const { rep, dealId } = await aWaitingDeal({ customer: freshCustomer({ companyName: 'Isolde Wines Ltd' }) });
    expect(JSON.stringify(await look(dealId, rep, addDays(now, 1)))).not.toContain(other);
  });
});

describe('when a close is proposed', () => {
  test('then limits are measured on what would be sold, not on what was registered', async () => {
    const { dealId, rep } = await aStoredDeal({ value: small });
    const body = { outcome: 'won', closedOn: '2026-07-01', value: large };
    await call('close-deal', { caller: rep, params: { dealId }, body });
    const subject = await readSubject(dealId);
    if (!subject?.entity.awaits) throw new Error('The close was not proposed.');
    expect(await questionAbout(subject, subject.entity.awaits, aProgram())).toMatchObject({
      kind: 'deal_close',
      amount: large,
    });
  });
});

describe('when direct sales knows the account', () => {
  test('then whoever decides reads how', async () => {
    const customer = freshCustomer({ companyName: 'Jotunheim Energy' });
    const body = {
      companyName: 'Jotunheim',
      websiteUrl: customer.websiteUrl,
      openOpportunity: true,
      customerSince: '2024-02-29',
    };
    await send(knownAccounts, { operation: 'record-known-account', caller: manager, at: now, body });
    const { approvalId } = await aWaitingDeal({ customer });
    expect(await checkOf(approvalId, 'known-to-direct-sales')).toMatchObject({
      outcome: 'warn',
      detail: 'Direct sales works on Jotunheim with an open opportunity, a customer since 2024-02-29.',
    });
  });
});
