import { DomainError } from '#shared/core/errors.ts';
import { compareMoney, formatMoney, type Money } from '#shared/core/money.ts';
import type { Approval, Decision } from './approval.ts';

const pointer = '#/approvedAmount';

const refuse = (code: string, detail: string, facts: Readonly<Record<string, unknown>> = {}): DomainError =>
  new DomainError('rule', code, `The approved amount ${detail}.`, { facts, errors: [{ pointer, code, detail }] });

/** What those who decided before approved; undefined when nobody did. */
const approvedBefore = ({ steps }: Pick<Approval, 'steps'>): Money | undefined =>
  steps.flatMap((step) => step.decisions).find(({ outcome }) => outcome === 'approve')?.approvedAmount;

const check = (asked: Money, approved: Money, before: Money | undefined): void => {
  if (approved.currency !== asked.currency) throw refuse('money.currency_mismatch', `must be in ${asked.currency}`);
  if (approved.amountMinor < 1) throw refuse('approval.amount_out_of_range', 'must be more than 0; else reject it');
  if (compareMoney(approved, asked) > 0) {
    throw refuse('approval.amount_out_of_range', `must be at most ${formatMoney(asked)}`);
  }
  if (before && compareMoney(approved, before) !== 0) {
    throw refuse('approval.amount_differs', `must be ${formatMoney(before)}, as decided before you`, {
      approvedAmount: before,
    });
  }
};

/** Where a disputed line names no amount, no limit was measured and nobody else would have to agree. */
const mustNameNone = ({ kind }: Pick<Approval, 'kind'>, approved: Money | undefined): void => {
  if (kind !== 'earning' || approved === undefined) return;
  const instead = 'what is owed beside the line is asked for as a bonus, which somebody else approves';
  throw refuse('approval.amount_out_of_range', `must be left out: the partner named none; ${instead}`);
};

/**
 * The decision with how much it approves: all that is asked for unless it says less. Whoever decides after somebody else names the
 * same amount, and where no amount is asked for, none of an earning is approved. Throws `approval.amount_out_of_range`, `approval.amount_differs`, `money.currency_mismatch`.
 */
export const withAmount = (approval: Pick<Approval, 'kind' | 'amount' | 'steps'>, decision: Decision): Decision => {
  const { amount } = approval;
  if (decision.outcome !== 'approve') return decision;
  if (!amount) {
    mustNameNone(approval, decision.approvedAmount);
    return decision;
  }
  const approvedAmount = decision.approvedAmount ?? amount;
  check(amount, approvedAmount, approvedBefore(approval));
  return { ...decision, approvedAmount };
};
