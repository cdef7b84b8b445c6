import { type Approval, Approval as StoredApproval } from '#shared/approvals/approval.ts';
import { getApproval } from '#shared/approvals/approval-store.ts';
import { brokenLink, type StoredEvent } from '#shared/core/history.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { freshCustomer, freshPartner, large, now, register } from '#test/deals/at-the-deals-door.ts';
import { anOpenApproval } from '#test/support/approvals.ts';
import { repOf } from '#test/support/people.ts';

/** Names that no name check finds alike; a table holds fewer deals at a time than there are of them. */
const syllables = ['ba', 'ke', 'li', 'mo', 'nu', 'ra', 'se', 'ti', 'vo', 'zu'];
let serial = 0;
const freshName = (): string => {
  serial += 1;
  const digits = String(serial * 7919).padStart(5, '0');
  return [...digits].map((digit) => syllables[Number(digit)]).join('');
};

/** A deal of a partner of its own that waits for a decision, and the approval that asks for it. */
export const aWaitingDeal = async (overrides: Record<string, unknown> = {}, at = now) => {
  const partnerId = await freshPartner();
  const customer = freshCustomer({ companyName: freshName() });
  const { body } = await register(partnerId, { value: large, customer, ...overrides }, { at });
  const dealId = String(body.id);
  return { partnerId, dealId, rep: repOf(partnerId), customer, approvalId: await anOpenApproval(dealId, at) };
};

/** The approval as it is stored, and its events. Throws where they do not fit together. */
export const storyOf = async (
  approvalId: string,
): Promise<{ approval: Approval; events: readonly StoredEvent[]; types: readonly string[] }> => {
  const approval = StoredApproval.parse(await getApproval(approvalId));
  const events = await listEvents(approvalId, 1, 100);
  const broken = brokenLink(events);
  if (broken) throw new Error(broken);
  if (events.length !== approval.version || events.at(-1)?.hash !== approval.head) {
    throw new Error(`${approvalId} is cut short`);
  }
  return { approval, events, types: events.map(({ type }) => type) };
};
