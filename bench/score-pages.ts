import type { ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { millis } from '#shared/core/time.ts';
import type { FactItem } from '#shared/facts/fact-store.ts';
import { itemOf } from '#shared/facts/fact-store.ts';
import { partnerFacts } from '#shared/facts/partner-facts.ts';
import { judgePartner, type Rules } from '#shared/health/judge-partner.ts';
import { markOf } from '#shared/health/stored-mark.ts';
import { activity } from '#shared/platform/activity-table.ts';
import { factsPerPartner, scoredQuarter, someFacts } from './some-facts.ts';
import { itemBytes } from './write-units.ts';

/** A scan reads so much before it answers. */
const pageBytes = 1024 * 1024;

/** A table that goes round: so many different partners, again and again, as long as it is read. */
export interface Ring {
  readonly items: readonly FactItem[];
  readonly bytes: readonly number[];
  readonly places: ReadonlyMap<string, number>;
}

const nameOf = (item: FactItem | undefined): string => `${item?.pk?.S} ${item?.sk?.S}`;

/** By an earlier run, when the quarter was over: what was stored before would be followed up once more. */
const scoredAtSeconds = millis('2026-07-02T09:00:00.000Z') / 1000;

/** 200 items of each partner: its facts, and one that says what an earlier run has stored of it. */
export const makeRing = (partners: number, rules: Rules): Ring => {
  const items = Array.from({ length: partners }, (_, number) => {
    const facts = someFacts(number, factsPerPartner - 1);
    const partnerId = facts[0]?.partnerId ?? '';
    const found = judgePartner(partnerFacts(partnerId, scoredQuarter, facts), rules);
    if (!found) throw new Error('A partner of the bench is not scored.');
    const about = markOf(found.digest, 'scr_00000000000000000000BENCH0');
    const mark = {
      partnerId,
      kind: 'health.score',
      quarter: scoredQuarter,
      id: '',
      value: found.points,
      at: scoredAtSeconds,
      about,
      rank: 1,
    } as const;
    return [...facts, mark].map(itemOf);
  }).flat();
  return {
    items,
    bytes: items.map((item) => itemBytes(item as Parameters<typeof itemBytes>[0])),
    places: new Map(items.map((item, place) => [nameOf(item), place])),
  };
};

/** What was read of the table, and the CPU that it took to hand it over, which is no part of the worker's. */
export interface Reading {
  pages: number;
  bytes: number;
  readUnits: number;
  stubCpuUs: number;
}

const cpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** As AWS counts a page that is read without consistency: half a unit for each started four kilobytes of all of it together. */
const unitsOf = (bytes: number): number => Math.ceil(bytes / 4096) / 2;

/**
 * Answers the worker's scans from a ring, until so many partners were read; items go over as the plain client hands them out. Twenty
 * million items fit neither the local engine nor this machine.
 */
export const answerScans = (ring: Ring, partners: number): Reading => {
  const reading: Reading = { pages: 0, bytes: 0, readUnits: 0, stubCpuUs: 0 };
  const total = partners * factsPerPartner;
  const { length } = ring.items;
  let next = 0;
  const placeAfter = (key: FactItem | undefined): number => {
    if (!key) return 0;
    const place = ring.places.get(nameOf(key)) ?? 0;
    const turns = Math.floor((next - 1 - place) / length);
    return turns * length + place + 1;
  };
  const page = (input: ScanCommandInput) => {
    const before = cpuUs();
    const from = placeAfter(input.ExclusiveStartKey);
    let [to, bytes] = [from, 0];
    for (; to < total && bytes < pageBytes; to += 1) bytes += ring.bytes[to % length] ?? 0;
    const Items = Array.from({ length: to - from }, (_, index) => ring.items[(from + index) % length] ?? {});
    const last = Items.at(-1);
    next = to;
    reading.pages += 1;
    reading.bytes += bytes;
    reading.readUnits += unitsOf(bytes);
    reading.stubCpuUs += cpuUs() - before;
    return { Items, ...(to < total && last ? { LastEvaluatedKey: { pk: last.pk, sk: last.sk } } : {}) };
  };
  // It copies every answer for a log that nobody reads; what is deployed goes without it (infra/bundle.ts).
  activity.middlewareStack.remove('loggerMiddleware');
  activity.middlewareStack.add(
    () => async (args) => ({
      output: { ...page(args.input as ScanCommandInput), $metadata: {} } as never,
      response: {},
    }),
    { step: 'initialize', name: 'ring', override: true },
  );
  return reading;
};
