import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import { aProgram } from '#test/support/a-program.ts';

/** Program files say amounts in words. */
const amounts = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'amountMinor' in value
    ? `${Number(value.amountMinor) / 100} USD`
    : value;

/** What is said against a program file whose only rule is this one; nothing when it is right. */
export const faultsOfRule =
  (usual: Partial<IncentiveRule>) =>
  (rule: Record<string, unknown>): string => {
    const { rules: _rules, ...incentives } = aProgram().incentives;
    const program = { ...aProgram(), incentives: { ...incentives, rules: [{ ...usual, ...rule }] } };
    try {
      parseProgram(JSON.stringify(program, amounts));
      return '';
    } catch (error) {
      return String(error).replace(/^.*?column \d+: /s, '');
    }
  };
