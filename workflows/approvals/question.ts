import { token_set_ratio as likeness } from 'fuzzball';
import { ApprovalKind, type Check, type Question } from '#shared/approvals/approval.ts';
import type { Subject } from '#shared/approvals/subject-store.ts';
import type { Awaited } from '#shared/core/awaited.ts';
import { readCustomer } from '#shared/deals/customer-store.ts';
import type { Deal } from '#shared/deals/deal.ts';
import { listDeals } from '#shared/deals/deal-store.ts';
import type { Program } from '#shared/program/program.ts';

/** Legal forms say nothing about who a company is. */
const legalForms =
  /\b(inc|incorporated|llc|ltd|limited|gmbh|ag|sa|sas|srl|bv|nv|corp|corporation|co|company|plc|oy|ab|kg)\b\.?/gi;
const bare = (name: string): string =>
  name
    .replace(legalForms, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** As many live registrations as are compared by name; a program with more is told so. */
const comparedAtMost = 1000;

const checkNames = async (deal: Deal, program: Program): Promise<Check> => {
  const check = 'look-alike-names';
  const threshold = program.deals.lookAlikeThreshold;
  if (threshold === undefined) return { check, outcome: 'pass', detail: 'The program does not compare names.' };
  const pages = await Promise.all(
    (['submitted', 'approved'] as const).map((status) =>
      listDeals({ status, after: undefined, limit: comparedAtMost }),
    ),
  );
  const alike = pages
    .flatMap((page) => page.deals)
    .filter((other) => other.customer.domain !== deal.customer.domain && other.productLine === deal.productLine)
    .map((other) => ({ other, points: likeness(bare(deal.customer.companyName), bare(other.customer.companyName)) }))
    .filter(({ points }) => points >= threshold)
    .sort((a, b) => b.points - a.points)
    .slice(0, 5);
  if (alike.length === 0)
    return { check, outcome: 'pass', detail: 'No other registered customer has a name like this.' };
  const list = alike.map(
    ({ other, points }) => `${other.customer.companyName} (${other.customer.domain}, ${other.id}): ${points} of 100`,
  );
  return { check, outcome: 'warn', detail: `Names like this are registered: ${list.join('; ')}.` };
};

const checkKnown = async (deal: Deal): Promise<Check> => {
  const { known } = await readCustomer(deal.customer.domain, deal.productLine);
  const check = 'known-to-direct-sales';
  if (!known) return { check, outcome: 'pass', detail: 'Direct sales does not know this account.' };
  const since = known.customerSince ? `, a customer since ${known.customerSince}` : '';
  const opportunity = known.openOpportunity ? ' with an open opportunity' : '';
  return { check, outcome: 'warn', detail: `Direct sales works on ${known.companyName}${opportunity}${since}.` };
};

/** What the approval of a subject is about, with what machines can say about it beforehand. */
export const questionAbout = async (subject: Subject, awaits: Awaited, program: Program): Promise<Question> => {
  const { deal } = subject;
  const kind = ApprovalKind.parse(awaits.kind);
  const checks = kind === 'deal_registration' ? [await checkKnown(deal), await checkNames(deal, program)] : [];
  return {
    kind,
    subject: { type: 'deal', id: deal.id },
    partnerId: deal.partnerId,
    awaits,
    checks,
    amount: deal.value,
  };
};
