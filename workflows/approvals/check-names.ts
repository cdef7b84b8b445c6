import { token_set_ratio as likeness } from 'fuzzball';
import type { Check } from '#shared/approvals/approval.ts';
import { withoutLegalForm } from '#shared/core/company-name.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { listDeals } from '#shared/deals/deal-store.ts';
import type { Program } from '#shared/program/program.ts';

/** As many live registrations of each status are compared by name, the newest first. */
const comparedAtMost = 1000;
const shownAtMost = 5;

/** Whether other registered customers have a name like this one's, by the program's threshold (0–100). */
export const checkNames = async (deal: Deal, program: Program): Promise<Check> => {
  const check = 'look-alike-names';
  const threshold = program.deals.lookAlikeThreshold;
  if (threshold === undefined) return { check, outcome: 'pass', detail: 'The program does not compare names.' };
  const pages = await Promise.all(
    (['submitted', 'returned', 'approved'] as const).map((status) =>
      listDeals({ status, after: undefined, limit: comparedAtMost }),
    ),
  );
  const name = withoutLegalForm(deal.customer.companyName);
  const alike = pages
    .flatMap((page) => page.deals)
    .filter((other) => other.customer.domain !== deal.customer.domain && other.productLine === deal.productLine)
    .map((other) => ({ other, points: likeness(name, withoutLegalForm(other.customer.companyName)) }))
    .filter(({ points }) => points >= threshold)
    .sort((a, b) => b.points - a.points)
    .slice(0, shownAtMost);
  if (alike.length === 0) {
    return { check, outcome: 'pass', detail: 'No other registered customer has a name like this.' };
  }
  const list = alike.map(({ other, points }) => `${other.customer.companyName} (${other.id}), ${points} of 100`);
  return { check, outcome: 'warn', detail: `Names like this are registered: ${list.join('; ')}.` };
};
