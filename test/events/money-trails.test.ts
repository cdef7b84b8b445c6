import { beforeAll, describe, expect, test } from 'vitest';
import type { Journal } from '#shared/core/journal.ts';
import { addDays } from '#shared/core/time.ts';
import { EventView } from '#shared/events/event-contract.ts';
import { isOfPartner } from '#shared/ledger/chart.ts';
import { budgetIdOf } from '#shared/mdf/allocate-budget.ts';
import type { Things } from '#test/access/askings.ts';
import { thingsOfAPartner } from '#test/access/things-of.ts';
import { aDecidedClaim } from '#test/mdf/a-claim.ts';
import { now } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import type { Call, Reply } from '#test/support/call.ts';
import { request } from '#test/support/every-door.ts';
import { adminOf, finance, manager, repOf } from '#test/support/people.ts';

type Moneyed = Things & { readonly budgetId: string; readonly decidedClaimId: string };

let own: Moneyed;
let others: Moneyed;

const things = async (): Promise<Moneyed> => {
  const made = await thingsOfAPartner();
  const { claimId } = await aDecidedClaim(made.partnerId, {
    outcome: 'approve',
    approvedAmount: { amountMinor: 300_000, currency: 'USD' },
    reason: 'The photo shows half of it.',
  });
  return {
    ...made,
    budgetId: budgetIdOf(made.partnerId, '2026-Q3'),
    decidedClaimId: claimId,
  };
};

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
  [own, others] = [await things(), await things()];
});

const list = (caller: Call['caller'] & object, subject: string): Promise<Reply> =>
  request({ operation: 'list-events', caller, at: now, query: { subject, limit: '100' } });

const seen = ({ body }: Reply): readonly EventView[] => body.data as readonly EventView[];
const booked = (reply: Reply): readonly Journal[] => seen(reply).flatMap(({ journals = [] }) => journals);

const subjects: readonly (readonly [string, keyof Moneyed & `${string}Id`, readonly string[]])[] = [
  ['budget', 'budgetId', ['mdf_budget.allocated']],
  ['fund request', 'requestId', ['mdf_request.submitted', 'mdf_request.approved']],
  ['claim', 'decidedClaimId', ['mdf_claim.submitted', 'mdf_claim.partially_approved']],
  ['earning', 'earningId', ['earning.accrued']],
];

describe.each(subjects)('when a partner asks for the history of its own %s', (_noun, name, types) => {
  test('then every change is there, by whom and when, in the words of the contract', async () => {
    const reply = await list(repOf(own.partnerId), own[name]);
    expect(reply.status).toBe(200);
    const told = seen(reply);
    for (const event of told) EventView.parse(event);
    expect(told.map(({ type }) => type)).toEqual(expect.arrayContaining([...types]));
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_event, index) => index + 1));
    expect(told.every(({ by, at }) => by.length > 0 && at.length > 0)).toBe(true);
  });

  test('then of its money only its own accounts are told, while staff see both sides', async () => {
    const all = booked(await list(finance, own[name]));
    const its = booked(await list(adminOf(own.partnerId), own[name]));
    const lines = (journals: readonly Journal[]) => journals.flatMap((journal) => journal.lines);
    expect(lines(its)).toEqual(lines(all).filter(({ account }) => isOfPartner(account, own.partnerId)));
    expect(all.every((journal) => lines([journal]).reduce((sum, { amountMinor }) => sum + amountMinor, 0) === 0)).toBe(
      true,
    );
  });

  test("then nothing is in it that only we need, and another partner's is not there", async () => {
    const reply = await list(repOf(own.partnerId), own[name]);
    for (const word of ['writeId', 'bodyHash', 'contentHash', 'approvals"', 'program:', others.partnerId])
      expect(JSON.stringify(reply.body)).not.toContain(word);
    const missing = await list(repOf(own.partnerId), own[name].replace(/.{26}$/, '0'.repeat(26)));
    const { requestId: _a, ...expected } = missing.body;
    const { requestId: _b, ...told } = (await list(repOf(others.partnerId), own[name])).body;
    expect(missing.status).toBe(404);
    expect(told).toEqual(expected);
  });
});

describe('when a bonus outside of the rules was asked for', () => {
  const asked = async () => {
    const body = {
      partnerId: own.partnerId,
      kind: 'bonus',
      amount: { amountMinor: 100_000, currency: 'USD' },
      reason: 'They ran our stand.',
    };
    const reply = await request({ operation: 'submit-bonus', caller: manager, at: now, body });
    const earningId = String(reply.body.id);
    return { earningId, approvalId: await anOpenApproval(earningId, now) };
  };

  test.each([
    ['waits', undefined, 404],
    ['was rejected', { outcome: 'reject', reason: 'No.' }, 404],
    ['was approved', { outcome: 'approve' }, 200],
  ])('then its history is the partner’s only once it is owed: it %s', async (_words, decision, status) => {
    const { earningId, approvalId } = await asked();
    // The statement of July is in a run already.
    if (decision) await decide(approvalId, { body: decision, caller: finance, at: addDays(now, 31) });
    expect((await list(repOf(own.partnerId), earningId)).status).toBe(status);
    expect((await list(repOf(others.partnerId), earningId)).status).toBe(404);
    expect((await list(finance, earningId)).status).toBe(200);
  });
});
