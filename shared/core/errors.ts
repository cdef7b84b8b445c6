/** What went wrong, in the caller's terms. Only functions/http turns a kind into a status code. */
export type ErrorKind = 'forbidden' | 'not_found' | 'conflict' | 'stale' | 'precondition_required' | 'rule' | 'invalid';

/** One faulty field: where it stands (RFC 6901 pointer into the body, or `#/query/<name>`), what is wrong, and what would be right. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export interface ErrorDetails {
  /** Facts the caller can act on, such as `dealId` or `freeAt`; they become members of the problem document. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly FieldError[];
}

/** An expected failure. Anything else that is thrown is a bug. */
export class DomainError extends Error {
  readonly kind: ErrorKind;
  /** `noun.problem`, as API.md lists them, such as `deal.conflict`. */
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(kind: ErrorKind, code: string, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = 'DomainError';
    this.kind = kind;
    this.code = code;
    this.details = details;
  }
}

export const isCode = (error: unknown, code: string): boolean => error instanceof DomainError && error.code === code;

/** What belongs to another partner is answered with this too, letter for letter. */
export const notFound = (): DomainError => new DomainError('not_found', 'not_found', 'There is no such thing here.');
