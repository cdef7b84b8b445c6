import { quarterOf, quartersBetween } from '#shared/core/quarters.ts';
import { startOfDay } from '#shared/core/start-of-day.ts';
import { addDays, type Day, dayOf, daysBetween, type Instant, millis } from '#shared/core/time.ts';
import type { Fact } from '#shared/facts/fact.ts';
import { kindOf } from '#shared/facts/fact-kinds.ts';
import { partnerFacts } from '#shared/facts/partner-facts.ts';
import { gather } from '#shared/health/measure-signals.ts';
import { isAtLeast, one, plus, type Ratio, ratioOf, times, zero } from '#shared/health/ratio.ts';
import { inParts, parts, unitStep } from '#shared/health/weigh-signals.ts';
import type { Signal } from '#shared/program/health-rules.ts';
import type { Program } from '#shared/program/program.ts';
import type { MutualPlan, PlannedObjective } from './mutual-plan.ts';

export const objectiveStates = ['no_data', 'behind', 'on_track', 'reached'] as const;

export interface ObjectiveProgress {
  readonly objective: PlannedObjective;
  readonly state: (typeof objectiveStates)[number];
  /** In the unit of the target, minor units where it is an amount; undefined where nothing is known. */
  readonly value: Ratio | undefined;
  /** Of the target: 1 is all of it, and there may be more. */
  readonly part: Ratio | undefined;
}

export interface PlanProgress {
  readonly objectives: readonly ObjectiveProgress[];
  /** Of all, from 0 to 1 by weight: no objective counts for more than its weight, and one of which nothing is known for nothing. */
  readonly part: Ratio;
  /** Percent: the weight of what is known. */
  readonly known: number;
}

type Calendar = Pick<Program, 'fiscalYearStart' | 'timeZone'>;

const signalOf = ({ id, facts, how, target }: PlannedObjective, quarters: number): Signal => ({
  id,
  name: '',
  category: 'operations',
  facts,
  how,
  quarters,
  target,
});

const inSeconds = (day: Day, timeZone: string): number => millis(startOfDay(day, timeZone)) / 1000;

/** What an objective by days looks at: what happened in its days, and what stood by their end, whenever it was told. */
const factsWithin = (facts: readonly Fact[], from: Day, { dueOn, timeZone }: { dueOn: Day; timeZone: string }) => {
  const [begin, end] = [inSeconds(from, timeZone), inSeconds(addDays(dueOn, 1), timeZone)];
  return facts.filter(({ kind, at }) => at < end && (kindOf(kind).standing || at >= begin));
};

/** In the unit of the facts; undefined where nothing is known. */
const measure = (objective: PlannedObjective, plan: MutualPlan, of: { facts: readonly Fact[]; calendar: Calendar }) => {
  const { facts, calendar } = of;
  const { dueOn } = objective;
  const quarter = dueOn === undefined ? plan.quarter : quarterOf(dueOn, calendar.fiscalYearStart);
  const quarters = dueOn === undefined ? 1 : quartersBetween(plan.quarter, quarter) + 1;
  const { timeZone } = calendar;
  const looked = dueOn === undefined ? facts : factsWithin(facts, plan.startsOn, { dueOn, timeZone });
  const { measured } = gather(partnerFacts(plan.partnerId, quarter, looked), [signalOf(objective, quarters)]);
  return measured[objective.id];
};

const reachedOf = (
  objective: PlannedObjective,
  plan: MutualPlan,
  of: { facts: readonly Fact[]; calendar: Calendar },
) => {
  if (!objective.facts) {
    const told = plan.reached[objective.id];
    return told && ratioOf(BigInt(told.value), 1n);
  }
  const measured = measure(objective, plan, of);
  const step = unitStep(signalOf(objective, 1));
  return measured && times(ratioOf(BigInt(measured[0]), BigInt(measured[1])), step.times, step.by);
};

/** Who has come as far as the days have is on track. */
const stateOf = (
  part: Ratio | undefined,
  { startsOn, until, today }: { startsOn: Day; until: Day; today: Day },
): ObjectiveProgress['state'] => {
  if (!part) return 'no_data';
  if (isAtLeast(part, one)) return 'reached';
  const days = daysBetween(startsOn, until) + 1;
  const passed = Math.min(days, Math.max(0, daysBetween(startsOn, today)));
  return isAtLeast(part, ratioOf(BigInt(passed), BigInt(days))) ? 'on_track' : 'behind';
};

/** What is taken back counts for nothing, and what is more than planned for no more than that. */
const within = (part: Ratio): Ratio => (isAtLeast(part, one) ? one : isAtLeast(part, zero) ? part : zero);

/** How far a plan is, by the facts of its partner and what people told. Exact; rounded where it is shown. */
export const progressOf = (
  plan: MutualPlan,
  facts: readonly Fact[],
  { now, calendar }: { readonly now: Instant; readonly calendar: Calendar },
): PlanProgress => {
  const today = dayOf(now, calendar.timeZone);
  const { startsOn, endsOn } = plan;
  let [sum, known] = [zero, 0];
  const objectives = plan.objectives.map((objective): ObjectiveProgress => {
    const value = reachedOf(objective, plan, { facts, calendar });
    const part = value && times(value, parts, inParts(objective.target));
    if (part) {
      known += objective.weight;
      sum = plus(sum, times(within(part), BigInt(objective.weight), 100n));
    }
    return { objective, value, part, state: stateOf(part, { startsOn, until: objective.dueOn ?? endsOn, today }) };
  });
  return { objectives, part: sum, known };
};
