import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { Category, Signal } from '#shared/program/health-rules.ts';

type About = Pick<Signal, 'id' | 'name'>;

const assessed = (category: Category, about: About, question: string): Signal => ({
  ...about,
  category,
  assessed: true,
  question,
});

type Measuring = Pick<Signal, 'how' | 'quarters' | 'floor' | 'target'> & { readonly facts: FactKindId[] };

const measured = (category: Category, about: About, measuring: Measuring): Signal => ({
  ...about,
  category,
  ...measuring,
});

/** Of a year: whoever trains in spring has trained people in autumn. */
const aYear = 4;

/** That something is the case, or not. */
const holds = (category: Category, about: About, fact: FactKindId): Signal =>
  measured(category, about, { facts: [fact], how: 'last', target: 1 });

/** So many of them in a year. */
const inAYear = (
  category: Category,
  about: About,
  so: { readonly many: number; readonly facts: FactKindId[] },
): Signal => measured(category, about, { facts: so.facts, how: 'sum', quarters: aYear, target: so.many });

/**
 * What a score is made from where the program file names no signals (PRODUCT §6). Each category but the last three has something that
 * Tandem knows by itself, so that a partner who has done nothing yet is not judged by its contract alone.
 */
export const defaultSignals: readonly Signal[] = [
  assessed('relationship', { id: 'consistency', name: 'Consistency' }, 'Does the partner do what it does every time?'),
  assessed(
    'relationship',
    { id: 'responsiveness', name: 'Responsiveness' },
    'Does the partner answer soon, and to the point?',
  ),
  assessed(
    'relationship',
    { id: 'transparency', name: 'Transparency' },
    'Does the partner tell what we need to know, good or bad?',
  ),
  assessed(
    'relationship',
    { id: 'follow-through', name: 'Follow-through' },
    'Does the partner finish what it promised?',
  ),
  measured(
    'relationship',
    { id: 'response-time', name: 'Hours to answer our questions about deals' },
    { facts: ['deal.answered'], how: 'mean', quarters: aYear, floor: 120, target: 24 },
  ),
  measured(
    'relationship',
    { id: 'lead-response', name: 'Hours to accept a lead' },
    { facts: ['lead.accepted'], how: 'mean', quarters: aYear, floor: 72, target: 24 },
  ),
  measured(
    'relationship',
    { id: 'reciprocity', name: 'Deals and leads brought to us' },
    {
      facts: ['deal.registered.new', 'deal.registered.expansion', 'deal.registered.renewal', 'referral.returned'],
      how: 'count',
      quarters: aYear,
      target: 4,
    },
  ),

  holds('technicalReadiness', { id: 'open-api', name: 'Open interface' }, 'api.open'),
  holds('technicalReadiness', { id: 'documentation', name: 'Developer documentation' }, 'developer.documentation'),
  holds('technicalReadiness', { id: 'developer-support', name: 'Developer support' }, 'developer.support'),
  holds('technicalReadiness', { id: 'integration', name: 'Certified integration' }, 'integration.certified'),

  measured(
    'accountOverlap',
    { id: 'mutual-customers', name: 'Mutual customers' },
    { facts: ['overlap.customers'], how: 'last', target: 20 },
  ),
  measured(
    'accountOverlap',
    { id: 'mutual-prospects', name: 'Mutual prospects' },
    { facts: ['overlap.prospects'], how: 'last', target: 30 },
  ),
  assessed(
    'accountOverlap',
    { id: 'ideal-customer', name: 'Shared ideal customer profile' },
    'Do we and the partner want the same customers?',
  ),
  assessed(
    'accountOverlap',
    { id: 'value-proposition', name: 'Joint value proposition' },
    'Can both sides say in one sentence why customers are better off with both?',
  ),

  inAYear(
    'enablement',
    { id: 'sessions', name: 'Lunch-and-learns and enablement sessions' },
    { many: 4, facts: ['enablement.session'] },
  ),
  inAYear('enablement', { id: 'trainings', name: 'Trainings' }, { many: 5, facts: ['training.completed'] }),
  measured(
    'enablement',
    { id: 'recommendations', name: 'Recommendations and parts in deals' },
    { facts: ['deal.recommended', 'deal.influenced'], how: 'count', quarters: aYear, target: 4 },
  ),

  inAYear('marketing', { id: 'one-pagers', name: 'One-pagers' }, { many: 1, facts: ['asset.one-pager'] }),
  inAYear('marketing', { id: 'case-studies', name: 'Case studies' }, { many: 2, facts: ['asset.case-study'] }),
  inAYear('marketing', { id: 'events', name: 'Events' }, { many: 2, facts: ['marketing.event'] }),
  measured(
    'marketing',
    { id: 'campaigns', name: 'Campaigns and funded activities' },
    { facts: ['marketing.campaign', 'mdf.reimbursed'], how: 'count', quarters: aYear, target: 3 },
  ),

  assessed(
    'marketPosition',
    { id: 'position', name: 'Position in the market' },
    'How strong is the partner in its market?',
  ),

  holds('operations', { id: 'contract', name: 'Contract' }, 'partner.agreement'),
  holds('operations', { id: 'revenue-share', name: 'Revenue share' }, 'revenue-share.agreed'),
  holds('operations', { id: 'onboarding', name: 'Onboarding' }, 'onboarding.completed'),
  holds('operations', { id: 'security-review', name: 'Security review' }, 'security.reviewed'),
];
