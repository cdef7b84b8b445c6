import { parse } from 'csv-parse/sync';
import type { Fact } from '#shared/facts/fact.ts';
import type { Profile } from '#shared/facts/partner-facts.ts';
import { type CrmTables, recompute } from '#test/import/recompute.ts';

/**
 * What happened in the imported year, as scores and figures see it, worked out from the CRM's rows, the data page and the meanings of
 * the kinds of facts (docs/reference.md). Of the system it has the names of these kinds, and nothing that makes facts.
 */
export interface ExpectedPartner {
  readonly agent: string;
  readonly manager: string;
  readonly profile: Profile;
  readonly deals: readonly ExpectedDeal[];
  readonly facts: readonly Fact[];
}

/** A registration that was approved, and what became of it. Days are `YYYY-MM-DD`. */
export interface ExpectedDeal {
  readonly account: string;
  readonly engaged: string;
  readonly listMinor: number;
  readonly outcome: 'won' | 'lost' | 'expired';
  readonly ended: string;
  /** Of a win. */
  readonly valueMinor: number;
}

type Cells = Readonly<Record<string, string>>;

const readTable = (text: string): readonly Cells[] => parse(text, { columns: true });

const secondsOfDay = 86_400;
const protectionDays = 90;
const begin = '2024-06-01';

const isoDay = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 'YYYY-MM-DD'.length);

/** Its first second. */
export const secondOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;
const noonOf = (day: string): number => secondOf(day) + secondsOfDay / 2;
const later = (day: string, days: number): string => isoDay(secondOf(day) + days * secondsOfDay);

/** `M/D/YYYY` */
const dayOf = (text = ''): string => {
  const [month, day, year] = text.split('/').map(Number);
  return isoDay(Date.UTC(year ?? 0, (month ?? 0) - 1, day) / 1000);
};

/** The fiscal year begins in January. */
export const quarterOf = (day: string): string => `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;

const withoutSpaces = (product = ''): string => product.replaceAll(' ', '');
const inCents = (dollars = ''): number => Math.round(Number(dollars) * 100);

const dealsOf = (tables: CrmTables): ReadonlyMap<string, readonly ExpectedDeal[]> => {
  const outcomes = recompute(tables);
  const prices = new Map(
    readTable(tables.products).map((row) => [withoutSpaces(row.product), inCents(row.sales_price)]),
  );
  const approved = readTable(tables.pipeline).filter(
    (row) => outcomes.get(row.opportunity_id ?? '')?.registration === 'approved',
  );
  const deals = approved.map((row): [string, ExpectedDeal] => {
    const close = outcomes.get(row.opportunity_id ?? '')?.close;
    const engaged = dayOf(row.engage_date);
    const isClosed = close === 'won' || close === 'lost';
    const deal: ExpectedDeal = {
      account: row.account ?? '',
      engaged,
      listMinor: prices.get(withoutSpaces(row.product)) ?? Number.NaN,
      outcome: isClosed ? close : 'expired',
      ended: isClosed ? dayOf(row.close_date) : later(engaged, protectionDays),
      valueMinor: close === 'won' ? inCents(row.close_value) : 0,
    };
    return [row.sales_agent ?? '', deal];
  });
  const byAgent = Map.groupBy(deals, ([agent]) => agent);
  return new Map([...byAgent].map(([agent, some]) => [agent, some.map(([, deal]) => deal)]));
};

/** What is said of one partner; each fact gets a number of its own. */
const teller = (partnerId: string) => {
  const facts: Fact[] = [];
  const tell = (kind: Fact['kind'], day: string, more: Partial<Fact> = {}): void => {
    facts.push({
      partnerId,
      kind,
      quarter: quarterOf(day),
      id: String(facts.length),
      value: 1,
      at: secondOf(day),
      ...more,
    });
  };
  return { facts, tell };
};

/** It registers at noon; what is closed is closed on a day; what expires does so at the noon at which its protection ends. */
const factsOf = (agent: string, deals: readonly ExpectedDeal[]): readonly Fact[] => {
  const { facts, tell } = teller(agent);
  tell('partner.applied', begin);
  tell('partner.activated', begin, { value: 0 });
  tell('partner.agreement', begin, { id: '' });
  const [first] = deals.map(({ engaged }) => engaged).sort();
  const daysUntil = (day: string): number => (secondOf(day) - secondOf(begin)) / secondsOfDay;
  if (first) tell('deal.first', first, { value: daysUntil(first), at: noonOf(first) });
  for (const { engaged, listMinor, outcome, ended, valueMinor } of deals) {
    const registered = { value: listMinor, at: noonOf(engaged) };
    tell('deal.registered.new', engaged, registered);
    tell('deal.approved', engaged, registered);
    if (outcome === 'lost') tell('deal.lost', ended, { value: listMinor });
    if (outcome === 'expired') tell('deal.ended', ended, { value: listMinor, at: noonOf(ended) });
    if (outcome !== 'won') continue;
    tell('deal.won.sourced.new', ended, { value: valueMinor });
    tell('deal.cycle', ended, { value: daysUntil(ended) - daysUntil(engaged) });
  }
  return facts;
};

/** All agents, in the order of the table; each is its own partner id. */
export const recomputeFacts = (tables: CrmTables): readonly ExpectedPartner[] => {
  const deals = dealsOf(tables);
  return readTable(tables.teams).map(({ sales_agent: agent = '', manager = '', regional_office: office = '' }) => {
    const mine = deals.get(agent) ?? [];
    const profile = { status: 'active', tier: 'authorized', region: office.toLowerCase(), types: ['referral'] };
    return { agent, manager, profile, deals: mine, facts: factsOf(agent, mine) };
  });
};
