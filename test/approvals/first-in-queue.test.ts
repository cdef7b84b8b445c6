import { beforeAll, expect, test } from 'vitest';
import { openApproval } from '#shared/approvals/approval.ts';
import { insertApproval, listApprovals } from '#shared/approvals/approval-store.ts';
import { awaitedBy, readSubject } from '#shared/approvals/subject-store.ts';
import { systemIntent } from '#shared/core/history.ts';
import { addDays, millis } from '#shared/core/time.ts';
import { freshCustomer, freshPartner, large, now, register } from '#test/deals/at-the-deals-door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { commitGate } from '#test/support/gates.ts';
import { questionAbout } from '#workflows/approvals/question.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

/** A registration that is asked about as the workflow's first step asks; answers the approval's id. */
const ask = async (partnerId: string, at: string): Promise<string> => {
  const { body } = await register(partnerId, { value: large, customer: freshCustomer() }, { at });
  const subject = await readSubject(String(body.id));
  const awaits = subject && awaitedBy(subject);
  if (!awaits) throw new Error(`nobody is asked about ${JSON.stringify(body)}`);
  const approval = openApproval(await questionAbout(subject, awaits, aProgram()), aProgram());
  await insertApproval(approval, systemIntent('ask', approval.id, at));
  return approval.id;
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
