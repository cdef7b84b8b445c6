import type { KpiFormula } from './kpi-definition.ts';
import { count, type Formula, numbersOf, ratio, share, sum, tallied, total } from './kpi-formula.ts';
import {
  active,
  executives,
  finance,
  kept,
  leadership,
  managers,
  marketing,
  members,
  product,
  putIn,
  shown,
  sourced,
} from './kpi-terms.ts';

const definitions = 'the program’s definitions of when a partner is active';
const nobody = 'No partner was in the program.';

/** Classes of partners from the largest down, each whole as long as it fits into the fifth, the last by its mean. */
const topFifth: Formula = ({ group }) => {
  const partners = group.tallies.partners ?? 0;
  const classes = Object.entries(group.classes).sort(([a], [b]) => Number(b) - Number(a));
  const all = classes.reduce((revenue, [, [, each]]) => revenue + BigInt(each), 0n);
  if (all === 0n) return { reason: 'No partner sold anything.' };
  let left = Math.ceil(partners / 5);
  let [part, whole] = [0n, 1n];
  for (const [, [size, revenue]] of classes) {
    const taken = Math.min(left, size);
    if (taken < size) [part, whole] = [part * BigInt(size) + BigInt(revenue) * BigInt(taken), BigInt(size)];
    else part += BigInt(revenue);
    left -= taken;
    if (left === 0) break;
  }
  const from = { partners, 'partners in the fifth': Math.ceil(partners / 5), 'sourced revenue': Number(all) };
  return { part: part * 100n, whole: whole * all, from };
};

const nps: Formula = (row) => {
  const answers = numbersOf([count('answers', ['nps.answer'])], row);
  const sides = numbersOf([tallied('promoters', ['promoters']), tallied('detractors', ['detractors'])], row);
  if ('reason' in answers) return answers;
  if ('reason' in sides) return sides;
  if (answers.sum === 0) return { reason: 'Nobody answered.' };
  const { promoters = 0, detractors = 0 } = sides.from;
  return {
    part: BigInt(promoters - detractors) * 100n,
    whole: BigInt(answers.sum),
    from: { ...sides.from, ...answers.from },
  };
};

const membership: readonly KpiFormula[] = [
  {
    id: 'average-health',
    name: 'Average health',
    words: 'Mean of the health scores of the quarter; of a year, of all scores of its quarters',
    facts: ['health.score'],
    unit: 'points',
    users: [leadership, managers, executives],
    ...kept,
    formula: ratio(
      [tallied('tenths of points', ['scoreTenths'])],
      [tallied('ten per score', Array<string>(10).fill('scored'))],
      {
        without: 'No health score was given; scores are given by quarter.',
      },
    ),
  },
  {
    id: 'partners-onboarded',
    name: 'Partners onboarded',
    words: 'Partners that became active in the program',
    facts: ['partner.activated'],
    unit: 'count',
    users: [leadership, managers],
    ...putIn,
    formula: total(count('onboarded', ['partner.activated'])),
  },
  {
    id: 'partners',
    name: 'Partners in the program',
    words: 'Partners that were active or suspended at the end of the period',
    facts: ['partner.profile', 'partner.activated', 'partner.left'],
    unit: 'count',
    users: [leadership],
    ...putIn,
    formula: total(members),
  },
  {
    id: 'active-partners',
    name: 'Active partners',
    words: 'Partners in the program that did in the period what the definition of one of their types asks for',
    facts: ['partner.profile'],
    and: definitions,
    unit: 'count',
    users: [leadership, managers],
    ...putIn,
    formula: total(active),
  },
  {
    id: 'active-rate',
    name: 'Rate of active partners',
    words: 'Active partners ÷ partners in the program',
    facts: ['partner.profile'],
    and: definitions,
    unit: 'percent',
    users: [leadership, managers],
    ...putIn,
    formula: share([active], [members], nobody),
  },
  {
    id: 'transacting-partners',
    name: 'Transacting partners',
    words: 'Partners that sourced at least one deal that was won in the period',
    facts: sourced,
    unit: 'count',
    users: [leadership, executives],
    ...shown,
    formula: total(tallied('transacting partners', ['transacting'])),
  },
  {
    id: 'transacting-rate',
    name: 'Rate of transacting partners',
    words: 'Transacting partners ÷ partners in the program',
    facts: sourced,
    unit: 'percent',
    users: [leadership, executives],
    ...shown,
    formula: share([tallied('transacting partners', ['transacting'])], [members], nobody),
  },
  {
    id: 'top-fifth-share',
    name: 'Share of the top fifth',
    words:
      'Sourced revenue of the fifth of the partners in the program (rounded up) that sold most ÷ sourced revenue of all. Partners are put into classes by the first two digits of what they sold; of the class at the edge, its mean counts',
    facts: sourced,
    unit: 'percent',
    users: [leadership, executives],
    ...kept,
    formula: topFifth,
  },
  {
    id: 'partner-churn',
    name: 'Partner churn',
    words: 'Partners that left in the period ÷ partners in the program at its beginning',
    facts: ['partner.profile', 'partner.activated', 'partner.left'],
    unit: 'percent',
    users: [leadership, executives],
    ...kept,
    formula: share(
      [tallied('left', ['partnersLost'])],
      [tallied('partners at the beginning', ['partnersAtStart'])],
      'No partner was in the program at the beginning.',
    ),
  },
];

const readiness: readonly KpiFormula[] = [
  {
    id: 'time-to-first-deal',
    name: 'Time to first deal',
    words:
      'Mean days from becoming active to the first approved deal, of partners whose first deal was approved in the period',
    facts: ['deal.first'],
    unit: 'days',
    users: [leadership, managers],
    ...shown,
    formula: ratio([sum('days', ['deal.first'])], [count('first deals', ['deal.first'])], {
      without: 'No partner had its first deal approved.',
    }),
  },
  {
    id: 'time-to-hundred-users',
    name: 'Time to the first hundred users',
    words:
      'Mean days from an integration’s start to its first hundred active users, of integrations that got there in the period',
    facts: ['integration.users.hundred'],
    unit: 'days',
    users: [leadership, product],
    ...shown,
    formula: ratio(
      [sum('days', ['integration.users.hundred'])],
      [count('integrations', ['integration.users.hundred'])],
      { without: 'No integration got its first hundred users.' },
    ),
  },
  {
    id: 'certification-pass-rate',
    name: 'Certification pass rate',
    words: 'Certifications passed ÷ certifications passed or failed',
    facts: ['certification.passed', 'certification.failed'],
    unit: 'percent',
    users: [managers, product],
    ...putIn,
    formula: share(
      [count('passed', ['certification.passed'])],
      [count('passed', ['certification.passed']), count('failed', ['certification.failed'])],
      'Nobody took a certification.',
    ),
  },
  {
    id: 'partner-nps',
    name: 'Partner NPS',
    words: 'Share of answers of 9 or 10, less the share of answers of 6 or below, from −100 to 100',
    facts: ['nps.answer'],
    unit: 'points',
    users: [leadership, managers, executives],
    ...shown,
    formula: nps,
  },
  {
    id: 'mdf-return',
    name: 'MDF return',
    words: 'Pipeline that reimbursed activities brought ÷ what was reimbursed',
    facts: ['mdf.pipeline', 'mdf.reimbursed'],
    unit: 'times',
    users: [leadership, marketing, finance],
    ...shown,
    formula: ratio([sum('pipeline', ['mdf.pipeline'])], [sum('reimbursed', ['mdf.reimbursed'])], {
      without: 'Nothing was reimbursed.',
    }),
  },
  {
    id: 'mdf-cost-per-lead',
    name: 'MDF cost per lead',
    words: 'What was reimbursed ÷ leads that reimbursed activities brought',
    facts: ['mdf.reimbursed', 'mdf.leads'],
    unit: 'money',
    users: [marketing, finance],
    ...shown,
    formula: ratio([sum('reimbursed', ['mdf.reimbursed'])], [sum('leads', ['mdf.leads'])], {
      without: 'Reimbursed activities brought no lead.',
    }),
  },
];

/** How many partners there are and what they do, how fast they get there, and what they say. */
export const partnerKpis: readonly KpiFormula[] = [...membership, ...readiness];
