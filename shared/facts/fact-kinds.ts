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
  /** Holds until a newer one takes its place; it has no quarter and does not expire. */
  readonly standing?: true;
  /** Of its quarter and of one thing, whose later event takes its place; then its facts have a rank. */
  readonly replaced?: true;
  /** Of a quarter that may come long after it was told. */
  readonly ahead?: true;
  /** That none is there means that none happened, and not that nobody told us. */
  readonly zeroKnown?: true;
  /** About the whole program and no single partner. */
  readonly company?: true;
  /** About a partner, or about nobody’s: customers that no partner brought. */
  readonly partnerOptional?: true;
  /** Least and greatest value; otherwise 0 to 1,000,000,000,000. */
  readonly range?: readonly [least: number, greatest: number];
}

const kind = (code: string, unit: FactUnit, more: Partial<FactKind> = {}): FactKind => ({
  code,
  unit,
  source: 'reported',
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
 * are ten net-new customers. What each means stands in fact-meanings.ts, which few need.
 */
export const factKinds = {
  'deal.registered.new': kind('rn', 'money', deals),
  'deal.registered.expansion': kind('re', 'money', deals),
  'deal.registered.renewal': kind('rr', 'money', deals),
  'deal.approved': kind('da', 'money', deals),
  'deal.influenced': kind('di', 'money', deals),
  'deal.rejected': kind('dr', 'count', deals),
  'deal.decided': kind('dd', 'hours', { source: 'deals' }),
  'deal.answered': kind('dw', 'hours', {
    source: 'deals',
  }),
  'deal.won.sourced.new': kind('wn', 'money', deals),
  'deal.won.sourced.expansion': kind('we', 'money', deals),
  'deal.won.sourced.renewal': kind('wr', 'money', deals),
  'deal.won.influenced.new': kind('in', 'money', deals),
  'deal.won.influenced.expansion': kind('ie', 'money', deals),
  'deal.won.influenced.renewal': kind('ir', 'money', deals),
  'deal.lost': kind('dl', 'money', deals),
  'deal.ended': kind('de', 'money', deals),
  'deal.cycle': kind('dc', 'days', { source: 'deals' }),
  'deal.first': kind('df', 'days', {
    source: 'deals',
  }),
  'deal.refunded': kind('db', 'money', deals),

  'partner.profile': kind('pp', 'yes', {
    ...partners,
    ...standing,
  }),
  'partner.applied': kind('pa', 'count', partners),
  'partner.activated': kind('pc', 'days', partners),
  'partner.target': kind('pt', 'money', { ...partners, ahead: true }),
  'partner.left': kind('pl', 'count', partners),
  'partner.agreement': kind('pg', 'yes', { ...partners, ...standing }),

  'approval.decided': kind('ad', 'hours', {
    source: 'approvals',
  }),

  'mdf.budget': kind('mb', 'money', mdf),
  'mdf.requested': kind('mq', 'money', mdf),
  'mdf.approved': kind('ma', 'money', mdf),
  'mdf.claimed': kind('mc', 'money', mdf),
  'mdf.reimbursed': kind('mr', 'money', mdf),
  'mdf.leads': kind('ml', 'count', mdf),
  'mdf.leads.promised': kind('mp', 'count', mdf),
  'mdf.pipeline': kind('mi', 'money', mdf),

  'earning.accrued': kind('ea', 'money', {
    source: 'earnings',
    range: [-1_000_000_000_000, 1_000_000_000_000],
  }),

  'health.score': kind('hs', 'points', {
    source: 'health',
    replaced: true,
  }),
  'health.assessed': kind('ha', 'points', {
    source: 'health',
    range: [1, 5],
    replaced: true,
  }),

  'lead.sent': kind('ls', 'count'),
  'lead.accepted': kind('la', 'hours'),
  'lead.converted': kind('lc', 'count'),
  'lead.won': kind('lw', 'money'),
  'referral.returned': kind('lr', 'count'),

  'overlap.customers': kind('oc', 'count', standing),
  'overlap.prospects': kind('op', 'count', standing),

  'enablement.session': kind('es', 'count'),
  'training.completed': kind('et', 'count'),
  'certification.passed': kind('ep', 'count'),
  'certification.failed': kind('ef', 'count'),
  'certified.people': kind('ec', 'count', standing),
  competency: kind('ey', 'count', standing),
  'deal.recommended': kind('er', 'count'),

  'asset.one-pager': kind('ao', 'count'),
  'asset.case-study': kind('ac', 'count'),
  'marketing.event': kind('ae', 'count'),
  'marketing.campaign': kind('ap', 'count'),

  'integration.certified': kind('ti', 'yes', standing),
  'api.open': kind('ta', 'yes', standing),
  'developer.documentation': kind('td', 'yes', standing),
  'developer.support': kind('ts', 'yes', standing),
  'integration.installs': kind('tn', 'count', standing),
  'integration.users': kind('tu', 'count', standing),
  'integration.users.hundred': kind('th', 'days'),
  'integration.tickets': kind('tt', 'count'),
  'integration.errors': kind('te', 'count'),
  'integration.uptime': kind('tp', 'basis-points', { range: [0, 10_000] }),
  'integration.churned': kind('tc', 'count'),

  'security.reviewed': kind('ss', 'yes', standing),
  'revenue-share.agreed': kind('sr', 'yes', standing),
  'onboarding.completed': kind('so', 'yes', standing),

  'nps.answer': kind('sn', 'points', {
    range: [0, 10],
  }),
  'csat.answer': kind('sc', 'points', { range: [1, 5] }),

  'customer.revenue': kind('cr', 'money', customers),
  'customer.renewed': kind('cn', 'money', customers),
  'customer.churned': kind('cc', 'money', customers),
  'customer.integrations': kind('ci', 'count', customers),
  'customer.attached': kind('ct', 'count', customers),
  'customer.attached.later': kind('cl', 'count', customers),

  'direct.won.new': kind('xn', 'money', company),
  'direct.won.new.influenced': kind('xf', 'money', company),
  'direct.won.other': kind('xo', 'money', company),
  'direct.lost': kind('xl', 'money', company),
  'direct.cycle': kind('xc', 'days', company),
  'direct.pipeline': kind('xp', 'money', company),
} as const satisfies Readonly<Record<string, FactKind>>;

export type FactKindId = keyof typeof factKinds;

export const isFactKind = (id: string): id is FactKindId => Object.hasOwn(factKinds, id);

export const kindOf = (id: FactKindId): FactKind => factKinds[id];

const idsByCode: ReadonlyMap<string, FactKindId> = new Map(
  Object.entries(factKinds).map(([id, { code }]) => [code, id as FactKindId]),
);

/** The kind that a key of the table names; undefined when a newer version of Tandem wrote it. */
export const kindByCode = (code: string): FactKindId | undefined => idsByCode.get(code);
