import { Explanation } from '#shared/earnings/earning.ts';
import { expenseAccount } from '#shared/ledger/chart.ts';
import type { JournalView } from '#shared/ledger/ledger-contract.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import type { AccountingClass } from '#shared/program/named-kinds.ts';
import { getProgramRules } from '#shared/program/program-store.ts';

const mdfExpense = expenseAccount('mdf-reimbursement');
const atOnce = 16;

/** By the activity type of the claim behind an earning, in the version of the program that it was made under. */
const classOf = async (earningId: string): Promise<AccountingClass> => {
  const [first] = await listEvents(earningId, 1, 1);
  const { explanation, reverses } = first?.changes ?? {};
  // What is taken back goes where it was booked.
  if (typeof reverses === 'string') return classOf(reverses);
  const { programVersion, inputs } = Explanation.parse(explanation);
  const { mdf } = await getProgramRules(programVersion);
  return mdf.activityTypes.find(({ id }) => id === inputs.activityType)?.accounting ?? 'expense';
};

/** What the general ledger takes each reimbursement of MDF for, by the earning that the journal is about. */
export const accountingClasses = async (
  journals: readonly JournalView[],
): Promise<ReadonlyMap<string, AccountingClass>> => {
  const about = journals.filter(({ lines }) => lines.some(({ accountId }) => accountId === mdfExpense));
  const earnings = [...new Set(about.map(({ subject }) => subject))];
  const classes = new Map<string, AccountingClass>();
  for (let start = 0; start < earnings.length; start += atOnce) {
    const some = earnings.slice(start, start + atOnce);
    for (const [index, found] of (await Promise.all(some.map(classOf))).entries())
      classes.set(some[index] ?? '', found);
  }
  return classes;
};
