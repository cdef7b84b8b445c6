import { dayOf } from '#shared/core/time.ts';
import { listEarningsOfPartner } from '#shared/earnings/earning-store.ts';
import {
  type Booked,
  nextEarningOfPeriod,
  type PeriodResult,
  resultsOfPeriod,
} from '#shared/earnings/earnings-of-period.ts';
import { endOf, type Period, periodsOverBy } from '#shared/earnings/periods.ts';
import { listSales } from '#shared/earnings/sale-store.ts';
import { markSettlement, settlementOf } from '#shared/earnings/settlement-store.ts';
import { getPartnerAsOf, listPartners } from '#shared/partners/partner-store.ts';
import { log } from '#shared/platform/logger.ts';
import { findProgramAt, type ProgramInForce, programAt } from '#shared/program/program-store.ts';
import { bookOnce } from './bring-earning.ts';

/** The rules in force when the period ended; before the first version, those of now. */
const rulesFor = async (period: Period, now: string): Promise<ProgramInForce> =>
  (await findProgramAt(endOf(period))) ?? (await programAt(now));

const most = 10_000;

const bookedFor = async (partnerId: string, { rule }: PeriodResult, period: Period): Promise<Booked> => {
  const { earnings } = await listEarningsOfPartner({
    partnerId,
    keep: (earning) => earning.period === period.name && earning.explanation.rule === rule.id,
    after: undefined,
    limit: most,
  });
  const counted = earnings.filter(({ status }) => status !== 'reversed');
  return {
    count: earnings.length,
    amountMinor: counted.reduce((sum, { amount }) => sum + amount.amountMinor, 0),
    first: earnings.find(({ kind }) => kind !== 'clawback')?.id,
  };
};

const rounds = 10;

/** Books until what was booked is what is owed: somebody who settles at the same time may have seen fewer sales. */
const bookResult = async (result: PeriodResult, about: Parameters<typeof nextEarningOfPeriod>[2]): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) {
    const next = nextEarningOfPeriod(result, await bookedFor(about.partnerId, result, about.period), about);
    if (!next) return;
    await bookOnce({ earning: next, at: about.at });
  }
};

/** What a partner is owed for a whole quarter or year, on what it has sold in it by now. */
export const settlePartner = async (partnerId: string, period: Period, now: string): Promise<void> => {
  const sales = await listSales(partnerId, period.from, period.until);
  if (sales.length === 0) return;
  const { program, version } = await rulesFor(period, now);
  const { types, tier, agreedIncentives, targets } = await getPartnerAsOf(partnerId, endOf(period));
  const seller = { partnerId, types, tier, agreed: agreedIncentives ?? [], targets: targets ?? {}, sales };
  for (const result of resultsOfPeriod(seller, { period, program }))
    await bookResult(result, { partnerId, period, program, programVersion: version, at: now });
};

/** Whether it could be: one that cannot holds up none of the others. */
const isSettled = async (partnerId: string, period: Period, now: string): Promise<boolean> => {
  try {
    await settlePartner(partnerId, period, now);
    return true;
  } catch (error) {
    log.error('partner not settled', { partnerId, period: period.name, error: error as Error });
    return false;
  }
};

const perPage = 25;

const settle = async (period: Period, now: string): Promise<void> => {
  if ((await settlementOf(period.name)) === 'done') return;
  await markSettlement(period.name, 'begunAt', now);
  let failed = 0;
  let after: string | undefined;
  do {
    const page = await listPartners({ filter: {}, after, limit: perPage });
    const settled = await Promise.all(page.partners.map(({ id }) => isSettled(id, period, now)));
    failed += settled.filter((isDone) => !isDone).length + page.unreadable.length;
    after = page.after;
  } while (after !== undefined);
  if (failed > 0) throw new Error(`${failed} partners could not be settled for ${period.name}.`);
  await markSettlement(period.name, 'doneAt', now);
};

/**
 * Settles the last quarter and the last year once they are over. It runs every day and asks the program's calendar; what was settled
 * is not looked at again, what broke off goes on, and what runs twice books each earning once. Throws in the end when some could not be
 * settled, so that somebody hears of it.
 */
export const settlePeriods = async (now: string): Promise<void> => {
  const { program } = await programAt(now);
  const failures: unknown[] = [];
  for (const period of periodsOverBy(dayOf(now, program.timeZone), program))
    await settle(period, now).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
};

/** A sale that became known, or was given back, after its quarter or year was settled. */
export const settleLate = async (partnerId: string, periods: readonly Period[], now: string): Promise<void> => {
  for (const period of periods)
    if ((await settlementOf(period.name)) !== 'not begun') await settlePartner(partnerId, period, now);
};
