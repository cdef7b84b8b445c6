import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/approvals/approval-contract.ts';
import { viewApproval } from '#shared/approvals/approval-contract.ts';
import { getApproval as get } from '#shared/approvals/approval-store.ts';

/** GET /v1/approvals/{approvalId} */
export const getApproval = operation(contracts.getApproval, async ({ params, now }) => {
  const approval = await get(params.approvalId);
  return { status: 200, body: viewApproval(approval, now), version: approval.version };
});
