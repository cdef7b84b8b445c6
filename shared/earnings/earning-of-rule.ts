import { derivedId } from '#shared/core/ids.ts';
import type { Money } from '#shared/core/money.ts';
import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import type { Program } from '#shared/program/program.ts';
import { type Earning, type Inputs, newEarning } from './earning.ts';
import type { WonDeal } from './earnings-of-deal.ts';
import type { Participant } from './participant.ts';

/** What an earning of this deal by this rule has in common with the others. */
export interface About {
  readonly deal: WonDeal;
  readonly rule: IncentiveRule;
  readonly participant: Participant;
  readonly program: Program;
}

const repOf = ({ deal, rule, participant }: About): Partial<Earning> => {
  if (rule.payTo !== 'rep' || !deal.rep || participant.partnerId !== deal.partnerId) return {};
  if (!participant.paysReps) return { rep: deal.rep };
  return { rep: deal.rep, payTo: 'rep', ...(rule.form === 'gift-card' ? { form: 'gift-card' } : {}) };
};

const kindOf = ({ kind }: IncentiveRule): Earning['kind'] => {
  if (kind === 'margin-discount') throw new Error('A discount is shown on the deal and never becomes an earning.');
  return kind;
};

/** Number `number` of the earnings by a rule; it is made when the one before it was paid. */
export const earningOf = (
  about: About,
  number: number,
  state: { readonly amount: Money; readonly inputs: Inputs; readonly createdAt: string },
): Earning => {
  const { deal, rule, participant } = about;
  return newEarning({
    id: derivedId('ern', deal.id, participant.partnerId, rule.id, String(number)),
    status: 'pending',
    kind: kindOf(rule),
    partnerId: participant.partnerId,
    dealId: deal.id,
    amount: state.amount,
    createdAt: state.createdAt,
    ...repOf(about),
    explanation: { rule: rule.id, programVersion: deal.programVersion, inputs: state.inputs },
  });
};
