import * as z from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { titleOf } from '#functions/http/problem.ts';
import { errorCodes } from './error-codes.ts';
import { rateHeaders, requestIdHeader } from './headers.ts';

/** RFC 9457, with what every refusal of ours adds to it. */
export const Problem = z
  .looseObject({
    type: z.string().meta({ format: 'uri', example: 'https://tandem.dev/problems/deal.conflict' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'In words, for the person who asked' }),
    code: z.string().meta({ description: 'For programs: stays, whatever the words', example: 'deal.conflict' }),
    requestId: z.string().meta({ description: 'Tell it to us when you ask for help' }),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().meta({ description: 'JSON pointer into the body, or #/query, #/path, #/headers' }),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .optional()
      .meta({ description: 'Every faulty field' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem; facts such as `dealId` or `freeAt` are further members' });

/** What the gateway answers by itself, before any function is asked. */
export const GatewayMessage = z
  .looseObject({ message: z.string() })
  .meta({ id: 'GatewayMessage', description: 'Answered by the gateway itself' });

const exampleOf = (code: string) => {
  const { status, says } = errorCodes[code] ?? { status: 500, says: '' };
  const type = `https://tandem.dev/problems/${code}`;
  const value = { type, title: titleOf(status), status, detail: says, code, requestId: 'JKJaXmPLvHcESHA=' };
  const errors = [{ pointer: '#/value/amountMinor', code: 'too_small', detail: 'must be at least 0' }];
  return { summary: says, value: code === 'request.invalid' ? { ...value, errors } : value };
};

/** One example for each code, which the responses refer to. */
export const problemExamples = (codes: readonly string[]) =>
  Object.fromEntries([...new Set(codes)].sort().map((code) => [code, exampleOf(code)]));

const responseOf = (status: number, codes: readonly string[]): ZodOpenApiResponseObject => ({
  description: `${titleOf(status)}: ${codes.map((code) => `\`${code}\``).join(', ')}`,
  headers: z.object({
    'x-request-id': requestIdHeader,
    ...(codes.includes('rate.limited') ? rateHeaders : {}),
  }),
  content: {
    'application/problem+json': {
      schema: { allOf: [{ $ref: '#/components/schemas/Problem' }], properties: { code: { enum: [...codes] } } },
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
    // A caller's own limit is ours to say; that there are too many of all callers at once, the gateway says by itself.
    ...(codes.includes('rate.limited') ? { 'application/json': { schema: GatewayMessage } } : {}),
  },
});

/** A response for each status under which one of these codes comes. Throws for a code that errorCodes does not know. */
export const problemResponses = (codes: readonly string[]): ZodOpenApiResponsesObject => {
  const byStatus = Map.groupBy(codes, (code) => {
    const known = errorCodes[code];
    if (!known) throw new Error(`functions/docs/error-codes.ts does not know ${code}.`);
    return known.status;
  });
  return Object.fromEntries([...byStatus].map(([status, its]) => [String(status), responseOf(status, its)]));
};

const byGateway = (description: string): ZodOpenApiResponseObject => ({
  description,
  content: { 'application/json': { schema: GatewayMessage } },
});

export const unauthenticated = byGateway('No access token or API key, or one that is not good any more');
