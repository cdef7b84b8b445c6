import { door } from '#functions/http/door.ts';
import { allocateMdfBudget } from './allocate-mdf-budget.ts';
import { getMdfRequest } from './get-mdf-request.ts';
import { listMdfBudgets } from './list-mdf-budgets.ts';
import { listMdfRequests } from './list-mdf-requests.ts';
import { resubmitMdfRequest } from './resubmit-mdf-request.ts';
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
]);
