import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/approvals/approval-contract.ts';
import { viewApproval } from '#shared/approvals/approval-contract.ts';
import { listApprovals as list } from '#shared/approvals/approval-store.ts';
import { makeCursor, readCursor } from '#shared/platform/cursor.ts';

/** GET /v1/approvals: what the caller's role decides; an admin, who decides little, sees all. */
export const listApprovals = operation(contracts.listApprovals, async ({ caller, query, now }) => {
  const { limit, cursor, ...filter } = query;
  const scope = { callerId: caller.id, operation: 'list-approvals', filter };
  const role = caller.kind === 'anonymous' || caller.role === 'admin' ? undefined : caller.role;
  const page = await list({
    status: query.status,
    kind: query.kind,
    role,
    after: cursor ? readCursor(cursor, scope) : undefined,
    limit,
  });
  const nextCursor = page.after ? makeCursor(page.after, scope) : null;
  return { status: 200, body: { data: page.approvals.map((approval) => viewApproval(approval, now)), nextCursor } };
});
