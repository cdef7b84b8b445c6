import { againUnlessSeen } from '#functions/http/again-unless-seen.ts';
import type { Answer } from '#functions/http/door.ts';
import { type Operation, reaches } from '#shared/core/access.ts';
import { type Caller, isStaff } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { changePartner, getPartner, savePartner } from '#shared/partners/partner-store.ts';
import { viewPartner } from '#shared/partners/partner-view.ts';
import type { SuccessPlan } from '#shared/partners/success-plan.ts';
import { checkIntent, entityAt } from '#shared/platform/history-store.ts';
import type { Program } from '#shared/program/program.ts';
import { programAt } from '#shared/program/program-store.ts';

/** The part of a request that every change of an existing partner needs. */
interface ChangeRequest {
  readonly caller: Caller;
  readonly now: string;
  readonly params: { readonly partnerId: string };
  readonly seen: { readonly version: number | undefined; readonly required: boolean };
  readonly intent: Intent;
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

export const byStaff = (caller: Caller): boolean => caller.kind !== 'anonymous' && isStaff(caller.role);

/** The partner, if the caller may see it. Throws `not_found`, for another partner too, without reading it. */
export const mustReach = (operation: Operation, caller: Caller, partnerId: string): void => {
  if (!reaches(operation, caller, partnerId)) throw notFound();
};

const change = async (request: ChangeRequest, decision: PartnerDecision): Promise<Answer> => {
  const { caller, intent, now, seen } = request;
  mustReach(decision.operation, caller, request.params.partnerId);
  const partner = await getPartner(request.params.partnerId);
  const looking = { now, byStaff: byStaff(caller) };
  const required = seen.required || (decision.needsVersion?.(partner) ?? false);
  const done = checkIntent(partner, intent, { ...seen, required });
  if (done !== undefined) {
    const then = await entityAt(partner, done);
    return { status: 200, body: viewPartner(then, looking), version: done, replayed: true };
  }
  const { program } = await programAt(now);
  const next = changePartner(partner, decision.decide(partner, program), {
    type: decision.type,
    intent,
    ...(decision.plan ? { plan: decision.plan(program) } : {}),
  });
  const { entity, replayed } = await savePartner(partner, next);
  return { status: 200, body: viewPartner(entity, looking), version: entity.version, replayed };
};

/** Load, decide, save, return: the one sentence of every command on an existing partner. */
export const changeOwnPartner = (request: ChangeRequest, decision: PartnerDecision): Promise<Answer> =>
  againUnlessSeen(request.seen, () => change(request, decision));
