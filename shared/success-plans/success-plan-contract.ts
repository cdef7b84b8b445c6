import * as z from 'zod';
import { written } from '#shared/core/contacts.ts';
import { contract, pageOf, pageQuery, ThingId } from '#shared/core/contract.ts';
import { PositiveMoney, SignedMoney } from '#shared/core/money.ts';
import { Quarter } from '#shared/core/quarters.ts';
import { Day, Instant } from '#shared/core/time.ts';
import { waysToCount } from '#shared/program/plan-rules.ts';
import { MutualPlan, planStatuses } from './mutual-plan.ts';
import { objectiveStates } from './plan-progress.ts';

const {
  head: _head,
  doneKeys: _doneKeys,
  objectives: _objectives,
  words: _words,
  reached: _reached,
  comments: _comments,
  ...shownOfAll
} = MutualPlan.shape;

export const PlanSummary = z.object(shownOfAll).meta({ id: 'SuccessPlanSummary' });

const Value = z.union([z.number(), SignedMoney]);

export const ObjectiveView = z
  .strictObject({
    ...MutualPlan.shape.objectives.element.shape,
    title: z.string(),
    owners: z.strictObject({ partner: z.string(), partnerManager: z.string() }),
    state: z.enum(objectiveStates).meta({ description: 'On track is what has come as far as the days have' }),
    value: Value.optional().meta({ description: 'Absent: nothing is known' }),
    reachedPercent: z.number().optional().meta({ description: 'Of the target, rounded; 100 is all of it' }),
    told: z.strictObject({ by: z.string(), at: Instant }).optional(),
  })
  .meta({ id: 'Objective' });

export const SuccessPlanView = z
  .object({
    ...shownOfAll,
    objectives: z.array(ObjectiveView),
    progress: z.strictObject({
      percent: z.number().meta({ description: 'By weight; what is not known counts for nothing' }),
      known: z.int().meta({ description: 'Weight of what is known, of 100' }),
    }),
    comments: MutualPlan.shape.comments,
  })
  .meta({ id: 'SuccessPlan' });
export type SuccessPlanView = z.infer<typeof SuccessPlanView>;

const params = z.strictObject({ partnerId: ThingId, quarter: Quarter });

const ObjectiveId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be the id of an objective: small letters, digits and hyphens')
  .max(60);

const Target = z.union([
  z
    .number()
    .positive()
    .max(1_000_000_000)
    .refine((value) => /^\d+(\.\d{1,4})?$/.test(String(value)), 'must have at most four decimals'),
  PositiveMoney,
]);

const Adjustment = z
  .strictObject({
    title: written(200).optional(),
    weight: z.int().min(1).max(100).optional(),
    facts: z.array(z.string().max(64)).min(1).max(20).optional(),
    how: z.enum(waysToCount).optional(),
    unit: written(60).optional(),
    target: Target.optional(),
    owners: z.strictObject({ partner: written(100), partnerManager: written(100) }).optional(),
    dueAfterDays: z.int().min(1).max(365).optional(),
    salesTarget: z.boolean().optional(),
  })
  .meta({ id: 'ObjectiveAdjustment' });

const mostObjectives = 20;

const changing = ['not_found', 'version.stale', 'version.required', 'partner.not_active', 'success_plan.over'] as const;

export const proposeSuccessPlan = contract({
  operation: 'propose-success-plan',
  summary:
    'Make or replace the mutual success plan of a partner and quarter from a template of the program, with what this partner does otherwise; the partner accepts it, and whatever is changed then anew',
  params,
  body: z.strictObject({
    template: z.string().max(60).meta({ example: 'growth' }),
    adjustments: z
      .record(ObjectiveId, Adjustment.nullable())
      .refine((all) => Object.keys(all).length <= mostObjectives, `must have at most ${mostObjectives} entries`)
      .optional()
      .meta({ description: 'By objective; null leaves it out, an id that the template has not is an objective more' }),
    startsOn: Day.optional().meta({ description: 'Of a plan by days, such as that of the first ninety' }),
  }),
  answers: { 200: SuccessPlanView },
  errors: [
    ...changing,
    'success_plan.too_far_ahead',
    'success_plan.unknown_template',
    'success_plan.faulty',
    'money.currency_mismatch',
  ],
});

export const getSuccessPlan = contract({
  operation: 'get-success-plan',
  summary: 'Read the mutual success plan of a partner and quarter, with how far each objective is by the facts of now',
  params,
  answers: { 200: SuccessPlanView },
  errors: ['not_found'],
});

export const acceptSuccessPlan = contract({
  operation: 'accept-success-plan',
  summary: 'Accept a success plan as it is, for the partner; its sales target becomes the partner’s own of the quarter',
  params,
  body: z.strictObject({ accepted: z.literal(true), comment: written(1000).optional() }),
  answers: { 200: SuccessPlanView },
  errors: [...changing, 'success_plan.already_accepted'],
  needsVersion: true,
});

export const updateSuccessPlan = contract({
  operation: 'update-success-plan',
  summary: 'Tell how far objectives are that no facts tell of, or that they are done, or comment; by either side',
  params,
  body: z
    .strictObject({
      reached: z
        .record(
          ObjectiveId,
          z
            .strictObject({
              value: z.int().min(0).max(1_000_000_000).optional(),
              done: z.literal(true).optional(),
            })
            .refine(({ value, done }) => (value === undefined) !== (done === undefined), {
              error: 'must have either "value" or "done"',
            }),
        )
        .refine((all) => Object.keys(all).length <= mostObjectives, `must have at most ${mostObjectives} entries`)
        .optional(),
      comment: written(1000).optional().meta({ description: 'The last 50 are kept' }),
    })
    .refine(({ reached = {}, comment }) => comment !== undefined || Object.keys(reached).length > 0, {
      error: 'must tell how far something is, or comment',
    }),
  answers: { 200: SuccessPlanView },
  errors: ['not_found', 'version.stale', 'success_plan.not_by_hand'],
});

export const listSuccessPlans = contract({
  operation: 'list-success-plans',
  summary: 'List the success plans of a quarter, those that wait for the partner or those that it accepted',
  query: z.strictObject({ ...pageQuery, quarter: Quarter, status: z.enum(planStatuses).optional() }),
  answers: { 200: pageOf(PlanSummary) },
  errors: [],
});
