import { answerChange, type ChangeRequest } from '#functions/http/answer-change.ts';
import type { Answer } from '#functions/http/door.ts';
import { mustReach, type Operation } from '#shared/core/access.ts';
import { byStaff, type Caller } from '#shared/core/caller.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { changePartner, getPartner, getPartnerWithPlan, type PartnerInFull } from '#shared/partners/partner-store.ts';
import { viewPartner } from '#shared/partners/partner-view.ts';
import type { SuccessPlan } from '#shared/partners/success-plan.ts';
import type { Payee } from '#shared/payouts/payee.ts';
import { getPayeeVersion, type PayeeChange } from '#shared/payouts/payee-store.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import type { Program } from '#shared/program/program.ts';
import { programAt } from '#shared/program/program-store.ts';

interface PartnerRequest extends ChangeRequest {
  readonly params: { readonly partnerId: string };
}

/** What a change is called, and what it makes of the partner. */
export interface PartnerDecision {
  readonly operation: Operation;
  readonly type: string | ((before: Partner, after: Partner) => string);
  /** Whether the caller must say which version it has seen, where that hangs on the partner. */
  readonly needsVersion?: (partner: Partner) => boolean;
  readonly decide: (partner: Partner, program: Program) => Partner;
  readonly plan?: (program: Program) => SuccessPlan;
  /** Where it is paid from now on, when that changes. */
  readonly payee?: (before: Partner, after: Partner) => PayeeChange;
}

/** Payment details are for those who keep them and those who pay. */
export const seesPayee = (caller: Caller): boolean =>
  caller.kind === 'user' && (caller.role === 'partner_admin' || caller.role === 'finance');

/** The partner, and where it is paid if that is for the caller: in one request. */
const load = async (partnerId: string, caller: Caller): Promise<Pick<PartnerInFull, 'partner' | 'payee'>> =>
  seesPayee(caller) ? getPartnerWithPlan(partnerId) : { partner: await getPartner(partnerId), payee: undefined };

/** Where the partner was paid in an earlier state of it. */
const payeeThen = async ({ id, payeeVersion }: Partner, now: Payee | undefined): Promise<Payee | undefined> =>
  now === undefined || payeeVersion === undefined || payeeVersion === now.version
    ? now
    : (await getPayeeVersion(id, payeeVersion)).payee;

/** A command on an existing partner whom the caller reaches. */
export const changeOwnPartner = (request: PartnerRequest, decision: PartnerDecision): Promise<Answer> =>
  answerChange(request, async () => {
    const { caller, intent, now, params } = request;
    // Another partner answers as one that is not there, without being read.
    mustReach(decision.operation, caller, params.partnerId);
    const { partner, payee: present } = await load(params.partnerId, caller);
    let made: PayeeChange | undefined;
    return {
      before: partner,
      needsVersion: decision.needsVersion?.(partner),
      view: async (it) => {
        const payee = made?.payee ?? (await payeeThen(it, present));
        return viewPartner(it, { now, byStaff: byStaff(caller), payee });
      },
      save: async () => {
        const { program } = await programAt(now);
        const after = decision.decide(partner, program);
        made = decision.payee?.(partner, after);
        const next = changePartner(partner, after, {
          type: typeof decision.type === 'string' ? decision.type : decision.type(partner, after),
          intent,
          payee: made,
          ...(decision.plan ? { plan: decision.plan(program) } : {}),
        });
        return commitChange(partner, next);
      },
    };
  });
