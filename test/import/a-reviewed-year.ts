import * as z from 'zod';
import { type Api, type ApiRequest, ask, askAll } from '#local/import/api-client.ts';
import { inLanes } from '#local/import/in-lanes.ts';
import { kebabCase } from '#local/import/kebab-case.ts';
import type { Laptop } from '#local/import/laptop.ts';
import { managerOf } from '#local/import/onboard-partners.ts';
import type { Fact } from '#shared/facts/fact.ts';
import type { Appointment } from '#test/import/a-paid-year.ts';
import { type ExpectedPartner, quarterOf, secondOf } from '#test/import/recompute-facts.ts';

/** Quarters of which people say something; of those before them nobody does. */
export const reviewed = ['2024-Q4', '2025-Q1', '2025-Q2', '2025-Q3'] as const;
/** The one that partners are shown in the course of the year. */
export const published = '2025-Q1';
const publishedAt = '2025-04-10T09:00:00.000Z';

/** What each partner agrees to sell in each of these quarters, as much as the rebate asks for. */
const targetMinor = 100_000_00;
/** What finance says the program costs in the first of them; each further one a hundred dollars more, and a margin of 70 %. */
const costMinor = 250_000_00;
export const costs = Object.fromEntries(
  reviewed.map((quarter, index) => [quarter, { costMinor: costMinor + index * 100_00, marginPercent: 70 }]),
);

const yearAndNumber = (quarter: string): readonly [number, number] => [
  Number(quarter.slice(0, 4)),
  Number(quarter.slice(-1)),
];
const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 'YYYY-MM-DD'.length);

export const lastDayOf = (quarter: string): string => {
  const [year, number] = yearAndNumber(quarter);
  return isoDay(Date.UTC(year, number * 3, 0));
};
/** The day before its scores are computed. */
const reviewDayOf = (quarter: string): string => {
  const [year, number] = yearAndNumber(quarter);
  return isoDay(Date.UTC(year, number * 3, 2));
};

interface Sayings {
  /** 1 to 5, by signal or category. */
  readonly ratings: Readonly<Record<string, number>>;
  readonly customers: number;
  readonly prospects: number;
}

/**
 * What the CRM does not know and people could have taken from it: whether the partner closes what it registers, how many customers it
 * has won, and of whom it has won or now holds a registration.
 */
export const sayingsOf = ({ deals }: ExpectedPartner, quarter: string): Sayings => {
  const lastDay = lastDayOf(quarter);
  const over = deals.filter(({ ended }) => quarterOf(ended) === quarter);
  const closed = over.filter(({ outcome }) => outcome !== 'expired');
  const won = deals.filter(({ outcome, ended }) => outcome === 'won' && ended <= lastDay);
  const customers = new Set(won.map(({ account }) => account)).size;
  const open = deals.filter(({ engaged, ended }) => engaged <= lastDay && ended > lastDay);
  return {
    ratings: {
      marketPosition: 1 + Math.min(4, Math.floor(won.length / 10)),
      ...(over.length > 0 ? { 'follow-through': 1 + Math.floor((4 * closed.length) / over.length) } : {}),
    },
    customers,
    prospects: new Set(open.map(({ account }) => account)).size,
  };
};

/** The category has one signal that people judge. */
const signalNames: Readonly<Record<string, string>> = { marketPosition: 'position' };

/** What is said of a partner, as facts. */
export const factsSaid = (partner: ExpectedPartner): readonly Fact[] =>
  reviewed.flatMap((quarter) => {
    const { ratings, customers, prospects } = sayingsOf(partner, quarter);
    const common = { partnerId: partner.agent, quarter };
    const told = { ...common, id: '', at: secondOf(lastDayOf(quarter)) };
    const judged = Object.entries(ratings).map(([about, value]): Fact => {
      const id = `${signalNames[about] ?? about}.1`;
      return { ...common, kind: 'health.assessed', id, value, at: secondOf(reviewDayOf(quarter)) };
    });
    return [
      { ...common, kind: 'partner.target', id: quarter, value: targetMinor, at: 0 },
      { ...told, kind: 'overlap.customers', value: customers },
      { ...told, kind: 'overlap.prospects', value: prospects },
      ...judged,
    ];
  });

export interface ReviewedYear {
  readonly appointments: readonly Appointment[];
}

const Known = z.object({ id: z.string(), version: z.int(), company: z.object({ name: z.string() }) });
const auditor = { role: 'partner_manager', email: 'auditor@tandem.example' } as const;
const finance = { role: 'finance', email: 'finance@tandem.example' } as const;
const width = 16;

export interface Reviewing {
  readonly api: Api;
  readonly laptop: Laptop;
  readonly partners: readonly ExpectedPartner[];
}

/** Ids by agent. */
export const idsOf = async ({ api, laptop }: Reviewing): Promise<ReadonlyMap<string, z.infer<typeof Known>>> => {
  const known = await askAll(api, { method: 'GET', path: '/v1/partners', token: await laptop.signIn(auditor) }, Known);
  return new Map(known.map((each) => [each.company.name.replace(/ Partners$/, ''), each]));
};

/** What managers, finance and the CRM's connector say each quarter, through the API as they would. */
export const aReviewedYear = (reviewing: Reviewing): ReviewedYear => {
  const { api, laptop, partners } = reviewing;
  const send = (request: ApiRequest) => ask(api, request, z.unknown());
  const byManagers = async (requestFor: (partner: ExpectedPartner, id: string, version: number) => ApiRequest) => {
    const ids = await idsOf(reviewing);
    await inLanes(partners, { width, laneOf: ({ agent }) => agent }, async (partner) => {
      const { id, version } = ids.get(partner.agent) ?? { id: '', version: 0 };
      const token = await laptop.signIn(managerOf(partner.manager));
      await send({ ...requestFor(partner, id, version), token });
    });
  };
  const agreeOnTargets = () =>
    byManagers((_partner, id, version) => ({
      method: 'PATCH',
      path: `/v1/partners/${id}`,
      ifMatch: `"${version}"`,
      body: {
        targets: Object.fromEntries(reviewed.map((each) => [each, { amountMinor: targetMinor, currency: 'USD' }])),
      },
    }));
  const assess = (quarter: string) =>
    byManagers((partner, id) => ({
      method: 'PUT',
      path: `/v1/partners/${id}/assessments/${quarter}`,
      body: Object.fromEntries(
        Object.entries(sayingsOf(partner, quarter).ratings).map(([about, score]) => [
          about,
          { score, note: 'As the pipeline shows.' },
        ]),
      ),
    }));
  const tellOverlaps = async (quarter: string) => {
    const ids = await idsOf(reviewing);
    const facts = partners.flatMap((partner) => {
      const { customers, prospects } = sayingsOf(partner, quarter);
      const about = { partnerId: ids.get(partner.agent)?.id, occurredAt: lastDayOf(quarter) };
      const nameOf = (what: string) => `${what}-${quarter}-${kebabCase(partner.agent)}`;
      return [
        { id: nameOf('customers'), kind: 'overlap.customers', value: customers, ...about },
        { id: nameOf('prospects'), kind: 'overlap.prospects', value: prospects, ...about },
      ];
    });
    const told = { method: 'POST', path: '/v1/facts', token: await laptop.signIn(auditor) } as const;
    const answer = z.object({ accepted: z.literal(facts.length), refused: z.array(z.unknown()).max(0) });
    await ask(api, { ...told, idempotencyKey: `overlaps-${quarter}`, body: { source: 'crm', facts } }, answer);
  };
  const enterCosts = async (quarter: string) => {
    const { costMinor: amountMinor = 0, marginPercent } = costs[quarter] ?? {};
    const body = { costs: [{ kind: 'people', amount: { amountMinor, currency: 'USD' } }], marginPercent };
    await send({ method: 'PUT', path: `/v1/program-costs/${quarter}`, token: await laptop.signIn(finance), body });
  };
  const publish = async () => {
    const token = await laptop.signIn(auditor);
    const path = `/v1/health/${published}/publication`;
    await send({ method: 'POST', path, token, idempotencyKey: 'publish', body: {} });
  };
  return {
    appointments: [
      { at: '', keep: agreeOnTargets },
      ...reviewed.map((quarter) => ({
        at: `${reviewDayOf(quarter)}T09:00:00.000Z`,
        keep: async () => {
          await assess(quarter);
          await tellOverlaps(quarter);
          await enterCosts(quarter);
        },
      })),
      { at: publishedAt, keep: publish },
    ],
  };
};
