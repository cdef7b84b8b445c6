import { parse } from 'csv-parse/sync';

/**
 * What must come out when the CRM sample goes through the program, worked out from the data page alone (data/README.md, "How it
 * becomes a partner program" and the table of rules), without the importer and without the system. It is the second witness of the
 * import, so it shares nothing with either but the CSV parser, and it works in whole days: everything there happens at 12:00 UTC.
 */
export interface CrmTables {
  readonly pipeline: string;
  readonly products: string;
  readonly teams: string;
}

export interface ExpectedRow {
  /** `approved`, `refused:<code of the API>` or `unusable:<why>`. */
  readonly registration: string;
  /** `won`, `lost`, `refused:registration-refused`, `refused:expired`, `refused:not-there-yet`, or `none` where the row never closes. */
  readonly close: string;
  /** How the row stands after the last day on which anything happens: `won`, `lost`, `expired`, `approved`, `refused` or `unusable`. */
  readonly final: string;
}

type Cells = Readonly<Record<string, string>>;

interface Opportunity {
  readonly id: string;
  readonly agent: string;
  readonly customerAndLine: string;
  readonly engageDay: number;
  readonly closeDay: number | null;
  readonly outcome: 'won' | 'lost' | null;
}

/** A registration that was approved, as long as the customer may be held by it. `freeDay` is the first day on which it is not. */
interface Holding {
  readonly id: string;
  readonly agent: string;
  readonly freeDay: number;
}

const protectionDays = 90;

const readTable = (text: string): readonly Cells[] => parse(text, { columns: true });

function cell(row: Cells, name: string): string {
  const value = row[name];
  if (value === undefined) throw new Error(`The table has no column ${name}.`);
  return value;
}

/** Days since 1970 of a date written `M/D/YYYY`. */
function dayNumber(text: string): number {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (!match) throw new Error(`The data page does not say what a date like "${text}" means.`);
  return Date.UTC(Number(match[3]), Number(match[1]) - 1, Number(match[2])) / 86_400_000;
}

const withoutSpaces = (product: string): string => product.replaceAll(' ', '');

function outcomeOf(stage: string): 'won' | 'lost' | null {
  if (stage === 'Won') return 'won';
  return stage === 'Lost' ? 'lost' : null;
}

function opportunity(row: Cells, known: { products: ReadonlySet<string>; agents: ReadonlySet<string> }): Opportunity {
  const product = withoutSpaces(cell(row, 'product'));
  const agent = cell(row, 'sales_agent');
  if (!known.products.has(product)) throw new Error(`The data page knows no product "${product}".`);
  if (!known.agents.has(agent)) throw new Error(`The data page knows no agent "${agent}".`);
  const outcome = outcomeOf(cell(row, 'deal_stage'));
  return {
    id: cell(row, 'opportunity_id'),
    agent,
    customerAndLine: `${cell(row, 'account')} / ${product}`,
    engageDay: dayNumber(cell(row, 'engage_date')),
    closeDay: outcome === null ? null : dayNumber(cell(row, 'close_date')),
    outcome,
  };
}

/** "A row without an account counts as such, whether or not it has a date." */
function whyUnusable(row: Cells): string | null {
  if (cell(row, 'account') === '') return 'no-account';
  return cell(row, 'engage_date') === '' ? 'no-engage-date' : null;
}

const byId = (a: Opportunity, b: Opportunity): number => (a.id < b.id ? -1 : 1);

function groupByDay(
  all: readonly Opportunity[],
  dayOf: (one: Opportunity) => number | null,
): Map<number, Opportunity[]> {
  const days = new Map<number, Opportunity[]>();
  for (const one of [...all].sort(byId)) {
    const day = dayOf(one);
    if (day !== null) days.set(day, [...(days.get(day) ?? []), one]);
  }
  return days;
}

/** Lives through all days in order; on each, closes come before registrations, and both go by opportunity id. */
function live(all: readonly Opportunity[]) {
  const engagements = groupByDay(all, (one) => one.engageDay);
  const closings = groupByDay(all, (one) => one.closeDay);
  const days = [...new Set([...engagements.keys(), ...closings.keys()])].sort((a, b) => a - b);
  const holdings = new Map<string, Holding>();
  const registrations = new Map<string, string>();
  const closes = new Map<string, string>();

  const close = (one: Opportunity, today: number): string => {
    const registration = registrations.get(one.id);
    if (registration === undefined) return 'refused:not-there-yet';
    if (registration !== 'approved') return 'refused:registration-refused';
    // Its protection ran out, whether or not somebody holds the customer since.
    if (today >= one.engageDay + protectionDays) return 'refused:expired';
    holdings.delete(one.customerAndLine);
    return one.outcome ?? 'none';
  };

  const register = (one: Opportunity, today: number): string => {
    const holding = holdings.get(one.customerAndLine);
    if (holding && holding.freeDay > today) {
      return holding.agent === one.agent ? 'refused:deal.already_registered' : 'refused:deal.conflict';
    }
    holdings.set(one.customerAndLine, { id: one.id, agent: one.agent, freeDay: today + protectionDays });
    return 'approved';
  };

  for (const today of days) {
    for (const one of closings.get(today) ?? []) closes.set(one.id, close(one, today));
    for (const one of engagements.get(today) ?? []) registrations.set(one.id, register(one, today));
  }
  return { registrations, closes, lastDay: days.at(-1) ?? 0 };
}

function finalOf(one: Opportunity, result: { registration: string; close: string; lastDay: number }): string {
  if (result.registration !== 'approved') return 'refused';
  if (result.close === 'won' || result.close === 'lost') return result.close;
  return result.lastDay >= one.engageDay + protectionDays ? 'expired' : 'approved';
}

/** The expected outcome of every row, by opportunity id. Throws on anything the data page does not speak about. */
export function recompute(tables: CrmTables): Map<string, ExpectedRow> {
  const known = {
    products: new Set(readTable(tables.products).map((row) => withoutSpaces(cell(row, 'product')))),
    agents: new Set(readTable(tables.teams).map((row) => cell(row, 'sales_agent'))),
  };
  const expected = new Map<string, ExpectedRow>();
  const usable: Opportunity[] = [];
  for (const row of readTable(tables.pipeline)) {
    const why = whyUnusable(row);
    if (why === null) usable.push(opportunity(row, known));
    else
      expected.set(cell(row, 'opportunity_id'), { registration: `unusable:${why}`, close: 'none', final: 'unusable' });
  }
  const { registrations, closes, lastDay } = live(usable);
  for (const one of usable) {
    const registration = registrations.get(one.id) ?? 'none';
    const close = closes.get(one.id) ?? 'none';
    expected.set(one.id, { registration, close, final: finalOf(one, { registration, close, lastDay }) });
  }
  return expected;
}

/** How many rows share each outcome, for the spot figures of a test and for people. */
export function tally(rows: Iterable<ExpectedRow>, part: keyof ExpectedRow): Record<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row[part], (counts.get(row[part]) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
