import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { Objective, PlanTemplate } from '#shared/program/plan-rules.ts';

type About = Pick<Objective, 'id' | 'title' | 'weight'>;
type Measuring = Pick<Objective, 'how' | 'target' | 'dueAfterDays' | 'salesTarget'> & { readonly facts: FactKindId[] };

const sellers = { partner: 'Head of sales', partnerManager: 'Partner manager' };
const trainers = { partner: 'Head of services', partnerManager: 'Enablement' };
const marketers = { partner: 'Head of marketing', partnerManager: 'Partner marketing' };

const objective = (about: About, owners: Objective['owners'], measuring: Measuring): Objective => ({
  ...about,
  ...measuring,
  owners,
});

const registered: FactKindId[] = ['deal.registered.new', 'deal.registered.expansion', 'deal.registered.renewal'];
const sold: FactKindId[] = ['deal.won.sourced.new', 'deal.won.sourced.expansion', 'deal.won.sourced.renewal'];

/** What the partner is to sell is agreed with each. */
const sales = (weight: number): Objective =>
  objective({ id: 'sales', title: 'Sales', weight }, sellers, { facts: sold, how: 'sum', salesTarget: true });

const foundations: PlanTemplate = {
  id: 'foundations',
  name: 'Foundations',
  objectives: [
    objective({ id: 'onboarding', title: 'Onboarding complete', weight: 20 }, sellers, {
      facts: ['onboarding.completed'],
      how: 'last',
      target: 1,
    }),
    objective({ id: 'trainings', title: 'Trainings completed', weight: 25 }, trainers, {
      facts: ['training.completed'],
      how: 'sum',
      target: 3,
    }),
    objective({ id: 'certified-people', title: 'People certified', weight: 25 }, trainers, {
      facts: ['certified.people'],
      how: 'last',
      target: 2,
    }),
    objective({ id: 'mutual-customers', title: 'Mutual customers found', weight: 15 }, sellers, {
      facts: ['overlap.customers'],
      how: 'last',
      target: 5,
    }),
    objective({ id: 'one-pager', title: 'Joint one-pager published', weight: 15 }, marketers, {
      facts: ['asset.one-pager'],
      how: 'sum',
      target: 1,
    }),
  ],
};

const launch: PlanTemplate = {
  id: 'launch',
  name: 'Launch',
  objectives: [
    objective({ id: 'deals', title: 'Deals registered', weight: 35 }, sellers, {
      facts: registered,
      how: 'count',
      target: 3,
    }),
    objective({ id: 'sessions', title: 'Enablement sessions held', weight: 20 }, trainers, {
      facts: ['enablement.session'],
      how: 'sum',
      target: 2,
    }),
    objective({ id: 'launch-event', title: 'Launch event held', weight: 15 }, marketers, {
      facts: ['marketing.event'],
      how: 'sum',
      target: 1,
    }),
    objective({ id: 'campaign', title: 'Campaign run or funded', weight: 15 }, marketers, {
      facts: ['marketing.campaign', 'mdf.approved'],
      how: 'count',
      target: 1,
    }),
    { id: 'announcement', title: 'Partnership announced by both', weight: 15, target: 1, owners: marketers },
  ],
};

const goToMarket: PlanTemplate = {
  id: 'go-to-market',
  name: 'Go to market',
  objectives: [
    sales(30),
    objective({ id: 'deals', title: 'Deals approved', weight: 25 }, sellers, {
      facts: ['deal.approved'],
      how: 'count',
      target: 5,
    }),
    objective({ id: 'campaigns', title: 'Campaigns and events', weight: 20 }, marketers, {
      facts: ['marketing.campaign', 'marketing.event', 'mdf.approved'],
      how: 'count',
      target: 2,
    }),
    objective({ id: 'case-study', title: 'Case study published', weight: 15 }, marketers, {
      facts: ['asset.case-study'],
      how: 'sum',
      target: 1,
    }),
    {
      id: 'account-meetings',
      title: 'Accounts gone through together',
      weight: 10,
      unit: 'meetings',
      target: 3,
      owners: sellers,
    },
  ],
};

const growth: PlanTemplate = {
  id: 'growth',
  name: 'Growth',
  objectives: [
    sales(40),
    objective({ id: 'existing-customers', title: 'Expansions and renewals won', weight: 20 }, sellers, {
      facts: ['deal.won.sourced.expansion', 'deal.won.sourced.renewal'],
      how: 'count',
      target: 2,
    }),
    objective({ id: 'influenced', title: 'Our deals helped along', weight: 15 }, sellers, {
      facts: ['deal.influenced'],
      how: 'count',
      target: 3,
    }),
    objective({ id: 'certifications', title: 'Certifications passed', weight: 15 }, trainers, {
      facts: ['certification.passed'],
      how: 'sum',
      target: 2,
    }),
    objective({ id: 'case-study', title: 'Case study published', weight: 10 }, marketers, {
      facts: ['asset.case-study'],
      how: 'sum',
      target: 1,
    }),
  ],
};

const ninetyDays: PlanTemplate = {
  id: 'ninety-days',
  name: 'The first ninety days',
  onActivation: true,
  objectives: [
    { id: 'kick-off', title: 'Kick-off held', weight: 10, target: 1, owners: sellers, dueAfterDays: 14 },
    objective({ id: 'trainings', title: 'Two people through product training', weight: 20 }, trainers, {
      facts: ['training.completed'],
      how: 'sum',
      target: 2,
      dueAfterDays: 30,
    }),
    objective({ id: 'sessions', title: 'Enablement session held', weight: 10 }, trainers, {
      facts: ['enablement.session'],
      how: 'sum',
      target: 1,
      dueAfterDays: 45,
    }),
    objective({ id: 'first-deal', title: 'First deal registered', weight: 25 }, sellers, {
      facts: registered,
      how: 'count',
      target: 1,
      dueAfterDays: 60,
    }),
    objective({ id: 'one-pager', title: 'Joint one-pager published', weight: 10 }, marketers, {
      facts: ['asset.one-pager'],
      how: 'sum',
      target: 1,
      dueAfterDays: 75,
    }),
    objective({ id: 'deals', title: 'Deals approved', weight: 25 }, sellers, {
      facts: ['deal.approved'],
      how: 'count',
      target: 2,
      dueAfterDays: 90,
    }),
  ],
};

/** What mutual success plans are made from where the program file says nothing. Amounts are agreed with each partner. */
export const defaultTemplates: readonly PlanTemplate[] = [foundations, launch, goToMarket, growth, ninetyDays];
