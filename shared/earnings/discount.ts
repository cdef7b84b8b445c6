import * as z from 'zod';
import { Money } from '#shared/core/money.ts';
import type { Program } from '#shared/program/program.ts';
import { amountOfRule } from './amount-of-rule.ts';
import type { Participant, Sale } from './participant.ts';
import { rulesThatApply } from './rules-that-apply.ts';

/** Margin that the partner has up front: shown on the deal, and never paid out. */
export const Discount = z
  .strictObject({ rule: z.string(), name: z.string(), amount: Money, percent: z.number().optional() })
  .meta({ id: 'Discount' });
export type Discount = z.infer<typeof Discount>;

export const givesDiscounts = ({ incentives }: Pick<Program, 'incentives'>): boolean =>
  incentives.rules.some(({ kind }) => kind === 'margin-discount');

/** What the partner pays less for this sale, rule by rule. */
export const discountsOf = (program: Program, sale: Sale, participant: Participant): readonly Discount[] =>
  rulesThatApply(program, sale, participant)
    .filter(({ kind }) => kind === 'margin-discount')
    .flatMap((rule) => {
      const reckoned = amountOfRule(rule, sale.value, { participant, participants: [participant], program });
      if (!reckoned) return [];
      const { percent } = reckoned.inputs;
      const rate = typeof percent === 'number' ? { percent } : {};
      return [{ rule: rule.id, name: rule.name, amount: reckoned.amount, ...rate }];
    });
