import { token_set_ratio as likeness } from 'fuzzball';
import type { Check } from '#shared/approvals/approval.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { listDeals } from '#shared/deals/deal-store.ts';
import type { Program } from '#shared/program/program.ts';

/** Legal forms say nothing about who a company is. */
const legalForms = new Set(
  'inc incorporated llc ltd limited gmbh ag sa sas srl bv nv corp corporation co company plc oy ab kg'.split(' '),
);

/** A company's name without its legal form, word by word, whatever stands between the words. */
const bare = (name: string): string =>
  name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !legalForms.has(word))
    .join(' ');

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
  const name = bare(deal.customer.companyName);
  const alike = pages
    .flatMap((page) => page.deals)
    .filter((other) => other.customer.domain !== deal.customer.domain && other.productLine === deal.productLine)
    .map((other) => ({ other, points: likeness(name, bare(other.customer.companyName)) }))
    .filter(({ points }) => points >= threshold)
    .sort((a, b) => b.points - a.points)
    .slice(0, shownAtMost);
  if (alike.length === 0) {
    return { check, outcome: 'pass', detail: 'No other registered customer has a name like this.' };
  }
  const list = alike.map(({ other, points }) => `${other.customer.companyName} (${other.id}), ${points} of 100`);
  return { check, outcome: 'warn', detail: `Names like this are registered: ${list.join('; ')}.` };
};
