import { door } from '#functions/http/door.ts';
import { acceptSuccessPlan } from './accept-success-plan.ts';
import { getSuccessPlan } from './get-success-plan.ts';
import { listSuccessPlans } from './list-success-plans.ts';
import { proposeSuccessPlan } from './propose-success-plan.ts';
import { updateSuccessPlan } from './update-success-plan.ts';

export const handler = door('success-plans', [
  proposeSuccessPlan,
  getSuccessPlan,
  acceptSuccessPlan,
  updateSuccessPlan,
  listSuccessPlans,
]);
