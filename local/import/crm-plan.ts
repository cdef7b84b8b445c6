import { Temporal } from 'temporal-polyfill';
import type { CrmTables, Opportunity } from '#local/import/crm-files.ts';
import { kebabCase } from '#local/import/kebab-case.ts';
import { officeCountry } from '#local/import/office-country.ts';
import {
  type Close,
  laneOf,
  type Plan,
  type PlannedPartner,
  type Registration,
  type UnusableRow,
} from '#local/import/plan.ts';

/** Why a row leads to nothing. Checked in this order, so a row without an account counts as such whatever else it lacks. */
type Unusable =
  | 'no-opportunity-id'
  | 'duplicate-opportunity'
  | 'no-account'
  | 'unknown-account'
  | 'no-engage-date'
  | 'bad-engage-date'
  | 'unknown-agent'
  | 'unknown-product'
  | 'unknown-stage'
  | 'bad-close-date'
  | 'bad-close-value';

/** What the rows refer to, found by the name they use. */
interface Known {
  readonly customers: ReadonlyMap<string, Registration['customer']>;
  readonly productLines: ReadonlyMap<string, { readonly id: string; readonly valueMinor: number }>;
  readonly partnerKeys: ReadonlyMap<string, string>;
}

const stages = { Won: 'won', Lost: 'lost', Engaging: 'open', Prospecting: 'open' } as const;
type Stage = (typeof stages)[keyof typeof stages];

const daysUntilInvoicePaid = 30;
/** The data has no expected date; a plan of 90 days is the same for all. */
const daysUntilExpectedClose = 90;

/** `M/D/YYYY` → the day, or null where the calendar has no such day. */
function parseDay(text: string): Temporal.PlainDate | null {
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  if (!month || !day || !year) return null;
  try {
    return Temporal.PlainDate.from(
      { year: Number(year), month: Number(month), day: Number(day) },
      { overflow: 'reject' },
    );
  } catch {
    return null;
  }
}

/** Whole currency units with at most two decimals → minor units, or null. */
function parseMinor(text: string): number | null {
  const [, units, decimals = ''] = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  return units === undefined ? null : Number(units + decimals.padEnd(2, '0'));
}

const noon = (day: Temporal.PlainDate): string => `${day.toString()}T12:00:00.000Z`;

/** Products are spelled with and without spaces. */
const productKey = (product: string): string => product.replaceAll(/\s/g, '').toLowerCase();

const stageOf = (text: string): Stage | undefined =>
  Object.hasOwn(stages, text) ? stages[text as keyof typeof stages] : undefined;

function knownOf(tables: CrmTables): Known {
  const customers = tables.accounts.map(({ account, office_location }) => {
    const customer = {
      companyName: account,
      websiteUrl: website(account),
      countryCode: officeCountry(office_location) ?? 'US',
    };
    return [account, customer] as const;
  });
  const productLines = tables.products.map(({ product, sales_price }) => {
    return [productKey(product), { id: kebabCase(product), valueMinor: parseMinor(sales_price) ?? 0 }] as const;
  });
  return {
    customers: new Map(customers),
    productLines: new Map(productLines),
    partnerKeys: new Map(tables.agents.map(({ sales_agent }) => [sales_agent, kebabCase(sales_agent)])),
  };
}

const website = (name: string): string => `https://${kebabCase(name)}.example`;

function plannedPartner(agent: CrmTables['agents'][number]): PlannedPartner {
  const [firstName = agent.sales_agent, ...lastNames] = agent.sales_agent.split(' ');
  const key = kebabCase(agent.sales_agent);
  return {
    key,
    name: `${agent.sales_agent} Partners`,
    websiteUrl: website(agent.sales_agent),
    types: ['referral'],
    region: agent.regional_office.toLowerCase(),
    contact: { firstName, lastName: lastNames.join(' ') || firstName, email: `${key}@${key}.example` },
    manager: agent.manager,
  };
}

/** How the row closes, null where it is still open, or why its close cannot be read. */
function closeOf(row: Opportunity, registration: Registration): Close | null | Unusable {
  const stage = stageOf(row.deal_stage);
  if (stage === undefined) return 'unknown-stage';
  if (stage === 'open') return null;
  const day = parseDay(row.close_date);
  if (!day) return 'bad-close-date';
  const close = {
    rowId: row.opportunity_id,
    at: noon(day),
    partnerKey: registration.partnerKey,
    lane: laneOf(registration),
    closedOn: day.toString(),
  };
  if (stage === 'lost') return { ...close, result: { outcome: stage } };
  const valueMinor = parseMinor(row.close_value);
  if (valueMinor === null) return 'bad-close-value';
  const invoicePaidOn = day.add({ days: daysUntilInvoicePaid }).toString();
  return { ...close, result: { outcome: stage, valueMinor, invoicePaidOn } };
}

function planRow(row: Opportunity, known: Known): { registration: Registration; close: Close | null } | Unusable {
  if (row.opportunity_id === '') return 'no-opportunity-id';
  if (row.account === '') return 'no-account';
  const customer = known.customers.get(row.account);
  if (!customer) return 'unknown-account';
  if (row.engage_date === '') return 'no-engage-date';
  const day = parseDay(row.engage_date);
  if (!day) return 'bad-engage-date';
  const partnerKey = known.partnerKeys.get(row.sales_agent);
  if (!partnerKey) return 'unknown-agent';
  const line = known.productLines.get(productKey(row.product));
  if (!line) return 'unknown-product';
  const expectedCloseDate = day.add({ days: daysUntilExpectedClose }).toString();
  const what = { customer, productLine: line.id, valueMinor: line.valueMinor, expectedCloseDate };
  const registration = { rowId: row.opportunity_id, at: noon(day), partnerKey, ...what };
  const close = closeOf(row, registration);
  return typeof close === 'string' ? close : { registration, close };
}

/** Turns the CRM's rows into a plan, by the rules that stand in the README of the data. Pure: the same tables give the same plan. */
export function crmPlan(tables: CrmTables): Plan {
  const known = knownOf(tables);
  const seen = new Set<string>();
  const registrations: Registration[] = [];
  const closes: Close[] = [];
  const unusable: UnusableRow[] = [];
  for (const row of tables.opportunities) {
    const planned = seen.has(row.opportunity_id) ? 'duplicate-opportunity' : planRow(row, known);
    seen.add(row.opportunity_id);
    if (typeof planned === 'string') {
      const partnerKey = known.partnerKeys.get(row.sales_agent) ?? row.sales_agent;
      unusable.push({ rowId: row.opportunity_id, partnerKey, reason: planned });
      continue;
    }
    registrations.push(planned.registration);
    if (planned.close) closes.push(planned.close);
  }
  const partners = tables.agents.map(plannedPartner);
  return {
    source: 'crm',
    currency: 'USD',
    partners,
    registrations,
    closes,
    unusable,
    rowCount: tables.opportunities.length,
  };
}
