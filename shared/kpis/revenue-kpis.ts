import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { KpiFormula } from './kpi-definition.ts';
import { count, type Formula, share, sum, total } from './kpi-formula.ts';
import {
  directRevenue,
  directWon,
  executives,
  finance,
  kept,
  leadership,
  managers,
  marketing,
  putIn,
  shown,
  sourced,
  sourcedExpansion,
  sourcedNew,
  sourcedRevenue,
  success,
} from './kpi-terms.ts';

const influenced: readonly FactKindId[] = [
  'deal.won.influenced.new',
  'deal.won.influenced.expansion',
  'deal.won.influenced.renewal',
];
const allSourced = sum('sourced revenue of all partners', sourced, 'all');

const leadRate = (kind: FactKindId, name: string): Formula =>
  share([count(name, [kind])], [count('sent', ['lead.sent'])], 'No lead was sent.');

const leads: readonly KpiFormula[] = [
  {
    id: 'leads-sent',
    name: 'Leads sent to partners',
    words: 'The number of leads that we sent to partners',
    facts: ['lead.sent'],
    unit: 'count',
    users: [leadership, managers, marketing],
    ...putIn,
    formula: total(count('sent', ['lead.sent'])),
  },
  {
    id: 'leads-accepted',
    name: 'Leads accepted',
    words: 'Leads that partners accepted ÷ leads that we sent in the same period',
    facts: ['lead.accepted', 'lead.sent'],
    unit: 'percent',
    users: [managers, marketing],
    ...putIn,
    formula: leadRate('lead.accepted', 'accepted'),
  },
  {
    id: 'leads-converted',
    name: 'Leads converted',
    words: 'Leads that became an opportunity ÷ leads that we sent in the same period',
    facts: ['lead.converted', 'lead.sent'],
    unit: 'percent',
    users: [managers, marketing],
    ...shown,
    formula: leadRate('lead.converted', 'converted'),
  },
  {
    id: 'leads-won',
    name: 'Leads won',
    words: 'Leads that were won ÷ leads that we sent in the same period',
    facts: ['lead.won', 'lead.sent'],
    unit: 'percent',
    users: [leadership, managers, marketing],
    ...shown,
    formula: leadRate('lead.won', 'won'),
  },
];

const revenue: readonly KpiFormula[] = [
  {
    id: 'net-new-customers',
    name: 'Net-new customers',
    words:
      'Deals with net-new customers that partners sourced and that were won; one that two partners brought counts for each',
    facts: [sourcedNew],
    unit: 'count',
    users: [leadership, executives],
    ...shown,
    formula: total(count('won', [sourcedNew])),
  },
  {
    id: 'sourced-revenue',
    name: 'Sourced revenue',
    words: 'The value of all deals that partners sourced and that were won, of each partner its share',
    facts: sourced,
    unit: 'money',
    users: [leadership, executives, finance],
    ...shown,
    formula: total(sourcedRevenue),
  },
  {
    id: 'influenced-revenue',
    name: 'Influenced revenue',
    words: 'The whole value of won deals, counted for each partner that influenced them',
    facts: influenced,
    unit: 'money',
    users: [leadership, executives],
    ...shown,
    formula: total(sum('influenced revenue', influenced)),
  },
  {
    id: 'expansion-revenue',
    name: 'Expansion revenue',
    words: 'The value of expansions that partners sourced and that were won, of each partner its share',
    facts: [sourcedExpansion],
    unit: 'money',
    users: [leadership, success],
    ...shown,
    formula: total(sum('expansion revenue', [sourcedExpansion])),
  },
  {
    id: 'revenue-share',
    name: 'Share of all revenue',
    words: 'Sourced revenue ÷ the sourced revenue of all partners and what direct sales won',
    facts: [...sourced, ...directWon],
    unit: 'percent',
    users: [leadership, executives, finance],
    ...kept,
    formula: share([sourcedRevenue], [allSourced, directRevenue], 'Nothing was sold.'),
  },
  {
    id: 'new-revenue-share',
    name: 'Share of new revenue sourced or influenced',
    words:
      'Value of net-new customers that partners sourced, and of those that direct sales won with partners’ influence, each deal once ÷ value of all net-new customers. Told for the whole program',
    facts: [sourcedNew, 'direct.won.new.influenced', 'direct.won.new'],
    unit: 'percent',
    users: [leadership, executives],
    ...kept,
    formula: share(
      [
        sum('sourced from net-new customers', [sourcedNew], 'all'),
        sum('influenced of direct sales', ['direct.won.new.influenced'], 'company'),
      ],
      [
        sum('sourced from net-new customers', [sourcedNew], 'all'),
        sum('direct from net-new customers', ['direct.won.new'], 'company'),
      ],
      'No net-new customer was won.',
    ),
  },
];

/** The five core figures of PRODUCT §7, but for the average health: leads, net-new customers, revenue sourced, influenced and from expansions. */
export const revenueKpis: readonly KpiFormula[] = [...leads, ...revenue];
