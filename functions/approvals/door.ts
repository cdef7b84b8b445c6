import { door } from '#functions/http/door.ts';
import { decideApproval } from './decide-approval.ts';
import { getApproval } from './get-approval.ts';
import { listApprovals } from './list-approvals.ts';

export const handler = door('approvals', [listApprovals, getApproval, decideApproval]);
