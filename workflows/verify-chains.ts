import { addDays, type Instant, millis } from '#shared/core/time.ts';
import { lastScoredAt } from '#shared/health/scoring-run-store.ts';
import { type Chained, faultOf, pagesOf, pagesWith, Chained as Schema } from '#shared/platform/chains.ts';
import { log } from '#shared/platform/logger.ts';
import type { Item } from '#shared/platform/table.ts';
import { newestProgramVersion } from '#shared/program/program-store.ts';
import type { ScheduleEvent } from './sweep.ts';

/** Things whose id is their key, and stands nowhere else. */
const keyed = (item: Item) => ({ ...item, id: item.pk });

/** Every noun that lists know, and where in its item the thing is that has the history. A test finds the noun that is missing here. */
const nouns: Readonly<Record<string, (item: Item) => unknown>> = {
  partners: (item) => item,
  users: (item) => item,
  'api-keys': (item) => item,
  deals: (item) => keyed(item),
  approvals: (item) => keyed(item),
  documents: (item) => item,
  'mdf-budgets': (item) => item,
  'mdf-requests': (item) => item,
  'mdf-claims': (item) => item,
  'payout-runs': (item) => item,
  'scoring-runs': (item) => item,
  health: (item) => item,
  assessments: (item) => item,
  'scorecard-reviews': (item) => item,
  'quarter-reviews': (item) => item,
  'program-costs': (item) => item,
  'success-plans': (item) => item,
  // Lies in the item of its customer, beside what holds it.
  'known-accounts': (item) => item.known,
};

/** What lies with each thing of a noun, and is in no list of its own. */
const lyingWith: Readonly<Record<string, readonly string[]>> = { partners: ['earning', 'statement'] };

/** A statement has no history before it is frozen. */
const hasHistory = ({ version }: Item): boolean => version !== undefined;

const atOnce = 32;

/** Throws when a history cannot be read, so that the check is repeated: what was not looked at is not well. */
const check = async (things: readonly Chained[]): Promise<number> => {
  let faults = 0;
  for (let start = 0; start < things.length; start += atOnce) {
    const looked = await Promise.all(
      things.slice(start, start + atOnce).map(async (thing) => ({ id: thing.id, fault: await faultOf(thing) })),
    );
    for (const { id, fault } of looked) {
      if (fault === undefined) continue;
      faults += 1;
      log.error('history broken', { subjectId: id, fault });
    }
  }
  return faults;
};

const lookBackDays = 2;
const dayMs = 86_400_000;

/**
 * What is looked at of a noun on a night: everything, page after page. Scores are more than all other things together, one for each
 * partner and quarter: those of quarters that were scored lately, and of one of all quarters in turn.
 */
const prefixesOf = async (noun: string, time: Instant): Promise<readonly string[]> => {
  if (noun !== 'health') return [''];
  const scored = await lastScoredAt();
  const since = addDays(time, -lookBackDays);
  const quarters = [...scored.keys()].sort();
  const inTurn = quarters[Math.floor(millis(time) / dayMs) % quarters.length];
  return quarters
    .filter((quarter) => quarter === inTurn || (scored.get(quarter) ?? '') >= since)
    .map((quarter) => `${quarter}#`);
};

/** Things of a noun, and what lies with them, page after page. */
async function* thingsOf(noun: string, prefix: string): AsyncGenerator<readonly Chained[]> {
  const parse = (thing: unknown, item: Item): Chained => Schema.parse({ id: item.pk, ...(thing as object) });
  const kinds = lyingWith[noun] ?? [];
  for await (const items of pagesOf(noun, prefix)) {
    yield items.map((item) => parse(nouns[noun]?.(item), item));
    for (const { pk } of items)
      for (const kind of kinds)
        for await (const page of pagesWith(pk, kind)) yield page.filter(hasHistory).map((item) => parse(item, item));
  }
}

/** Looks at the history of everything there is, of older scores by and by, and changes nothing. One line says how many are broken; the alarms read it. */
export const handler = async ({ time }: ScheduleEvent): Promise<void> => {
  // All versions of the program are one thing, which its newest version ends.
  const newest = await newestProgramVersion();
  const program = newest ? [newest] : [];
  let subjects = program.length;
  let faults = await check(program);
  for (const noun of Object.keys(nouns)) {
    for (const prefix of await prefixesOf(noun, new Date(time).toISOString())) {
      for await (const things of thingsOf(noun, prefix)) {
        subjects += things.length;
        faults += await check(things);
      }
    }
  }
  log.info('reconciled', { what: 'histories', time, subjects, faults });
};
