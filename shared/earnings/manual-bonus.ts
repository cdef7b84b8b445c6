import { awaiting } from '#shared/core/awaited.ts';
import { DomainError } from '#shared/core/errors.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import { addMoney, compareMoney, type Money } from '#shared/core/money.ts';
import type { Instant } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import { type Earning, earningLifecycle, holdFrom, newEarning } from './earning.ts';

/** Stands where other earnings name their rule: no rule of the program is behind it, but two people. */
export const manualRule = 'manual';

/** A bonus that staff ask for. */
export interface BonusAsked {
  readonly partnerId: string;
  readonly amount: Money;
  readonly reason: string;
  readonly dealId?: string | undefined;
}

/** Throws `money.currency_mismatch`. */
export const checkBonus = ({ amount }: BonusAsked, { currency }: Pick<Program, 'currency'>): void => {
  if (amount.currency === currency) return;
  const detail = `must be ${currency}, the currency of this program`;
  throw new DomainError('rule', 'money.currency_mismatch', 'Bonuses are in the currency of the program.', {
    errors: [{ pointer: '#/amount/currency', code: 'money.currency_mismatch', detail }],
  });
};

/** A bonus that waits for somebody else to approve it; nothing is owed yet. */
export const submitBonus = (
  asked: BonusAsked,
  about: { readonly id: string; readonly now: Instant; readonly by: string; readonly programVersion: number },
): Earning => ({
  ...newEarning({
    id: about.id,
    status: 'submitted',
    kind: 'bonus',
    partnerId: asked.partnerId,
    ...(asked.dealId ? { dealId: asked.dealId } : {}),
    amount: asked.amount,
    createdAt: about.now,
    reason: asked.reason,
    explanation: { rule: manualRule, programVersion: about.programVersion, inputs: {} },
  }),
  ...awaiting({ id: about.id, approvals: 0 }, 'earning', about),
});

const decided = ({ awaits: _awaits, ...rest }: Earning): Earning => rest;

/** It is owed from now on, all of it or less, and on hold as the program says for bonuses. */
export const approveBonus = (
  bonus: Earning,
  approved: Money,
  about: {
    readonly deciders: readonly string[];
    readonly at: Instant;
    readonly program: Pick<Program, 'payouts' | 'timeZone' | 'fiscalYearStart'>;
  },
): Earning => {
  const { amount, explanation } = bonus;
  const inputs = compareMoney(approved, amount) === 0 ? {} : { asked: amount.amountMinor };
  return {
    ...decided(bonus),
    status: moveTo(earningLifecycle, bonus.status, 'on_hold'),
    amount: approved,
    decidedBy: [...about.deciders],
    ...holdFrom(bonus.kind, about.at, about.program),
    explanation: { ...explanation, inputs },
  };
};

export const rejectBonus = (bonus: Earning, why: string): Earning => ({
  ...decided(bonus),
  status: moveTo(earningLifecycle, bonus.status, 'rejected'),
  rejectedBecause: why,
});

export const isManual = ({ explanation }: Pick<Earning, 'explanation'>): boolean => explanation.rule === manualRule;

/** What these come to, in the currency of the first. */
export const sumOf = ([first, ...more]: readonly Pick<Earning, 'amount'>[]): Money | undefined =>
  first && more.reduce((sum, { amount }) => addMoney(sum, amount), first.amount);
