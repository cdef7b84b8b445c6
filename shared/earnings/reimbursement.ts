import { derivedId } from '#shared/core/ids.ts';
import type { Money } from '#shared/core/money.ts';
import type { Program } from '#shared/program/program.ts';
import { type Earning, holdFrom, newEarning } from './earning.ts';

/** An approved claim, as its earning needs it. */
export interface ApprovedClaim {
  readonly claimId: string;
  readonly requestId: string;
  readonly activityType: string;
  readonly partnerId: string;
  readonly approved: Money;
  /** Version of the program that the fund request was made under. */
  readonly programVersion: number;
}

/**
 * The earning of an approved claim, on hold as the program says from the decision on. Its id is made from the claim, so a claim is
 * reimbursed once.
 */
export const reimbursementEarning = (
  claim: ApprovedClaim,
  about: { readonly at: string; readonly program: Pick<Program, 'payouts' | 'timeZone' | 'fiscalYearStart'> },
): Earning =>
  newEarning({
    id: derivedId('ern', claim.claimId, 'mdf-reimbursement'),
    status: 'on_hold',
    kind: 'mdf-reimbursement',
    partnerId: claim.partnerId,
    claimId: claim.claimId,
    amount: claim.approved,
    createdAt: about.at,
    ...holdFrom('mdf-reimbursement', about.at, about.program),
    explanation: {
      rule: 'mdf',
      programVersion: claim.programVersion,
      inputs: { request: claim.requestId, activityType: claim.activityType },
    },
  });
