import { door } from '#functions/http/door.ts';
import { allocateMdfBudget } from './allocate-mdf-budget.ts';
import { clawBackMdfClaim } from './claw-back-mdf-claim.ts';
import { disputeMdfClaim } from './dispute-mdf-claim.ts';
import { getMdfClaim } from './get-mdf-claim.ts';
import { getMdfRequest } from './get-mdf-request.ts';
import { listMdfBudgets } from './list-mdf-budgets.ts';
import { listMdfClaims } from './list-mdf-claims.ts';
import { listMdfRequests } from './list-mdf-requests.ts';
import { resubmitMdfClaim } from './resubmit-mdf-claim.ts';
import { resubmitMdfRequest } from './resubmit-mdf-request.ts';
import { submitMdfClaim } from './submit-mdf-claim.ts';
import { submitMdfRequest } from './submit-mdf-request.ts';
import { withdrawMdfRequest } from './withdraw-mdf-request.ts';

export const handler = door('mdf', [
  listMdfBudgets,
  allocateMdfBudget,
  submitMdfRequest,
  listMdfRequests,
  getMdfRequest,
  resubmitMdfRequest,
  withdrawMdfRequest,
  submitMdfClaim,
  listMdfClaims,
  getMdfClaim,
  resubmitMdfClaim,
  disputeMdfClaim,
  clawBackMdfClaim,
]);
