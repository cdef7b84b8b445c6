import type { Approval } from '#shared/approvals/approval.ts';
import { findKnownAccount } from '#shared/deals/customer-store.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { sendOnce } from '#shared/platform/mail.ts';
import { findUser } from '#shared/users/user-store.ts';

/** An approved registration binds direct sales too: whoever recorded the account is told. */
export const followDeal = async (approval: Approval, deal: Deal): Promise<void> => {
  if (approval.kind !== 'deal_registration' || approval.status !== 'approved') return;
  const known = await findKnownAccount(deal.customer.domain);
  const owner = known ? await findUser(known.ownerId) : undefined;
  if (!known || !owner) return;
  await sendOnce(
    { subject: approval.id, seq: approval.version },
    {
      to: [owner.email],
      subject: `Registered by a partner: ${known.companyName} (${deal.productLine})`,
      text: `A partner's registration of this account was approved and is protected until ${deal.protectedUntil}. Direct sales does not work on this product line there until then.`,
    },
  );
};
