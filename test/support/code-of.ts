import { DomainError } from '#shared/core/errors.ts';

/** The code a rule refuses with, or `done`. */
export const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'done';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
};
