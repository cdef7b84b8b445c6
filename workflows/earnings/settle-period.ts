import { dayOf } from '#shared/core/time.ts';
import type { Earning } from '#shared/earnings/earning.ts';
import { listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import {
  type Booked,
  nextEarningOfPeriod,
  type PeriodResult,
  resultsOfPeriod,
} from '#shared/earnings/earnings-of-period.ts';
import { endOf, type Period, periodsOverBy } from '#shared/earnings/periods.ts';
import { listSales } from '#shared/earnings/sale-store.ts';
import { findSettlement, markSettlement, notePlace, type Place } from '#shared/earnings/settlement-store.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { getPartnerAsOf, listPartners } from '#shared/partners/partner-store.ts';
import { log } from '#shared/platform/logger.ts';
import { findProgramAt, type ProgramInForce, programAt } from '#shared/program/program-store.ts';
import { bookOnce } from './bring-earning.ts';

/** The rules in force when the period ended; before the first version, those of now. */
const rulesAt = async (end: string, now: string): Promise<ProgramInForce> =>
  (await findProgramAt(end)) ?? (await programAt(now));

const most = 10_000;

const earningsFor = async (partnerId: string, period: Period): Promise<readonly Earning[]> => {
  const keep = (earning: Earning): boolean => earning.period === period.name;
  return (await listEarningsOfPartner({ partnerId, keep, after: undefined, limit: most })).earnings;
};

const bookedBy = ({ rule }: PeriodResult, all: readonly Earning[]): Booked => {
  const earnings = all.filter(({ explanation }) => explanation.rule === rule.id);
  const counted = earnings.filter(({ status }) => status !== 'reversed');
  return {
    count: earnings.length,
    amountMinor: counted.reduce((sum, { amount }) => sum + amount.amountMinor, 0),
    first: earnings.find(({ kind }) => kind !== 'clawback')?.id,
  };
};

const rounds = 10;

/** Books until what was booked is what is owed: somebody who settles at the same time may have seen fewer sales. */
const bookResults = async (
  results: readonly PeriodResult[],
  about: Parameters<typeof nextEarningOfPeriod>[2],
): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) {
    const earnings = await earningsFor(about.partnerId, about.period);
    const owed = results.flatMap((result) => nextEarningOfPeriod(result, bookedBy(result, earnings), about) ?? []);
    if (owed.length === 0) return;
    for (const earning of owed) await bookOnce({ earning, at: about.at });
  }
};

/** What a partner is owed for a whole quarter or year, on what it has sold in it by now. */
export const settlePartner = async (partnerId: string, period: Period, now: string): Promise<void> => {
  const sales = await listSales(partnerId, period.from, period.until);
  if (sales.length === 0) return;
  const end = endOf(period, (await programAt(now)).program);
  const { program, version } = await rulesAt(end, now);
  const { types, tier, agreedIncentives, targets } = await getPartnerAsOf(partnerId, end);
  const seller = { partnerId, types, tier, agreed: agreedIncentives ?? [], targets: targets ?? {}, sales };
  const results = resultsOfPeriod(seller, { period, program });
  if (results.length === 0) return;
  await bookResults(results, { partnerId, period, program, programVersion: version, at: now });
};

const perPage = 25;

/**
 * Who may have sold something, by status. Partners are suspended and reinstated while this goes on, so those that are suspended are
 * looked at before and after the active ones: whoever leaves the one list is met in the other.
 */
const walk = ['suspended', 'active', 'suspended', 'terminated'] as const;

/** Settles some partners, whatever happens to the others. Answers how many could not be settled. */
const settleSome = async (partners: readonly Partner[], period: Period, now: string): Promise<number> => {
  const tried = await Promise.all(
    partners.map(({ id }) =>
      settlePartner(id, period, now).catch((error: Error) => {
        log.error('not settled', { id, period: period.name, error });
        return 'failed';
      }),
    ),
  );
  return tried.filter((outcome) => outcome === 'failed').length;
};

const settle = async (period: Period, now: string): Promise<void> => {
  const settlement = await findSettlement(period.name);
  if (settlement?.doneAt !== undefined) return;
  await markSettlement(period.name, 'begunAt', now);
  let place: Place = settlement?.place ?? { step: 0 };
  let failed = 0;
  for (let status = walk[place.step]; status !== undefined; status = walk[place.step]) {
    const { step, after }: Place = place;
    const page = await listPartners({ filter: { status }, after, limit: perPage });
    failed += page.unreadable.length + (await settleSome(page.partners, period, now));
    place = page.after === undefined ? { step: step + 1 } : { step, after: page.after };
    await notePlace(period.name, place);
  }
  if (failed === 0) return markSettlement(period.name, 'doneAt', now);
  await notePlace(period.name, { step: 0 });
  throw new Error(`${failed} partners could not be settled for ${period.name}; all are looked at again tomorrow.`);
};

/**
 * Settles the last quarter and the last year once they are over. It runs every day and asks the program's calendar; what was settled
 * is not looked at again, what broke off goes on where it stood, and what runs twice books each earning once. Throws in the end when some
 * could not be settled, so that somebody hears of it.
 */
export const settlePeriods = async (now: string): Promise<void> => {
  const { program } = await programAt(now);
  const failures: unknown[] = [];
  for (const period of periodsOverBy(dayOf(now, program.timeZone), program))
    await settle(period, now).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
};

/**
 * A sale that became known, or was given back, after its quarter or year was settled. What it is owed for then dates from the settlement
 * at the earliest: a hold begins when something is booked, and months that are over stay as they were.
 */
export const settleLate = async (partnerId: string, periods: readonly Period[], at: string): Promise<void> => {
  for (const period of periods) {
    const settlement = await findSettlement(period.name);
    if (settlement) await settlePartner(partnerId, period, at > settlement.begunAt ? at : settlement.begunAt);
  }
};
