import { operation } from '#functions/http/door.ts';
import { pageAsked } from '#functions/http/page-asked.ts';
import * as contracts from '#shared/approvals/approval-contract.ts';
import { viewApproval } from '#shared/approvals/approval-contract.ts';
import { listApprovals as list } from '#shared/approvals/approval-store.ts';

/** GET /v1/approvals: what the caller's role decides; an admin, who decides little, sees all. */
export const listApprovals = operation(contracts.listApprovals, async ({ caller, query, now }) => {
  const { nextCursor, ...part } = pageAsked('list-approvals', caller, query);
  const role = caller.kind === 'anonymous' || caller.role === 'admin' ? undefined : caller.role;
  const page = await list({ status: query.status, kind: query.kind, role, ...part });
  const data = page.approvals.map((approval) => viewApproval(approval, now));
  return { status: 200, body: { data, nextCursor: nextCursor(page.after) } };
});
