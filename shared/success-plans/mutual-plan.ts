import * as z from 'zod';
import { DomainError } from '#shared/core/errors.ts';
import { Tracked } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { type Lifecycle, moveTo } from '#shared/core/lifecycle.ts';
import { Money } from '#shared/core/money.ts';
import { firstDayOf, lastDayOf, Quarter, quarterOf, quartersBetween } from '#shared/core/quarters.ts';
import { addDays, Day, dayOf, Instant } from '#shared/core/time.ts';
import { waysToCount } from '#shared/program/plan-rules.ts';
import type { Program } from '#shared/program/program.ts';
import type { Agreed } from './plan-terms.ts';

/** What both sides are held to. */
const PlannedObjective = z.strictObject({
  id: z.string(),
  weight: z.int().positive(),
  /** Kinds of facts that tell how far it is; absent: either side does. */
  facts: z.array(z.string()).optional(),
  how: z.enum(waysToCount).optional(),
  unit: z.string().optional(),
  /** In the unit of the facts, percent where they are hundredths of one. */
  target: z.union([z.number().positive(), Money]),
  dueOn: Day.optional(),
  salesTarget: z.literal(true).optional(),
});
export type PlannedObjective = z.infer<typeof PlannedObjective>;

const Owners = z.strictObject({ partner: z.string(), partnerManager: z.string() });

export const planStatuses = ['proposed', 'accepted'] as const;

/** Whatever is changed is accepted anew. */
export const planLifecycle: Lifecycle<(typeof planStatuses)[number]> = {
  proposed: ['accepted'],
  accepted: ['proposed'],
};

/** The mutual success plan of a partner and quarter. */
export const MutualPlan = z.object({
  ...Tracked.shape,
  status: z.enum(planStatuses),
  partnerId: z.string(),
  quarter: Quarter,
  /** What it was made from, in which version of the program. */
  template: z.string(),
  programVersion: z.int().positive(),
  startsOn: Day,
  endsOn: Day,
  objectives: z.array(PlannedObjective),
  /** By objective. */
  words: z.record(z.string(), z.strictObject({ title: z.string(), owners: Owners })),
  /** How far objectives are that no facts tell of, as somebody said last. */
  reached: z.record(z.string(), z.strictObject({ value: z.int().nonnegative(), by: z.string(), at: Instant })),
  comments: z.array(z.strictObject({ by: z.string(), at: Instant, text: z.string() })),
  accepted: z.strictObject({ by: z.string(), at: Instant }).optional(),
});
export type MutualPlan = z.infer<typeof MutualPlan>;

/** Words about people and their work stay in the record. */
export const personalPlanFields: readonly string[] = ['words', 'comments'];

export const planIdOf = (partnerId: string, quarter: Quarter): string => derivedId('spl', partnerId, quarter);

type Calendar = Pick<Program, 'fiscalYearStart' | 'timeZone'>;

const quartersAhead = 4;

/** Throws `success_plan.over`, `success_plan.too_far_ahead`. */
export const mustBePlannable = (
  quarter: Quarter,
  before: Pick<MutualPlan, 'endsOn'> | undefined,
  { now, calendar }: { readonly now: Instant; readonly calendar: Calendar },
): void => {
  const today = dayOf(now, calendar.timeZone);
  const current = quarterOf(today, calendar.fiscalYearStart);
  if (quarter < current && (!before || before.endsOn < today))
    throw new DomainError('conflict', 'success_plan.over', `${quarter} is over; ${current} goes on.`);
  if (quartersBetween(current, quarter) > quartersAhead)
    throw new DomainError(
      'rule',
      'success_plan.too_far_ahead',
      `Plans are made ${quartersAhead} quarters ahead at most.`,
    );
};

/** Of a new plan. */
interface Proposal {
  readonly partnerId: string;
  readonly quarter: Quarter;
  readonly template: string;
  readonly programVersion: number;
  readonly objectives: readonly Agreed[];
  /** A plan by days begins then; others begin with their quarter. */
  readonly startsOn: Day | undefined;
  /** Since when it is a partner. */
  readonly activeOn: Day | undefined;
}

const refuseStart = (detail: string): DomainError =>
  new DomainError('rule', 'success_plan.faulty', `The plan cannot be made like this: startsOn ${detail}.`, {
    errors: [{ pointer: '#/startsOn', code: 'success_plan.faulty', detail }],
  });

/** First and last day. A plan by days that does not say when it begins does so with the quarter, or with the partnership. */
const termOf = (
  { quarter, objectives, startsOn, activeOn = '' }: Proposal,
  { fiscalYearStart }: Calendar,
): Pick<MutualPlan, 'startsOn' | 'endsOn'> => {
  const [first, last] = [firstDayOf(quarter, fiscalYearStart), lastDayOf(quarter, fiscalYearStart)];
  const days = Math.max(0, ...objectives.map(({ dueAfterDays = 0 }) => dueAfterDays));
  if (days === 0) {
    if (startsOn !== undefined) throw refuseStart('is for plans whose objectives are due after days');
    return { startsOn: first, endsOn: last };
  }
  const begins = startsOn ?? (activeOn > first && activeOn <= last ? activeOn : first);
  if (begins < first || begins > last) throw refuseStart(`must be a day of ${quarter}`);
  return { startsOn: begins, endsOn: addDays(begins, days) };
};

const planned = (objective: Agreed, startsOn: Day): PlannedObjective => {
  const { id, weight, facts, how, unit, target, dueAfterDays, salesTarget } = objective;
  return {
    id,
    weight,
    ...(facts ? { facts: [...facts] } : {}),
    ...(how ? { how } : {}),
    ...(unit === undefined ? {} : { unit }),
    target,
    ...(dueAfterDays === undefined ? {} : { dueOn: addDays(startsOn, dueAfterDays) }),
    ...(salesTarget ? { salesTarget } : {}),
  };
};

/**
 * A plan, or another one in its place: what was told of an objective that stays is kept, and the partner has to accept it anew.
 * Throws `success_plan.faulty`.
 */
export const proposePlan = (
  before: MutualPlan | undefined,
  proposal: Proposal,
  { now, calendar }: { readonly now: Instant; readonly calendar: Calendar },
): MutualPlan => {
  const { partnerId, quarter, template, programVersion } = proposal;
  const term = termOf(proposal, calendar);
  const objectives = proposal.objectives.map((objective) => planned(objective, term.startsOn));
  const byHand = new Set(objectives.flatMap(({ id, facts }) => (facts ? [] : [id])));
  const fresh = { id: planIdOf(partnerId, quarter), version: 0, head: '', createdAt: now, updatedAt: now };
  const { accepted: _accepted, ...kept } = before ?? { accepted: undefined };
  const { reached = {}, comments = [] } = before ?? {};
  return {
    ...fresh,
    ...kept,
    partnerId,
    quarter,
    comments,
    status: before?.status === 'accepted' ? moveTo(planLifecycle, before.status, 'proposed') : 'proposed',
    template,
    programVersion,
    ...term,
    objectives,
    words: Object.fromEntries(proposal.objectives.map(({ id, title, owners }) => [id, { title, owners }])),
    reached: Object.fromEntries(Object.entries(reached).filter(([id]) => byHand.has(id))),
  };
};

const mostComments = 50;

const withComment = (
  { comments }: Pick<MutualPlan, 'comments'>,
  text: string | undefined,
  said: { readonly by: string; readonly at: Instant },
): MutualPlan['comments'] => [...comments, ...(text === undefined ? [] : [{ ...said, text }])].slice(-mostComments);

interface Acceptance {
  readonly comment?: string | undefined;
  readonly by: string;
  readonly now: Instant;
  readonly today: Day;
}

/** The partner agrees to the plan as it is. Throws `success_plan.over`, `success_plan.already_accepted`. */
export const acceptPlan = (plan: MutualPlan, { comment, by, now, today }: Acceptance): MutualPlan => {
  if (plan.endsOn < today) throw new DomainError('conflict', 'success_plan.over', `The plan ended on ${plan.endsOn}.`);
  if (plan.accepted)
    throw new DomainError('conflict', 'success_plan.already_accepted', 'The plan was accepted as it is.', {
      facts: { ...plan.accepted },
    });
  return {
    ...plan,
    status: moveTo(planLifecycle, plan.status, 'accepted'),
    accepted: { by, at: now },
    comments: withComment(plan, comment, { by, at: now }),
  };
};

/** What the partner is to sell in the quarter by this plan. */
export const salesTargetIn = ({ objectives }: Pick<MutualPlan, 'objectives'>): Money | undefined => {
  const target = objectives.find(({ salesTarget }) => salesTarget)?.target;
  return typeof target === 'object' ? target : undefined;
};

/** What either side tells: how far objectives are that no facts tell of, or that they are done; and a comment. */
export interface Told {
  readonly reached?:
    | Readonly<Record<string, { readonly value?: number | undefined; readonly done?: true | undefined }>>
    | undefined;
  readonly comment?: string | undefined;
}

/** The last 50 comments stay. Throws `success_plan.not_by_hand`. */
export const tellProgress = (
  plan: MutualPlan,
  { reached = {}, comment }: Told,
  { by, now }: { readonly by: string; readonly now: Instant },
): MutualPlan => {
  const byHand = plan.objectives.filter(({ facts }) => !facts);
  const errors = Object.keys(reached)
    .filter((id) => byHand.every((objective) => objective.id !== id))
    .map((id) => {
      const detail = `must be an objective that is told by hand: ${byHand.map((it) => it.id).join(', ') || 'there is none'}`;
      return { pointer: `#/reached/${id}`, code: 'success_plan.not_by_hand', detail };
    });
  if (errors.length > 0)
    throw new DomainError('rule', 'success_plan.not_by_hand', 'Facts tell how far this is, or it is not there.', {
      errors,
    });
  const told = byHand.flatMap(({ id, target }) => {
    const said = reached[id];
    // Amounts are told by facts alone; who is done has done what was planned, in whole ones.
    return said ? [[id, { value: said.value ?? Math.ceil(Number(target)), by, at: now }] as const] : [];
  });
  return {
    ...plan,
    reached: { ...plan.reached, ...Object.fromEntries(told) },
    comments: withComment(plan, comment, { by, at: now }),
  };
};
