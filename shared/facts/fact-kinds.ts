/** Where facts of a kind come from: what Tandem itself records, or what staff and integrations report. */
export type FactSource = 'deals' | 'partners' | 'approvals' | 'mdf' | 'earnings' | 'health' | 'reported';

/**
 * What the value of a fact counts: things, the program's currency in minor units, whole hours or days, hundredths of a percent, points
 * of a scale, or nothing but that it holds (1) or does not (0).
 */
export type FactUnit = 'count' | 'money' | 'hours' | 'days' | 'basis-points' | 'points' | 'yes';

export interface FactKind {
  /** In keys of the table, where every byte is read for every partner; it never changes. */
  readonly code: string;
  readonly unit: FactUnit;
  readonly source: FactSource;
  readonly meaning: string;
  /** Holds until a newer one takes its place; it has no quarter and does not expire. */
  readonly standing?: true;
  /** Of its quarter, and a newer one takes its place; then its facts have a rank. */
  readonly replaced?: true;
  /** That none is there means that none happened, and not that nobody told us. */
  readonly zeroKnown?: true;
  /** About the whole program and no single partner. */
  readonly company?: true;
  /** About a partner, or about nobody’s: customers that no partner brought. */
  readonly partnerOptional?: true;
  /** Least and greatest value; otherwise 0 to 1,000,000,000,000. */
  readonly range?: readonly [least: number, greatest: number];
}

const kind = (code: string, unit: FactUnit, meaning: string, more: Partial<FactKind> = {}): FactKind => ({
  code,
  unit,
  source: 'reported',
  meaning,
  ...more,
});
const deals = { source: 'deals', zeroKnown: true } as const;
const partners = { source: 'partners' } as const;
const mdf = { source: 'mdf', zeroKnown: true } as const;
const standing = { standing: true } as const;
const company = { company: true } as const;
const customers = { partnerOptional: true } as const;

/**
 * Every kind of fact there is. One that carries money counts by its number and adds up by its values: ten facts `deal.won.sourced.new`
 * are ten net-new customers.
 */
export const factKinds = {
  'deal.registered.new': kind('rn', 'money', 'A registration with a net-new customer came in, at its value', deals),
  'deal.registered.expansion': kind('re', 'money', 'A registration of an expansion came in, at its value', deals),
  'deal.registered.renewal': kind('rr', 'money', 'A registration of a renewal came in, at its value', deals),
  'deal.approved': kind('da', 'money', 'A registration was approved: pipeline that the partner sourced', deals),
  'deal.influenced': kind('di', 'money', 'The partner was given a part in somebody’s open deal, at its value', deals),
  'deal.rejected': kind('dr', 'count', 'A registration was rejected', deals),
  'deal.decided': kind('dd', 'hours', 'How long a registration waited for our decision', { source: 'deals' }),
  'deal.answered': kind('dw', 'hours', 'How long our question about a registration waited for the partner', {
    source: 'deals',
  }),
  'deal.won.sourced.new': kind('wn', 'money', 'A deal with a net-new customer was won; the partner’s share', deals),
  'deal.won.sourced.expansion': kind('we', 'money', 'An expansion was won; the partner’s share', deals),
  'deal.won.sourced.renewal': kind('wr', 'money', 'A renewal was won; the partner’s share', deals),
  'deal.won.influenced.new': kind(
    'in',
    'money',
    'A deal with a net-new customer the partner influenced was won',
    deals,
  ),
  'deal.won.influenced.expansion': kind('ie', 'money', 'An expansion the partner influenced was won', deals),
  'deal.won.influenced.renewal': kind('ir', 'money', 'A renewal the partner influenced was won', deals),
  'deal.lost': kind('dl', 'money', 'A registered deal was lost, at its value', deals),
  'deal.ended': kind('de', 'money', 'A registered deal expired or was withdrawn, at its value', deals),
  'deal.cycle': kind('dc', 'days', 'From registration to win', { source: 'deals' }),
  'deal.first': kind('df', 'days', 'From the day the partner became active to its first approved deal', {
    source: 'deals',
  }),
  'deal.refunded': kind('db', 'money', 'What customers of won deals got back, or left with', deals),

  'partner.profile': kind('pp', 'yes', 'Status, tier, region and types of the partner, as they are now', {
    ...partners,
    ...standing,
  }),
  'partner.applied': kind('pa', 'count', 'A company applied', partners),
  'partner.activated': kind('pc', 'days', 'A partner became active so long after it applied', partners),
  'partner.target': kind(
    'pt',
    'money',
    'So much the partner agreed to sell in the quarter; a newer one takes its place',
    {
      ...partners,
    },
  ),
  'partner.left': kind('pl', 'count', 'A partner was terminated', partners),
  'partner.agreement': kind('pg', 'yes', 'The agreement is accepted', { ...partners, ...standing }),

  'approval.decided': kind('ad', 'hours', 'How long anything the partner asked waited for our decision', {
    source: 'approvals',
  }),

  'mdf.budget': kind('mb', 'money', 'Marketing funds the partner was given for the quarter', mdf),
  'mdf.requested': kind('mq', 'money', 'A fund request came in', mdf),
  'mdf.approved': kind('ma', 'money', 'A fund request was approved, for so much', mdf),
  'mdf.claimed': kind('mc', 'money', 'A claim came in', mdf),
  'mdf.reimbursed': kind('mr', 'money', 'A claim was approved, for so much', mdf),
  'mdf.leads': kind('ml', 'count', 'Leads that a reimbursed activity brought', mdf),
  'mdf.leads.promised': kind('mp', 'count', 'Leads that an approved request promised', mdf),
  'mdf.pipeline': kind('mi', 'money', 'Pipeline that a reimbursed activity brought', mdf),

  'earning.accrued': kind('ea', 'money', 'What the partner earned; what is taken back is below zero', {
    source: 'earnings',
    range: [-1_000_000_000_000, 1_000_000_000_000],
  }),

  'health.score': kind('hs', 'points', 'The health score of the quarter, in tenths', {
    source: 'health',
    replaced: true,
  }),
  'health.assessed': kind('ha', 'points', 'What a manager judged, from 1 to 5', {
    source: 'health',
    range: [1, 5],
    replaced: true,
  }),

  'lead.sent': kind('ls', 'count', 'A lead was sent to the partner'),
  'lead.accepted': kind('la', 'hours', 'The partner accepted a lead after so long'),
  'lead.converted': kind('lc', 'count', 'A lead became an opportunity'),
  'lead.won': kind('lw', 'money', 'A lead that we sent was won'),
  'referral.returned': kind('lr', 'count', 'The partner sent a lead to us without registering a deal'),

  'overlap.customers': kind('oc', 'count', 'Customers that the partner and we have in common', standing),
  'overlap.prospects': kind('op', 'count', 'Prospects that the partner and we have in common', standing),

  'enablement.session': kind('es', 'count', 'A lunch-and-learn or an enablement session was held'),
  'training.completed': kind('et', 'count', 'Somebody of the partner completed a training'),
  'certification.passed': kind('ep', 'count', 'Somebody of the partner passed a certification'),
  'certification.failed': kind('ef', 'count', 'Somebody of the partner failed a certification'),
  'certified.people': kind('ec', 'count', 'People of the partner whose certification holds', standing),
  competency: kind('ey', 'count', 'Competencies the partner holds', standing),
  'deal.recommended': kind('er', 'count', 'One side recommended the other in a deal'),

  'asset.one-pager': kind('ao', 'count', 'A joint one-pager was published'),
  'asset.case-study': kind('ac', 'count', 'A joint case study was published'),
  'marketing.event': kind('ae', 'count', 'A joint event took place'),
  'marketing.campaign': kind('ap', 'count', 'A joint campaign ran'),

  'integration.certified': kind('ti', 'yes', 'The integration is certified', standing),
  'api.open': kind('ta', 'yes', 'The partner has an open interface', standing),
  'developer.documentation': kind('td', 'yes', 'The partner documents its interface for developers', standing),
  'developer.support': kind('ts', 'yes', 'The partner supports developers', standing),
  'integration.installs': kind('tn', 'count', 'Installations of the integration', standing),
  'integration.users': kind('tu', 'count', 'Active users of the integration', standing),
  'integration.users.hundred': kind('th', 'days', 'From the start to the integration’s first hundred active users'),
  'integration.tickets': kind('tt', 'count', 'Support tickets about the integration'),
  'integration.errors': kind('te', 'count', 'Errors of the integration'),
  'integration.uptime': kind('tp', 'basis-points', 'Uptime of the integration', { range: [0, 10_000] }),
  'integration.churned': kind('tc', 'count', 'An installation of the integration was removed'),

  'security.reviewed': kind('ss', 'yes', 'The security review was passed', standing),
  'revenue-share.agreed': kind('sr', 'yes', 'A revenue share is agreed', standing),
  'onboarding.completed': kind('so', 'yes', 'Onboarding is complete', standing),

  'nps.answer': kind('sn', 'points', 'How likely somebody of the partner would recommend us, 0 to 10', {
    range: [0, 10],
  }),
  'csat.answer': kind('sc', 'points', 'How content somebody of the partner is, 1 to 5', { range: [1, 5] }),

  'customer.revenue': kind('cr', 'money', 'Recurring revenue of a customer in the quarter', customers),
  'customer.renewed': kind('cn', 'money', 'A customer renewed, at its recurring revenue', customers),
  'customer.churned': kind('cc', 'money', 'A customer left, at its recurring revenue', customers),
  'customer.integrations': kind('ci', 'count', 'Integrations that a customer uses', customers),
  'customer.attached': kind('ct', 'count', 'A customer bought with a partner’s product: at the sale', customers),
  'customer.attached.later': kind(
    'cl',
    'count',
    'A customer bought with a partner’s product: after the sale',
    customers,
  ),

  'direct.won.new': kind('xn', 'money', 'Direct sales won a net-new customer', company),
  'direct.won.new.influenced': kind(
    'xf',
    'money',
    'Of the net-new customers that direct sales won, one that a partner influenced',
    company,
  ),
  'direct.won.other': kind('xo', 'money', 'Direct sales won an expansion or a renewal', company),
  'direct.lost': kind('xl', 'money', 'Direct sales lost a deal', company),
  'direct.cycle': kind('xc', 'days', 'From opportunity to win in direct sales', company),
  'direct.pipeline': kind('xp', 'money', 'Direct sales opened an opportunity', company),
} as const satisfies Readonly<Record<string, FactKind>>;

export type FactKindId = keyof typeof factKinds;

export const isFactKind = (id: string): id is FactKindId => Object.hasOwn(factKinds, id);

export const kindOf = (id: FactKindId): FactKind => factKinds[id];

const idsByCode: ReadonlyMap<string, FactKindId> = new Map(
  Object.entries(factKinds).map(([id, { code }]) => [code, id as FactKindId]),
);

/** The kind that a key of the table names; undefined when a newer version of Tandem wrote it. */
export const kindByCode = (code: string): FactKindId | undefined => idsByCode.get(code);
