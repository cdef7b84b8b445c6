import { operation } from '#functions/http/door.ts';
import { saveClawback } from '#shared/mdf/claim-decision-store.ts';
import { clawBack } from '#shared/mdf/claim-dispute.ts';
import * as contracts from '#shared/mdf/mdf-contract.ts';
import { programAt } from '#shared/program/program-store.ts';
import { changeClaim } from './change-claim.ts';

/** POST /v1/mdf/claims/{claimId}/clawback */
export const clawBackMdfClaim = operation(contracts.clawBackMdfClaim, (asked) =>
  changeClaim(asked, {
    operation: 'claw-back-mdf-claim',
    status: 200,
    save: async (claim) => {
      const { intent, now, body } = asked;
      const { program } = await programAt(now);
      return saveClawback(claim, clawBack(claim, body, now), { intent, program });
    },
  }),
);
