import type { IncentiveRule } from '#shared/program/incentive-rules.ts';
import type { Program } from '#shared/program/program.ts';
import { publish } from '#test/support/a-program.ts';
import { withRules } from './a-won-deal.ts';

/** Puts the example program with these rules alone into the table. */
export const publishedRules = async (...rules: readonly Partial<IncentiveRule>[]): Promise<Program> => {
  const program = withRules(...rules);
  await publish(program);
  return program;
};
