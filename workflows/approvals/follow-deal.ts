import type { Approval } from '#shared/approvals/approval.ts';
import { findKnownAccount } from '#shared/deals/customer-store.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { sendOnce } from '#shared/platform/mail.ts';
import { findUser, listStaffEmails } from '#shared/users/user-store.ts';

/** Whoever recorded the account; where that was a machine, or somebody who has left, all partner managers. */
const addressesOf = async (ownerId: string): Promise<readonly string[]> => {
  const owner = await findUser(ownerId);
  return owner && owner.status !== 'deactivated' ? [owner.email] : listStaffEmails('partner_manager');
};

/** An approved registration binds direct sales too, so the account's owner is told. */
export const followDeal = async (approval: Approval, deal: Deal): Promise<void> => {
  if (approval.kind !== 'deal_registration' || approval.status !== 'approved') return;
  const known = await findKnownAccount(deal.customer.domain);
  if (!known) return;
  await sendOnce(
    { subject: approval.id, seq: approval.version },
    {
      to: await addressesOf(known.ownerId),
      subject: `Registered by a partner: ${known.companyName} (${deal.productLine})`,
      text: `A partner's registration of this account was approved and is protected until ${deal.protectedUntil}. Direct sales does not work on this product line there until then.`,
    },
  );
};
