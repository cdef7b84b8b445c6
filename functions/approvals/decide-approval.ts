import { type Answer, operation } from '#functions/http/door.ts';
import type { Approval, Decision } from '#shared/approvals/approval.ts';
import * as contracts from '#shared/approvals/approval-contract.ts';
import { viewApproval } from '#shared/approvals/approval-contract.ts';
import { changeApproval } from '#shared/approvals/approval-store.ts';
import { withAmount } from '#shared/approvals/approved-amount.ts';
import { asOf, type Decider, decideApproval as decide, whyNot } from '#shared/approvals/decide-approval.ts';
import { effectOf } from '#shared/approvals/effect-store.ts';
import { mustHaveCleanEyes } from '#shared/approvals/eyes-store.ts';
import { readBoth, type Subject } from '#shared/approvals/subject-store.ts';
import { subjectOf } from '#shared/core/awaited.ts';
import { notFound } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import type { Evaluation } from '#shared/partners/partner.ts';
import { checkIntent, commitChange, entityAt } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

/** Writes the decision, and with the last one its effect, in one transaction. */
const save = async (
  approval: Approval,
  subject: Subject,
  about: {
    readonly decision: Decision;
    readonly evaluation: Evaluation | undefined;
    readonly intent: Intent;
    readonly by: Decider;
  },
) => {
  const { decision, evaluation, intent, by } = about;
  const decided = decide(approval, decision);
  const type = decided.status === 'open' ? 'approval.decided' : `approval.${decided.status}`;
  const change = changeApproval(approval, decided, { type, intent, by });
  const terms = await programAt(intent.at);
  const effects =
    decided.status === 'open'
      ? []
      : [
          effectOf(approval, subject, {
            decision: withAmount(approval, decision),
            evaluation,
            intent,
            terms,
          }),
        ];
  const eyes = mustHaveCleanEyes(approval.kind, by, { now: intent.at, payouts: terms.program.payouts });
  return commitChange(
    approval,
    { ...change, writes: [...change.writes, ...effects.flatMap((effect) => effect.writes), ...eyes] },
    effects.flatMap((effect) => effect.events),
  );
};

/** POST /v1/approvals/{approvalId}/decision */
export const decideApproval = operation(contracts.decideApproval, async (request): Promise<Answer> => {
  const { caller, intent, now } = request;
  const { approvalId } = request.params;
  const subjectId = subjectOf(approvalId);
  if (subjectId === undefined || caller.kind === 'anonymous') throw notFound();
  const { approval, subject } = await readBoth(approvalId, subjectId);
  if (!approval || !subject) throw notFound();
  const done = checkIntent(approval, intent, { version: undefined, required: false });
  if (done !== undefined) {
    const then = asOf(await entityAt(approval, done));
    return { status: 200, body: viewApproval(then, now), version: done, replayed: true };
  }
  const refusal = whyNot(approval, caller);
  if (refusal) throw refusal;
  checkIntent(approval, intent, request.seen);
  const { outcome, reason, approvedAmount, evaluation } = request.body;
  const decision: Decision = {
    by: caller.id,
    at: now,
    outcome,
    ...(reason ? { reason } : {}),
    ...(approvedAmount ? { approvedAmount } : {}),
  };
  const { entity, replayed } = await save(approval, subject, { decision, evaluation, intent, by: caller });
  return { status: 200, body: viewApproval(entity, now), version: entity.version, replayed };
});
