import { marshall } from '@aws-sdk/util-dynamodb';
import { handler as partners } from '#functions/partners/door.ts';
import type { Program } from '#shared/program/program.ts';
import { aProgram } from '#test/support/a-program.ts';
import { send } from '#test/support/call.ts';
import type { WireItem } from './expressions.ts';
import { applicant, marks, partnerIds, partnerOf, repsOf } from './people-of-a-history.ts';

/** When histories begin: a Monday morning. */
export const beginning = Date.parse('2026-03-02T09:00:00.000Z');

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

/** A share of what customers use: on one line it is the partner's, on the other ours. */
const ofUsage = { kind: 'rev-share', per: 'usage' } as const;

/** So many SPIFFs and a half that one is refused soon; and a rebate on a quarter, so that there is one to be settled. */
const incentivesOf = ({ incentives }: Program): Program['incentives'] => ({
  ...incentives,
  rules: [
    ...incentives.rules.map((rule) => (rule.id === 'deal-spiff' ? { ...rule, budget: usd(225_000) } : rule)),
    { id: 'quarter-rebate', name: 'Rebate', kind: 'rebate', per: 'quarter', salesFrom: usd(1_500_000), percent: 3 },
    { ...ofUsage, id: 'our-share', name: 'Ours', direction: 'to-us', productLines: ['platform'], percent: 12.5 },
    { ...ofUsage, id: 'its-share', name: 'Its', direction: 'to-partner', productLines: ['analytics'], percent: 20 },
  ],
});

/** Tiers are reached by what a partner sold, and by people whom anybody may report. */
export const criteriaOfTiers: Readonly<
  Record<string, { readonly annualRevenue: number; readonly certifiedPeople: number }>
> = {
  gold: { annualRevenue: 1_200_000, certifiedPeople: 3 },
  platinum: { annualRevenue: 1_600_000, certifiedPeople: 6 },
};

const withCriteria = (tier: Program['tiers'][number]): Program['tiers'][number] => {
  const criteria = criteriaOfTiers[tier.id];
  return criteria ? { ...tier, criteria: { ...criteria, annualRevenue: usd(criteria.annualRevenue) } } : tier;
};

/** The example program, a little tighter, so that limits are met and large deals take two people; its first tier has a budget. */
const makeProgram = (): Program => {
  const given = aProgram();
  const [first, ...tiers] = given.tiers;
  const benefits = { openRegistrationLimit: 3, mdfPerQuarter: usd(800_000) };
  return {
    ...given,
    tiers: first
      ? [{ ...first, benefits: { ...first.benefits, ...benefits } }, ...tiers.map(withCriteria)]
      : given.tiers,
    health: { ...given.health, secondRater: true },
    incentives: incentivesOf(given),
    approvals: {
      ...given.approvals,
      payout_run: {
        ...given.approvals.payout_run,
        steps: [{ role: 'finance', decisions: 1, moreAbove: { amount: usd(250_000), decisions: 2 } }],
      },
      deal_registration: {
        ...given.approvals.deal_registration,
        steps: [{ role: 'partner_manager', decisions: 1, moreAbove: { amount: usd(10_000_000), decisions: 2 } }],
      },
    },
  };
};

let made: Program | undefined;

export const programOfHistories = (): Program => {
  made ??= makeProgram();
  return made;
};

/** Who pays changes with the versions of the program, and nothing else; each is in force from its day on. */
const payers = [
  ['2000-01-01', 'manual'],
  ['2026-06-03', 'stripe'],
  ['2026-07-03', 'bank-file'],
  ['2026-08-02', 'manual'],
  ['2026-09-01', 'stripe'],
  ['2026-10-01', 'bank-file'],
  ['2026-11-01', 'manual'],
] as const;

export const programItems = (): readonly WireItem[] =>
  payers
    .flatMap(([from, provider], index) => {
      const [number, at] = [index + 1, `${from}T00:00:00.000Z`];
      const sk = String(number).padStart(5, '0');
      const program = programOfHistories();
      const version = { id: 'program', status: 'published', version: number, head: '', createdAt: at, updatedAt: at };
      const rest = { effectiveFrom: at, changes: [], sourceHash: '', writeId: '', bodyHash: '' };
      const rules = { ...program, payouts: { ...program.payouts, provider } };
      return [
        { pk: 'program', sk: `version#${sk}`, kind: 'program-version', ...version, ...rest },
        { pk: 'program', sk: `version#${sk}#rules`, kind: 'program-rules', rules: JSON.stringify(rules) },
      ];
    })
    .map((item) => marshall(item, { removeUndefinedValues: true }));

export const anApplication = (mark: string, website: string, type: string) => ({
  company: {
    name: `Company ${mark}`,
    websiteUrl: `https://${website}`,
    address: { streetAddress: `${mark} street 1`, city: 'Berlin', postalCode: '10115', countryCode: 'DE' },
  },
  types: [type],
  region: 'emea',
  contacts: [{ firstName: 'Ada', lastName: mark, email: `ada@${website}` }],
  answers: { capacity: mark, capability: mark, commitment: mark, customerFit: mark },
});

/** The three partners apply, are admitted at once, and accept; then one of them becomes a platinum partner. */
export const admitPartners = async (): Promise<void> => {
  for (const [index, mark] of marks.entries()) {
    const at = (second: number) => new Date(beginning - 3_600_000 + index * 60_000 + second * 1000).toISOString();
    const body = anApplication(mark, `${mark}.example`, 'affiliate');
    const applied = await send(partners, { operation: 'apply-partner', caller: applicant, at: at(0), body, key: mark });
    const partnerId = String(applied.body.id);
    partnerIds.set(mark, partnerId);
    const [, boss] = repsOf(mark);
    const acceptance = { version: '2026-01', signerName: mark, signerTitle: 'CEO', accepted: true };
    const accepted = await send(partners, {
      operation: 'accept-agreement',
      ...(boss ? { caller: boss } : {}),
      at: at(1),
      params: { partnerId: partnerOf(mark) },
      body: acceptance,
    });
    if (accepted.status !== 200) throw new Error(JSON.stringify([applied, accepted]));
  }
};
