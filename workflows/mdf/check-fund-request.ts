import type { Check } from '#shared/approvals/approval.ts';
import { compareMoney, formatMoney } from '#shared/core/money.ts';
import { budgetIdOf } from '#shared/mdf/allocate-budget.ts';
import { isOver } from '#shared/mdf/budget.ts';
import { findBudget } from '#shared/mdf/budget-store.ts';
import type { FundRequest } from '#shared/mdf/fund-request.ts';
import { costPerLead } from '#shared/mdf/mdf-return.ts';
import type { Program } from '#shared/program/program.ts';

/** By which rules, and as of when, something is looked at before it is decided on. */
export interface Asking {
  readonly program: Program;
  /** When it was submitted. */
  readonly since: string;
}

const checkBudget = async (request: FundRequest, since: string): Promise<Check> => {
  const { partnerId, quarter, requestedAmount } = request;
  const found = await findBudget(budgetIdOf(partnerId, quarter));
  const amountMinor = found && !isOver(found.budget, since) ? found.balances.available : 0;
  const available = formatMoney({ ...requestedAmount, amountMinor });
  const check = 'budget';
  const asked = `${formatMoney(requestedAmount)} of the budget of ${quarter}`;
  return amountMinor >= requestedAmount.amountMinor
    ? { check, outcome: 'pass', detail: `${available} were available when this was looked at; it asks for ${asked}.` }
    : { check, outcome: 'warn', detail: `It asks for ${asked}; only ${available} were available by then.` };
};

/** What a lead would cost against what it may cost by the program. */
const checkCostPerLead = (request: FundRequest, { mdf }: Program): Check => {
  const check = 'cost-per-lead';
  const benchmark = mdf.activityTypes.find(({ id }) => id === request.activityType)?.benchmarkCostPerLead;
  const expected = costPerLead(request.expectedCost, request.expectedLeads);
  if (!expected) return { check, outcome: 'warn', detail: 'It expects no leads.' };
  const detail = `A lead would cost ${formatMoney(expected)}`;
  if (!benchmark) return { check, outcome: 'pass', detail: `${detail}; the program sets no benchmark.` };
  const outcome = compareMoney(expected, benchmark) > 0 ? 'warn' : 'pass';
  return { check, outcome, detail: `${detail}; the program’s benchmark is ${formatMoney(benchmark)}.` };
};

/** What machines can say about a fund request before a person looks. */
export const checkFundRequest = async (request: FundRequest, { program, since }: Asking): Promise<readonly Check[]> => [
  await checkBudget(request, since),
  checkCostPerLead(request, program),
];
