import type { Language } from '#shared/core/languages.ts';
import type { MetricId } from './metric-ids.ts';
import type { MetricGroup } from './metrics.ts';
import type { Rag } from './scorecard.ts';

/** Every word of a scorecard that is not a figure, a name, or something that somebody wrote. */
interface ScorecardWords {
  readonly scorecard: string;
  readonly draft: string;
  readonly groups: Readonly<Record<MetricGroup, string>>;
  readonly metrics: Readonly<Record<MetricId, string>>;
  readonly rags: Readonly<Record<Rag, string>>;
  readonly bands: Readonly<Record<string, string>>;
  readonly health: string;
  readonly coverage: (percent: string) => string;
  readonly tier: string;
  readonly actual: string;
  readonly target: string;
  readonly previous: string;
  readonly lastQuarters: string;
  readonly state: string;
  readonly nextTier: (tier: string) => string;
  readonly highestTier: string;
  readonly ownTier: (tier: string) => string;
  readonly criteria: Readonly<Record<string, string>>;
  readonly of: string;
  readonly notKnown: string;
  readonly comment: string;
  readonly noComment: string;
  readonly actions: string;
  readonly noActions: string;
  readonly owners: Readonly<Record<'partner' | 'partner_manager', string>>;
  readonly done: string;
  readonly meeting: string;
  readonly acknowledged: (day: string) => string;
  readonly notAcknowledged: string;
  readonly scored: (day: string, version: number, revision: number) => string;
  readonly review: (quarter: string) => string;
}

const english: ScorecardWords = {
  scorecard: 'Scorecard',
  draft: 'Draft',
  groups: { sales: 'Sales', engagement: 'Engagement', enablement: 'Enablement', satisfaction: 'Satisfaction' },
  metrics: {
    dealsSourced: 'Deals sourced',
    pipelineSourced: 'Pipeline sourced',
    pipelineInfluenced: 'Pipeline influenced',
    revenueClosed: 'Revenue closed',
    revenueInfluenced: 'Revenue influenced',
    winRate: 'Win rate',
    averageDealSize: 'Average deal size',
    activeEngagements: 'Active engagements',
    trainings: 'Trainings completed',
    certifications: 'Certifications passed',
    partnerNps: 'Recommends us (NPS)',
    satisfaction: 'Satisfaction, 1 to 5',
  },
  rags: { green: 'on target', amber: 'close', red: 'below', none: 'no target' },
  bands: { strong: 'strong', stable: 'stable', developing: 'developing' },
  health: 'Health',
  coverage: (percent) => `${percent} of it is known`,
  tier: 'Tier',
  actual: 'Actual',
  target: 'Target',
  previous: 'Before',
  lastQuarters: '4 quarters',
  state: 'State',
  nextTier: (tier) => `On the way to ${tier}`,
  highestTier: 'The highest tier',
  ownTier: (tier) => `To keep ${tier}`,
  criteria: {
    annualRevenue: 'Sales',
    influencedRevenue: 'Sales influenced',
    deals: 'Deals won',
    competencies: 'Competencies',
    certifiedPeople: 'Certified people',
    nps: 'NPS',
    satisfaction: 'Satisfaction',
    healthScore: 'Health',
  },
  of: 'of',
  notKnown: 'not known',
  comment: 'Comment',
  noComment: 'No comment yet.',
  actions: 'Actions',
  noActions: 'None agreed yet.',
  owners: { partner: 'Partner', partner_manager: 'Partner manager' },
  done: 'done',
  meeting: 'Review',
  acknowledged: (day) => `Acknowledged by the partner on ${day}`,
  notAcknowledged: 'Not acknowledged by the partner yet',
  scored: (day, version, revision) => `Figures of ${day}, program version ${version}, revision ${revision}`,
  review: (quarter) => `Quarterly business review ${quarter}`,
};

const german: ScorecardWords = {
  scorecard: 'Scorecard',
  draft: 'Entwurf',
  groups: { sales: 'Vertrieb', engagement: 'Zusammenarbeit', enablement: 'Befähigung', satisfaction: 'Zufriedenheit' },
  metrics: {
    dealsSourced: 'Eingebrachte Geschäfte',
    pipelineSourced: 'Eingebrachte Pipeline',
    pipelineInfluenced: 'Beeinflusste Pipeline',
    revenueClosed: 'Abgeschlossener Umsatz',
    revenueInfluenced: 'Beeinflusster Umsatz',
    winRate: 'Gewinnquote',
    averageDealSize: 'Mittlere Geschäftsgröße',
    activeEngagements: 'Gemeinsame Aktivitäten',
    trainings: 'Schulungen',
    certifications: 'Zertifizierungen',
    partnerNps: 'Weiterempfehlung (NPS)',
    satisfaction: 'Zufriedenheit, 1 bis 5',
  },
  rags: { green: 'im Ziel', amber: 'knapp', red: 'darunter', none: 'ohne Ziel' },
  bands: { strong: 'stark', stable: 'stabil', developing: 'im Aufbau' },
  health: 'Gesundheit',
  coverage: (percent) => `davon bekannt: ${percent}`,
  tier: 'Stufe',
  actual: 'Ist',
  target: 'Ziel',
  previous: 'Vorher',
  lastQuarters: '4 Quartale',
  state: 'Stand',
  nextTier: (tier) => `Auf dem Weg zu ${tier}`,
  highestTier: 'Die höchste Stufe',
  ownTier: (tier) => `Um ${tier} zu behalten`,
  criteria: {
    annualRevenue: 'Umsatz',
    influencedRevenue: 'Beeinflusster Umsatz',
    deals: 'Gewonnene Geschäfte',
    competencies: 'Kompetenzen',
    certifiedPeople: 'Zertifizierte Personen',
    nps: 'NPS',
    satisfaction: 'Zufriedenheit',
    healthScore: 'Gesundheit',
  },
  of: 'von',
  notKnown: 'nicht bekannt',
  comment: 'Kommentar',
  noComment: 'Noch kein Kommentar.',
  actions: 'Maßnahmen',
  noActions: 'Noch keine vereinbart.',
  owners: { partner: 'Partner', partner_manager: 'Partnermanagement' },
  done: 'erledigt',
  meeting: 'Gespräch',
  acknowledged: (day) => `Vom Partner zur Kenntnis genommen am ${day}`,
  notAcknowledged: 'Vom Partner noch nicht zur Kenntnis genommen',
  scored: (day, version, revision) => `Zahlen vom ${day}, Programmversion ${version}, Fassung ${revision}`,
  review: (quarter) => `Quartalsgespräch ${quarter}`,
};

export const scorecardWords: Readonly<Record<Language, ScorecardWords>> = { en: english, de: german };
