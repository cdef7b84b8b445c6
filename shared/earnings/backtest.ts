import { hashOf } from '#shared/core/canonical.ts';
import { addMoney, type Money, proportionOf, subtractMoney } from '#shared/core/money.ts';
import { previousQuarter, type Quarter, quarterOf } from '#shared/core/quarters.ts';
import { dayOf } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import type { Earning } from './earning.ts';
import { isWon } from './earnings-of-deal.ts';
import { isManual } from './manual-bonus.ts';
import { type Past, replay } from './replay.ts';

/** Minor units, as they were booked, as they would have been, and what the latter is more. */
export interface Compared {
  readonly booked: number;
  readonly replayed: number;
  readonly difference: number;
}

/** What a program would have cost on past quarters, beside what was booked. Amounts in minor units of the program's currency. */
export interface Backtest {
  readonly currency: string;
  readonly asOf: string;
  readonly quarters: readonly Quarter[];
  /** Deals that were won in these quarters. */
  readonly deals: number;
  /** The file says what the program in force says. */
  readonly isInForce: boolean;
  readonly total: Compared;
  /** Not counted above: what the customers of these deals have not paid yet. */
  readonly pending: Compared;
  readonly byQuarter: readonly (Compared & { readonly quarter: Quarter })[];
  /** What one quarter costs under the file: the cheapest of these, the mean of all, the dearest. */
  readonly budget: { readonly from: number; readonly mean: number; readonly to: number };
  readonly byRule: readonly (Compared & { readonly rule: string })[];
  /** The most that a partner would win first, the most that one would lose last. */
  readonly byPartner: readonly (Compared & { readonly partnerId: string; readonly name: string })[];
  /** What the reader should know beside the figures. */
  readonly notes: readonly string[];
}

/** The past, and what was really booked in it. */
export interface Records extends Past {
  readonly booked: readonly Earning[];
  readonly nameOf: (partnerId: string) => string;
  readonly asOf: string;
  /** The rules in force as of then. */
  readonly inForce: Program;
}

type Part = 'owed' | 'pending';

/** Whether an earning counts: it is owed or was paid, or it waits for a customer. */
const isOf: Readonly<Record<Part, (earning: Earning) => boolean>> = {
  owed: ({ status }) => status === 'on_hold' || status === 'paid',
  pending: ({ status }) => status === 'pending',
};

const sum = (amounts: readonly Money[], currency: string): Money =>
  amounts.reduce(addMoney, { amountMinor: 0, currency });

/** All of one currency: a program has one. */
const compared = (booked: readonly Earning[], replayed: readonly Earning[], part: Part = 'owed'): Compared => {
  const currency = (booked[0] ?? replayed[0])?.amount.currency ?? '';
  const of = (earnings: readonly Earning[]): Money =>
    sum(
      earnings.filter(isOf[part]).map(({ amount }) => amount),
      currency,
    );
  const [was, is] = [of(booked), of(replayed)];
  return {
    booked: was.amountMinor,
    replayed: is.amountMinor,
    difference: subtractMoney(is, was).amountMinor,
  };
};

const comparedBy = <Name extends string>(
  [booked, replayed]: readonly [readonly Earning[], readonly Earning[]],
  nameOf: (earning: Earning) => Name,
): readonly (readonly [Name, Compared])[] => {
  const [was, is] = [Map.groupBy(booked, nameOf), Map.groupBy(replayed, nameOf)];
  const names = [...new Set([...was.keys(), ...is.keys()])].sort();
  return names.map((name) => [name, compared(was.get(name) ?? [], is.get(name) ?? [])]);
};

/** The last quarters that were over at an instant, oldest first. */
const lastQuarters = (count: number, at: string, { fiscalYearStart, timeZone }: Program): readonly Quarter[] => {
  const quarters: Quarter[] = [];
  let quarter = quarterOf(dayOf(at, timeZone), fiscalYearStart);
  for (let left = count; left > 0; left -= 1) {
    quarter = previousQuarter(quarter);
    quarters.unshift(quarter);
  }
  return quarters;
};

/** An earning belongs to the quarter in which its deal was closed, or that its period ends with, whenever it was paid. */
const quarterOfEarning =
  (closed: ReadonlyMap<string, Quarter>) =>
  ({ dealId, period }: Earning): Quarter => {
    if (period !== undefined) return period.includes('-') ? period : `${period}-Q4`;
    return closed.get(dealId ?? '') ?? '';
  };

/** Bonuses by hand and what funds reimburse depend on no rule. */
const byRule = ({ booked }: Records): readonly Earning[] =>
  booked.filter((earning) => (earning.dealId ?? earning.period) !== undefined && !isManual(earning));

const notesOn = (records: Records, program: Program): readonly string[] => {
  const tiers = new Set(records.booked.map(({ partnerId }) => records.partnerAsOf(partnerId, records.asOf)?.tier));
  const lines = new Set(records.deals.map(({ productLine }) => productLine));
  const unknown = (what: string, used: Iterable<string | undefined>, known: readonly { readonly id: string }[]) =>
    [...used]
      .filter((id) => id !== undefined && !known.some((each) => each.id === id))
      .sort()
      .map((id) => `The file knows no ${what} "${id}", which the records use: what depends on it earns nothing.`);
  const versions = [...new Set(byRule(records).map(({ explanation }) => explanation.programVersion))].sort(
    (a, b) => a - b,
  );
  return [
    ...(versions.length > 1
      ? [
          `What was booked goes by versions ${versions.join(', ')} of the program, each deal by its own; the file is asked about all of them.`,
        ]
      : []),
    ...unknown('tier', tiers, program.tiers),
    ...unknown('product line', lines, program.productLines),
    'Deals, tiers and targets stay as they were; only what they earn is reckoned anew. Bonuses by hand and market development funds depend on no rule and are left out.',
  ];
};

/** Throws in words when the records cannot be reckoned under the program. */
const mustFit = ({ inForce }: Records, program: Program): void => {
  if (program.currency !== inForce.currency)
    throw new Error(`The file is in ${program.currency}, the records are in ${inForce.currency}.`);
  if (program.fiscalYearStart !== inForce.fiscalYearStart)
    throw new Error(
      `The file's fiscal year begins with month ${program.fiscalYearStart}, that of the records with month ${inForce.fiscalYearStart}: their quarters cannot be compared.`,
    );
};

/**
 * Replays past quarters under another program. Throws in words when the program has another currency or fiscal year than the one in
 * force.
 */
export const backtest = (
  records: Records,
  program: Program,
  about: { readonly quarters: number; readonly onDeal?: (done: number) => void },
): Backtest => {
  mustFit(records, program);
  const quarters = lastQuarters(about.quarters, records.asOf, program);
  const closed = new Map(
    records.deals.flatMap((deal) =>
      isWon(deal) ? [[deal.id, quarterOf(deal.closedOn, program.fiscalYearStart)]] : [],
    ),
  );
  const quarterFor = quarterOfEarning(closed);
  const within = (earning: Earning): boolean => quarters.includes(quarterFor(earning));
  const both = [byRule(records).filter(within), replay(records, program, about.onDeal).filter(within)] as const;
  const byQuarter = new Map(comparedBy(both, quarterFor));
  const none: Compared = { booked: 0, replayed: 0, difference: 0 };
  const costs = quarters.map((quarter) => byQuarter.get(quarter)?.replayed ?? 0);
  const total = compared(...both);
  const { currency } = program;
  const mean = proportionOf({ amountMinor: total.replayed, currency }, 1, quarters.length);
  const byPartner = comparedBy(both, ({ partnerId }) => partnerId)
    .map(([partnerId, each]) => ({ partnerId, name: records.nameOf(partnerId), ...each }))
    .sort((a, b) => b.difference - a.difference || (a.name < b.name ? -1 : 1));
  return {
    currency,
    asOf: records.asOf,
    quarters,
    deals: [...closed.values()].filter((quarter) => quarters.includes(quarter)).length,
    isInForce: hashOf(program) === hashOf(records.inForce),
    total,
    pending: compared(...both, 'pending'),
    byQuarter: quarters.map((quarter) => ({ quarter, ...(byQuarter.get(quarter) ?? none) })),
    budget: { from: Math.min(...costs), mean: mean.amountMinor, to: Math.max(...costs) },
    byRule: comparedBy(both, ({ explanation }) => explanation.rule).map(([rule, each]) => ({ rule, ...each })),
    byPartner,
    notes: notesOn(records, program),
  };
};
