import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { KpiFormula } from './kpi-definition.ts';
import { count, type Formula, share, sum, type Term, tallied } from './kpi-formula.ts';
import { executives, kept, leadership, managers, product, shown, sourcedNew, success } from './kpi-terms.ts';

const revenueFacts: readonly FactKindId[] = ['customer.revenue', 'customer.integrations'];
const noCustomers = 'Nobody told of customers of the year before; recurring revenue comes by quarter.';

/** Revenue told this period, so that none of a customer’s means none. It adds nothing. */
const revenueTold: Term = {
  name: 'told',
  of: (row) => ({ ...sum('', ['customer.revenue']).of(row), number: 0 }),
};

const retention =
  (band: '' | '.0' | '.1' | '.2' | '.3', whose: 'group' | 'company'): Formula =>
  (row) => {
    const told = revenueTold.of(row);
    if (told.reason) return { reason: told.reason };
    const now = tallied('revenue of the same customers', [`kept${band}`], whose);
    return share([now], [tallied('revenue a year before', [`base${band}`], whose)], noCustomers)(row);
  };

/** Points of retention that customers with three or more integrations are above the others of whom the number is told. */
const lift: Formula = (row) => {
  const many = retention('.3', 'group')(row);
  if ('reason' in many) return many;
  const fewer = ['0', '1', '2'];
  const few = share(
    [
      tallied(
        'revenue of those with fewer',
        fewer.map((band) => `kept.${band}`),
      ),
    ],
    [
      tallied(
        'a year before of those with fewer',
        fewer.map((band) => `base.${band}`),
      ),
    ],
    'Nobody told of customers with fewer than three integrations.',
  )(row);
  if ('reason' in few) return few;
  const part = many.part * few.whole - few.part * many.whole;
  return { part, whole: many.whole * few.whole, from: { ...many.from, ...few.from } };
};

/** Of a month; of longer periods, the mean of their months. */
const appChurn: Formula = ({ group, months }) => {
  const removed = group.apps.reduce((sum, [, , each]) => sum + each, 0);
  const before = group.apps.reduce((sum, [, installs, each]) => sum + installs + each, 0);
  if (before === 0) return { reason: 'Nobody has told how many have installed an app.' };
  const from = { apps: group.apps.length, 'taken out': removed, 'installed before': before };
  return { part: BigInt(removed) * 100n, whole: BigInt(before) * BigInt(months), from };
};

const appUptime: Formula = ({ group }) =>
  group.lowestUptime === undefined
    ? { reason: 'Nobody has told of any app’s uptime in this period.' }
    : { part: BigInt(group.lowestUptime), whole: 100n, from: { 'hundredths of a percent': group.lowestUptime } };

const renewalRate = (whose: 'group' | 'company'): Formula => {
  const renewed = count('renewed', ['customer.renewed'], whose);
  return share([renewed], [renewed, count('left', ['customer.churned'], whose)], 'No customer renewed or left.');
};

const bands = (
  [
    ['.0', 'no integration'],
    ['.1', 'one integration'],
    ['.2', 'two integrations'],
    ['.3', 'three or more integrations'],
  ] as const
).map(
  ([band, which]): KpiFormula => ({
    id: `net-revenue-retention-${band.slice(1)}`,
    name: `Net revenue retention with ${which}`,
    words: `Net revenue retention of customers that use ${which}`,
    facts: revenueFacts,
    unit: 'percent',
    users: [leadership, product, success],
    ...shown,
    formula: retention(band, 'group'),
  }),
);

const retentions: readonly KpiFormula[] = [
  {
    id: 'net-revenue-retention',
    name: 'Net revenue retention',
    words:
      'What partners’ customers of a year before pay in the quarter ÷ what they paid in the same quarter a year before; of a year, of its latest quarter',
    facts: ['customer.revenue'],
    unit: 'percent',
    users: [leadership, executives, success],
    ...shown,
    formula: retention('', 'group'),
  },
  ...bands,
  {
    id: 'integration-retention-lift',
    name: 'Retention gained by integrations',
    words:
      'Net revenue retention of customers with three or more integrations, less that of customers with fewer, in percentage points',
    facts: revenueFacts,
    unit: 'percent',
    users: [leadership, product, success],
    ...kept,
    formula: lift,
  },
  {
    id: 'direct-net-revenue-retention',
    name: 'Net revenue retention of direct sales',
    words: 'Net revenue retention of customers that no partner brought',
    facts: ['customer.revenue'],
    unit: 'percent',
    users: [leadership, success],
    ...kept,
    formula: retention('', 'company'),
  },
  {
    id: 'renewal-rate',
    name: 'Renewal rate',
    words: 'Partners’ customers that renewed ÷ those that renewed or left, by number',
    facts: ['customer.renewed', 'customer.churned'],
    unit: 'percent',
    users: [managers, success],
    ...shown,
    formula: renewalRate('group'),
  },
  {
    id: 'direct-renewal-rate',
    name: 'Renewal rate of direct sales',
    words: 'Customers that no partner brought and that renewed ÷ those that renewed or left, by number',
    facts: ['customer.renewed', 'customer.churned'],
    unit: 'percent',
    users: [leadership, success],
    ...kept,
    formula: renewalRate('company'),
  },
];

const attached: readonly KpiFormula[] = [
  {
    id: 'attach-rate',
    name: 'Attach rate at sale',
    words:
      'Customers that bought with a partner’s product at the sale ÷ all net-new customers, of partners and of direct sales',
    facts: ['customer.attached', sourcedNew, 'direct.won.new'],
    unit: 'percent',
    users: [leadership, product],
    ...shown,
    formula: share(
      [count('attached', ['customer.attached'])],
      [count('won by partners', [sourcedNew], 'all'), count('won directly', ['direct.won.new'], 'company')],
      'No net-new customer was won.',
    ),
  },
  {
    id: 'attach-rate-later',
    name: 'Attach rate after sale',
    words:
      'Customers that bought a partner’s product after the sale ÷ customers whose recurring revenue was told in the period, of partners and of direct sales',
    facts: ['customer.attached.later', 'customer.revenue'],
    unit: 'percent',
    users: [leadership, product, success],
    ...shown,
    formula: share(
      [count('attached', ['customer.attached.later'])],
      [
        count('customers of partners', ['customer.revenue'], 'all'),
        count('customers of direct sales', ['customer.revenue'], 'company'),
      ],
      'Nobody told of customers.',
    ),
  },
];

const apps: readonly KpiFormula[] = [
  {
    id: 'top-apps-churn',
    name: 'Monthly churn of the top 20 apps',
    words:
      'Of the twenty most installed apps: installations taken out in a month ÷ those there are as last told by the quarter’s end and those taken out; of longer periods, the mean month',
    facts: ['integration.installs', 'integration.churned'],
    unit: 'percent',
    users: [leadership, product],
    ...shown,
    formula: appChurn,
  },
  {
    id: 'lowest-app-uptime',
    name: 'Lowest uptime of an app',
    words: 'Mean uptime in the period of the app that was up least',
    facts: ['integration.uptime'],
    unit: 'percent',
    users: [product, managers],
    ...shown,
    formula: appUptime,
  },
];

/** What becomes of customers, with partners and without, and of the apps they use. */
export const customerKpis: readonly KpiFormula[] = [...retentions, ...attached, ...apps];
