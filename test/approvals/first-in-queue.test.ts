import { beforeAll, expect, test } from 'vitest';
import { listApprovals } from '#shared/approvals/approval-store.ts';
import { addDays, millis } from '#shared/core/time.ts';
import { freshCustomer, freshPartner, large, now, register } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anOpenApproval } from '#test/support/approvals.ts';
import { commitGate } from '#test/support/gates.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

/** A registration that waits for a decision; answers its approval's id. */
const ask = async (partnerId: string, at: string): Promise<string> => {
  const { body } = await register(partnerId, { value: large, customer: freshCustomer() }, { at });
  return anOpenApproval(String(body.id), at);
};

test('when a tier comes first in the review queue, then its registrations stand before others that are due on the same day', async () => {
  const platinum = await commitGate('ptr_platinum', { tier: 'platinum' });
  const early = await ask(await freshPartner(), now);
  const first = await ask(platinum, new Date(millis(now) + 30 * 60_000).toISOString());
  const later = await ask(platinum, addDays(now, 1));
  const inbox = { status: 'open', kind: undefined, role: undefined, after: undefined, limit: 10 } as const;
  const { approvals } = await listApprovals(inbox);
  expect(approvals.map((approval) => approval.id)).toEqual([first, early, later]);
});
