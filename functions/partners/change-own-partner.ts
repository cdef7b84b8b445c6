import { answerChange, type ChangeRequest } from '#functions/http/answer-change.ts';
import type { Answer } from '#functions/http/door.ts';
import { mustReach, type Operation } from '#shared/core/access.ts';
import { byStaff } from '#shared/core/caller.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { changePartner, getPartner } from '#shared/partners/partner-store.ts';
import { viewPartner } from '#shared/partners/partner-view.ts';
import type { SuccessPlan } from '#shared/partners/success-plan.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import type { Program } from '#shared/program/program.ts';
import { programAt } from '#shared/program/program-store.ts';

interface PartnerRequest extends ChangeRequest {
  readonly params: { readonly partnerId: string };
}

/** What a change is called, and what it makes of the partner. */
export interface PartnerDecision {
  readonly operation: Operation;
  readonly type: string;
  /** Whether the caller must say which version it has seen, where that hangs on the partner. */
  readonly needsVersion?: (partner: Partner) => boolean;
  readonly decide: (partner: Partner, program: Program) => Partner;
  readonly plan?: (program: Program) => SuccessPlan;
}

/** A command on an existing partner whom the caller reaches. */
export const changeOwnPartner = (request: PartnerRequest, decision: PartnerDecision): Promise<Answer> =>
  answerChange(request, async () => {
    const { caller, intent, now, params } = request;
    // Another partner answers as one that is not there, without being read.
    mustReach(decision.operation, caller, params.partnerId);
    const partner = await getPartner(params.partnerId);
    return {
      before: partner,
      needsVersion: decision.needsVersion?.(partner),
      view: (it) => viewPartner(it, { now, byStaff: byStaff(caller) }),
      save: async () => {
        const { program } = await programAt(now);
        const next = changePartner(partner, decision.decide(partner, program), {
          type: decision.type,
          intent,
          ...(decision.plan ? { plan: decision.plan(program) } : {}),
        });
        return commitChange(partner, next);
      },
    };
  });
