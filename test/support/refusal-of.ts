import { DomainError } from '#shared/core/errors.ts';

/** The refusal of a rule, all of it. */
export const refusalOf = (work: () => unknown): DomainError => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
};
