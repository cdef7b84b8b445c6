import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { KpiFormula } from './kpi-definition.ts';
import { count, type Formula, numbersOf, ratio, share, sum, total } from './kpi-formula.ts';
import {
  active,
  directDealsWon,
  directRevenue,
  directWon,
  executives,
  finance,
  kept,
  leadership,
  managers,
  sales,
  shown,
  sourced,
  sourcedRevenue,
  winRate,
  won,
} from './kpi-terms.ts';

const noDeals = 'No deal was won or lost.';
const nothingWon = 'No deal was won.';

/** Pipeline × win rate, with the win rate of the same group and period before it is rounded. */
const expected =
  (name: string, kind: FactKindId): Formula =>
  (row) => {
    const pipeline = numbersOf([sum(name, [kind])], row);
    const rate = winRate(row);
    if ('reason' in pipeline) return pipeline;
    if ('reason' in rate) return rate;
    const from = { ...pipeline.from, ...rate.from };
    return { part: BigInt(pipeline.sum) * rate.part, whole: rate.whole * 100n, from };
  };

const pipeline: readonly KpiFormula[] = [
  {
    id: 'sourced-pipeline',
    name: 'Sourced pipeline',
    words: 'The value of registrations that were approved in the period',
    facts: ['deal.approved'],
    unit: 'money',
    users: [leadership, sales],
    ...shown,
    formula: total(sum('sourced pipeline', ['deal.approved'])),
  },
  {
    id: 'influenced-pipeline',
    name: 'Influenced pipeline',
    words: 'The whole value of open deals that partners were given a part in, in the period, counted for each partner',
    facts: ['deal.influenced'],
    unit: 'money',
    users: [leadership, sales],
    ...shown,
    formula: total(sum('influenced pipeline', ['deal.influenced'])),
  },
  {
    id: 'expected-sourced-revenue',
    name: 'Expected revenue of sourced pipeline',
    words: 'Sourced pipeline × win rate',
    facts: ['deal.approved', ...sourced, 'deal.lost'],
    unit: 'money',
    users: [leadership, finance],
    ...kept,
    formula: expected('sourced pipeline', 'deal.approved'),
  },
  {
    id: 'expected-influenced-revenue',
    name: 'Expected revenue of influenced pipeline',
    words: 'Influenced pipeline × win rate of what partners sourced',
    facts: ['deal.influenced', ...sourced, 'deal.lost'],
    unit: 'money',
    users: [leadership, finance],
    ...kept,
    formula: expected('influenced pipeline', 'deal.influenced'),
  },
  {
    id: 'pipeline-share',
    name: 'Share of new pipeline',
    words: 'Sourced pipeline ÷ the sourced pipeline of all partners and the opportunities that direct sales opened',
    facts: ['deal.approved', 'direct.pipeline'],
    unit: 'percent',
    users: [leadership, executives],
    ...kept,
    formula: share(
      [sum('sourced pipeline', ['deal.approved'])],
      [
        sum('sourced pipeline of all partners', ['deal.approved'], 'all'),
        sum('direct pipeline', ['direct.pipeline'], 'company'),
      ],
      'No pipeline was opened.',
    ),
  },
];

const deals: readonly KpiFormula[] = [
  {
    id: 'win-rate',
    name: 'Win rate',
    words: 'Registered deals won ÷ registered deals won or lost, by number',
    facts: [...sourced, 'deal.lost'],
    unit: 'percent',
    users: [leadership, managers, sales],
    ...shown,
    formula: winRate,
  },
  {
    id: 'direct-win-rate',
    name: 'Win rate of direct sales',
    words: 'Deals that direct sales won ÷ deals that direct sales won or lost, by number',
    facts: [...directWon, 'direct.lost'],
    unit: 'percent',
    users: [leadership, sales],
    ...kept,
    formula: share([directDealsWon], [directDealsWon, count('lost directly', ['direct.lost'], 'company')], noDeals),
  },
  {
    id: 'cycle-time',
    name: 'Cycle time',
    words: 'Mean days from registration to win',
    facts: ['deal.cycle'],
    unit: 'days',
    users: [leadership, sales],
    ...shown,
    formula: ratio([sum('days', ['deal.cycle'])], [count('won', ['deal.cycle'])], { without: nothingWon }),
  },
  {
    id: 'direct-cycle-time',
    name: 'Cycle time of direct sales',
    words: 'Mean days from opportunity to win in direct sales',
    facts: ['direct.cycle'],
    unit: 'days',
    users: [leadership, sales],
    ...kept,
    formula: ratio(
      [sum('days of direct sales', ['direct.cycle'], 'company')],
      [count('won directly', ['direct.cycle'], 'company')],
      { without: nothingWon },
    ),
  },
  {
    id: 'deal-size',
    name: 'Deal size',
    words: 'Sourced revenue ÷ number of deals that partners sourced and that were won',
    facts: sourced,
    unit: 'money',
    users: [leadership, sales],
    ...shown,
    formula: ratio([sourcedRevenue], [won], { without: nothingWon }),
  },
  {
    id: 'direct-deal-size',
    name: 'Deal size of direct sales',
    words: 'Direct revenue ÷ number of deals that direct sales won',
    facts: directWon,
    unit: 'money',
    users: [leadership, sales],
    ...kept,
    formula: ratio([directRevenue], [directDealsWon], { without: nothingWon }),
  },
];

const perActive = { without: 'No partner was active.' };

const productivity: readonly KpiFormula[] = [
  {
    id: 'revenue-per-active-partner',
    name: 'Revenue per active partner',
    words: 'Sourced revenue ÷ partners that were active in the period',
    facts: sourced,
    and: 'the program’s definitions of when a partner is active',
    unit: 'money',
    users: [leadership, executives],
    ...kept,
    formula: ratio([sourcedRevenue], [active], perActive),
  },
  {
    id: 'pipeline-per-active-partner',
    name: 'Pipeline per active partner',
    words: 'Sourced pipeline ÷ partners that were active in the period',
    facts: ['deal.approved'],
    and: 'the program’s definitions of when a partner is active',
    unit: 'money',
    users: [leadership],
    ...kept,
    formula: ratio([sum('sourced pipeline', ['deal.approved'])], [active], perActive),
  },
];

/** Pipeline, how deals go beside those of direct sales, and what active partners bring. */
export const dealKpis: readonly KpiFormula[] = [...pipeline, ...deals, ...productivity];
