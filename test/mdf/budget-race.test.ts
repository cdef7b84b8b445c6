import { beforeAll, expect, test } from 'vitest';
import type { Money } from '#shared/core/money.ts';
import { budgetIdOf } from '#shared/mdf/allocate-budget.ts';
import { getBudget } from '#shared/mdf/budget-store.ts';
import { freshPartner, now } from '#test/deals/at-the-deals-door.ts';
import { type Prng, prngOf } from '#test/faults/prng.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import type { Reply } from '#test/support/call.ts';
import { aPlanFor, grant, submit } from './a-fund-request.ts';

const workers = 64;
const rounds = Number(process.env.MDF_ROUNDS ?? 10);
const seed = Number(process.env.SEED ?? 1);
const budget = 1_000_000;
/** Sums to more than ten budgets for as many requests as there are workers. */
const meanAmount = Math.ceil((11 * budget) / workers);

interface Asked {
  readonly amountMinor: number;
  readonly approvalId: string;
}

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const ask = async (partnerId: string, prng: Prng): Promise<Asked> => {
  const amountMinor = 1 + prng.int(2 * meanAmount);
  const { status, body } = await submit(partnerId, aPlanFor(amountMinor));
  expect(status).toBe(201);
  return { amountMinor, approvalId: await anOpenApproval(String(body.id), now) };
};

const availableTo = async (partnerId: string): Promise<number> =>
  (await getBudget(budgetIdOf(partnerId, '2026-Q3'))).balances.available;

/** What a refusal says was available, when it was refused for that. */
const saidAvailable = ({ body }: Reply): number => {
  expect(body.code).toBe('mdf.budget_exceeded');
  return (body.available as Money).amountMinor;
};

test(`when ${workers} workers approve ten times a budget at once, ${rounds} times, then it is never overspent, and nothing is refused that would have fitted (SEED=${seed})`, {
  timeout: 1_200_000,
}, async () => {
  const prng = prngOf(seed);
  const partnerId = await freshPartner();
  let waiting: readonly Asked[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await grant(partnerId, budget);
    const fresh = Array.from({ length: workers - waiting.length }, () => ask(partnerId, prng));
    const asked = [...waiting, ...(await Promise.all(fresh))];
    const before = await availableTo(partnerId);
    const sum = asked.reduce((total, { amountMinor }) => total + amountMinor, 0);
    if (round === 0) expect(sum).toBeGreaterThan(before * 8);
    const replies = await Promise.all(asked.map(({ approvalId }) => decide(approvalId)));
    const after = await availableTo(partnerId);
    const approved = asked.filter((_, index) => replies[index]?.body.status === 'approved');
    const refused = asked.filter((each) => !approved.includes(each));
    expect(after).toBe(before - approved.reduce((total, { amountMinor }) => total + amountMinor, 0));
    expect(after).toBeGreaterThanOrEqual(0);
    for (const { amountMinor, approvalId } of refused) {
      const reply = replies[asked.findIndex((it) => it.approvalId === approvalId)];
      expect(reply && saidAvailable(reply)).toBeLessThan(amountMinor);
      expect(after).toBeLessThan(amountMinor);
    }
    waiting = refused;
  }
});
