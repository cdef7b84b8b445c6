import { DomainError, type FieldError } from '#shared/core/errors.ts';
import type { Money } from '#shared/core/money.ts';
import { objectivesFaults } from '#shared/program/plan-checks.ts';
import type { Objective, PlanTemplate } from '#shared/program/plan-rules.ts';
import type { Program } from '#shared/program/program.ts';
import { defaultTemplates } from './default-templates.ts';

/** An objective with what was still to be agreed on. */
export type Agreed = Objective & { readonly target: number | Money };

/** What one partner does otherwise than the template says, by objective; null leaves it out, an unknown id is an objective more. */
export type Adjustments = Readonly<Record<string, Adjustment | null>>;

type Adjustment = { readonly [Name in Exclude<keyof Objective, 'id'>]?: Objective[Name] | undefined };

type Wanted = Adjustment & Pick<Objective, 'id'>;

export const templatesOf = ({ successPlans }: Pick<Program, 'successPlans'>): readonly PlanTemplate[] =>
  successPlans ?? defaultTemplates;

/** Throws `success_plan.unknown_template`. */
export const templateOf = (program: Pick<Program, 'successPlans'>, id: string): PlanTemplate => {
  const templates = templatesOf(program);
  const found = templates.find((template) => template.id === id);
  if (found) return found;
  const known = templates.map((template) => template.id).join(', ');
  const errors = [{ pointer: '#/template', code: 'success_plan.unknown_template', detail: `must be one of ${known}` }];
  throw new DomainError('rule', 'success_plan.unknown_template', 'The program has no such template.', { errors });
};

const faulty = (pointer: string, detail: string): FieldError => ({ pointer, code: 'success_plan.faulty', detail });

/** A text is never missing where it was filled in; an objective more has nothing to take it from. */
const isWhole = (objective: Wanted): objective is Objective =>
  objective.title !== undefined && objective.weight !== undefined && objective.owners !== undefined;

const hasTarget = (objective: Objective): objective is Agreed => objective.target !== undefined;

const adjusted = (template: PlanTemplate, adjustments: Adjustments): readonly Wanted[] => {
  const known = new Set(template.objectives.map(({ id }) => id));
  const more = Object.keys(adjustments).filter((id) => !known.has(id));
  return [...template.objectives, ...more.map((id): Wanted => ({ id }))].flatMap((objective: Wanted) => {
    const change = adjustments[objective.id];
    return change === null ? [] : [{ ...objective, ...change }];
  });
};

const refuse = (errors: readonly FieldError[]): void => {
  const [first] = errors;
  if (!first) return;
  const words = errors.map(({ pointer, detail }) => `${pointer.slice(2)} ${detail}`).join('; ');
  throw new DomainError('rule', first.code, `The plan cannot be made like this: ${words}.`, { errors });
};

/** The objectives of a partner's plan. Throws `success_plan.faulty`, `money.currency_mismatch`. */
export const agreeOn = (template: PlanTemplate, adjustments: Adjustments, currency: string): readonly Agreed[] => {
  const wanted = adjusted(template, adjustments);
  const place = (id: string): string => `#/adjustments/${id}`;
  const whole = wanted.filter((objective) => isWhole(objective));
  const agreed = whole.filter(hasTarget);
  refuse([
    ...wanted.flatMap((objective) =>
      isWhole(objective) ? [] : [faulty(place(objective.id), 'is new and needs title, weight, target and owners')],
    ),
    ...whole.flatMap((objective) =>
      hasTarget(objective)
        ? []
        : [faulty(`${place(objective.id)}/target`, 'must be said: it is agreed with each partner')],
    ),
    ...objectivesFaults(whole, ['adjustments'], ({ id }) => ['adjustments', id]).map(({ path, message }) =>
      faulty(`#/${path.join('/')}`, message),
    ),
    ...agreed.flatMap(({ id, target }) =>
      typeof target === 'object' && target.currency !== currency
        ? [{ pointer: `${place(id)}/target`, code: 'money.currency_mismatch', detail: `must be in ${currency}` }]
        : [],
    ),
  ]);
  return agreed;
};
