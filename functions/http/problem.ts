import { DomainError, type ErrorKind } from '#shared/core/errors.ts';
import type { Turn } from '#shared/platform/rate-limit.ts';
import { rateHeaders } from './rate-headers.ts';

const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  rule: 422,
  precondition_required: 428,
};

const statusOfCode: Readonly<Record<string, number>> = {
  'request.too_large': 413,
  'request.unsupported_media_type': 415,
  'rate.limited': 429,
};

const titles: Readonly<Record<number, string>> = {
  400: 'The request is faulty',
  403: 'Not allowed',
  404: 'Not found',
  409: 'It conflicts with what is there',
  412: 'It has changed',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'A rule does not allow it',
  428: 'A version is required',
  429: 'Too many requests',
  500: 'Something went wrong on our side',
};

export const titleOf = (status: number): string => titles[status] ?? 'Refused';

/** The one place that knows status codes. */
export const statusOf = (error: unknown): number =>
  error instanceof DomainError ? (statusOfCode[error.code] ?? statusOfKind[error.kind]) : 500;

/** What a client acts on without reading the body: when to try again. */
export const headersOf = (error: unknown): Readonly<Record<string, string>> => {
  if (!(error instanceof DomainError) || error.code !== 'rate.limited') return {};
  // Whoever refuses with this code (`takeTurn`, a token bucket) tells the turn as facts.
  const turn = error.details.facts as unknown as Turn;
  return { ...rateHeaders(turn), 'retry-after': String(turn.resetSeconds) };
};

/** RFC 9457 problem document. What is not an expected failure is told as nothing but that. */
export const problemOf = (error: unknown, requestId: string) => {
  const status = statusOf(error);
  const known = error instanceof DomainError ? error : undefined;
  const code = known?.code ?? 'internal';
  return {
    ...known?.details.facts,
    type: `https://tandem.dev/problems/${code}`,
    title: titleOf(status),
    status,
    detail: known?.message ?? 'We have logged it. Try again; if it stays, tell us the request id.',
    code,
    requestId,
    ...(known?.details.errors ? { errors: known.details.errors } : {}),
  };
};
