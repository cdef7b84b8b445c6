import { DomainError, type FieldError } from '#shared/core/errors.ts';
import type { Program } from '#shared/program/program.ts';
import type { Evaluation, Partner } from './partner.ts';
import { refuseFaults } from './partner-screening.ts';

const faultsOf = (evaluation: Evaluation, program: Program): readonly FieldError[] => {
  const criteria = program.onboarding.evaluation.map(({ id }) => id);
  const missing = criteria.filter((id) => evaluation[id] === undefined);
  const unknown = Object.keys(evaluation).filter((id) => !criteria.includes(id));
  return [
    ...missing.map((id) => ({ pointer: `#/${id}`, code: 'partner.score_missing', detail: 'must have a score' })),
    ...unknown.map((id) => ({
      pointer: `#/${id}`,
      code: 'program.unknown_criterion',
      detail: `must be one of the program's: ${criteria.join(', ')}`,
    })),
  ];
};

/** The weighted mean of the scores, 1 to 5 with two decimals. The program's weights are whole percents that sum to 100. */
export const scoreOf = (evaluation: Evaluation, program: Program): number =>
  program.onboarding.evaluation.reduce((sum, { id, weight }) => sum + weight * (evaluation[id]?.score ?? 0), 0) / 100;

/**
 * Scores a candidate, or a partner once a year, on every criterion of the program. Throws `partner.score_missing`,
 * `program.unknown_criterion`, and `state.transition_not_allowed` for what is no partner and no candidate any more.
 */
export const evaluatePartner = (partner: Partner, evaluation: Evaluation, program: Program): Partner => {
  if (['rejected', 'lapsed', 'terminated'].includes(partner.status)) {
    throw new DomainError(
      'conflict',
      'state.transition_not_allowed',
      `It is ${partner.status}; it is judged no more.`,
      {
        facts: { status: partner.status },
      },
    );
  }
  refuseFaults(faultsOf(evaluation, program), 'The evaluation does not fit the program');
  return { ...partner, evaluation, evaluationScore: scoreOf(evaluation, program) };
};
