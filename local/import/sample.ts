import { Temporal } from 'temporal-polyfill';
import { kebabCase } from '#local/import/kebab-case.ts';
import { type Close, laneOf, type Plan, type PlannedPartner, type Registration } from '#local/import/plan.ts';
import type { ProgramInForce } from '#local/import/program-in-force.ts';

/** The sample's four quarters. Fixed, like its seed, so that everybody who starts the demo sees the same. */
export const sampleFirstDay = '2025-01-01';
export const sampleLastDay = '2025-12-31';

const seed = 20_250_101;
const dealsPerPartner = 24;
const firstNames = [
  'Ada',
  'Bruno',
  'Chiara',
  'Dmitri',
  'Elif',
  'Farid',
  'Grace',
  'Hugo',
  'Ines',
  'Jonas',
  'Kaya',
  'Liam',
];
const lastNames = ['Abara', 'Bianchi', 'Costa', 'Dubois', 'Eriksen', 'Fischer', 'Garcia', 'Haddad'];
const partnerNames = [
  'Alder',
  'Beacon',
  'Cobalt',
  'Drift',
  'Ember',
  'Fathom',
  'Granite',
  'Harbor',
  'Indigo',
  'Juniper',
  'Keystone',
  'Lantern',
];
const partnerTrades = ['Consulting', 'Cloud'];
const customerNames = [
  'Acorn',
  'Birch',
  'Cedar',
  'Dune',
  'Elm',
  'Fjord',
  'Glen',
  'Heath',
  'Isle',
  'Jade',
  'Knoll',
  'Lark',
  'Moss',
  'Nook',
  'Oak',
];
const customerTrades = ['Foods', 'Freight', 'Health', 'Insurance', 'Motors', 'Textiles'];
const managers = ['Maya Lindholm', 'Theo Okafor', 'Nora Petrov'];
const countries = ['US', 'DE', 'FR', 'NL', 'BR', 'JP'];

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Dice {
  readonly chance: (probability: number) => boolean;
  readonly between: (low: number, high: number) => number;
  readonly pick: <T>(from: readonly [T, ...T[]] | readonly T[]) => T;
}

function diceFrom(start: number): Dice {
  const random = randomFrom(start);
  const pick = <T>(from: readonly T[]): T => {
    const picked = from[Math.floor(random() * from.length)];
    if (picked === undefined) throw new Error('There is nothing to pick from.');
    return picked;
  };
  return {
    chance: (probability) => random() < probability,
    between: (low, high) => low + Math.floor(random() * (high - low + 1)),
    pick,
  };
}

const noon = (day: Temporal.PlainDate): string => `${day.toString()}T12:00:00.000Z`;
const website = (name: string): string => `https://${kebabCase(name)}.example`;

function samplePartners(program: ProgramInForce, dice: Dice): readonly PlannedPartner[] {
  const names = partnerTrades.flatMap((trade) => partnerNames.map((name) => `${name} ${trade}`));
  return names.map((name, index) => {
    const [firstName, lastName] = [dice.pick(firstNames), dice.pick(lastNames)];
    const key = kebabCase(name);
    return {
      key,
      name,
      websiteUrl: website(name),
      types: [program.partnerTypes[index % program.partnerTypes.length] ?? 'referral'],
      region: dice.pick(program.regions),
      contact: { firstName, lastName, email: `${kebabCase(`${firstName} ${lastName}`)}@${key}.example` },
      manager: dice.pick(managers),
    };
  });
}

/** Mostly small and middling deals, now and then a large one, and a few below any sensible minimum. */
function valueMinor(dice: Dice): number {
  const units = dice.chance(0.1) ? dice.between(60_000, 240_000) : dice.between(3_000, 40_000);
  return units * 100;
}

function sampleRegistration(
  rowId: string,
  partner: PlannedPartner,
  { program, dice }: { program: ProgramInForce; dice: Dice },
): Registration {
  const first = Temporal.PlainDate.from(sampleFirstDay).add({ days: 1 });
  const last = Temporal.PlainDate.from(sampleLastDay);
  const day = first.add({ days: dice.between(0, first.until(last).days) });
  const companyName = `${dice.pick(customerNames)} ${dice.pick(customerTrades)}`;
  const registration = {
    rowId,
    at: noon(day),
    partnerKey: partner.key,
    customer: { companyName, websiteUrl: website(companyName), countryCode: dice.pick(countries) },
    productLine: dice.pick(program.productLines).id,
    valueMinor: valueMinor(dice),
    expectedCloseDate: day.add({ days: 90 }).toString(),
  };
  // The last days' requests wait in the inbox, so that there is something to decide when one looks around.
  return day.until(last).days <= 2 ? { ...registration, leftToPeople: true } : registration;
}

function sampleClose(registration: Registration, dice: Dice): Close | null {
  const { rowId, partnerKey } = registration;
  const engaged = Temporal.PlainDate.from(registration.at.slice(0, 10));
  const day = engaged.add({ days: dice.between(15, 110) });
  const invoicePaidOn = day.add({ days: 30 }).toString();
  const value = Math.round((registration.valueMinor * dice.between(80, 115)) / 100);
  const [closes, wins] = [dice.chance(0.7), dice.chance(0.6)];
  if (!closes || day.toString() > sampleLastDay) return null;
  const result = wins
    ? ({ outcome: 'won', valueMinor: value, invoicePaidOn } as const)
    : ({ outcome: 'lost' } as const);
  return { rowId, at: noon(day), partnerKey, lane: laneOf(registration), closedOn: day.toString(), result };
}

/** 24 partners and four quarters of deals under the program in force. Pure: the same program gives the same sample, always. */
export function samplePlan(program: ProgramInForce): Plan {
  const dice = diceFrom(seed);
  const partners = samplePartners(program, dice);
  const rowCount = partners.length * dealsPerPartner;
  const registrations = Array.from({ length: rowCount }, (_, index) => {
    const rowId = `S${String(index + 1).padStart(4, '0')}`;
    const partner = partners[index % partners.length];
    if (!partner) throw new Error('The sample has no partners.');
    return sampleRegistration(rowId, partner, { program, dice });
  });
  const closes = registrations.map((registration) => sampleClose(registration, dice)).filter((close) => close !== null);
  return { source: 'sample', currency: program.currency, partners, registrations, closes, unusable: [], rowCount };
}
