import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponseObject } from 'zod-openapi';
import type { Route } from '#functions/routes.ts';
import { type AccessRow, access } from '#shared/core/access.ts';
import { roles } from '#shared/core/caller.ts';
import type { Contract } from '#shared/core/contract.ts';
import { bodyExamples } from './examples.ts';
import {
  etagHeader,
  idempotencyKey,
  ifMatchOptional,
  ifMatchRequired,
  replayedHeader,
  requestIdHeader,
  signatureIn,
} from './headers.ts';
import { problemResponses, unauthenticated } from './problem-responses.ts';
import { tagOf } from './tags.ts';

const needsKey = (route: Route, contract: Contract): boolean =>
  route.method === 'POST' && route.path.startsWith('/v1/') && !contract.changesNothing && !contract.signatureHeader;

/** Whether If-Match means something here: wherever a thing that exists is changed. */
const changesAThing = (route: Route, contract: Contract): boolean =>
  contract.errors.includes('version.stale') || (route.method !== 'GET' && contract.params !== undefined);

const hasMember = (schema: z.ZodType | undefined, name: string): boolean =>
  schema instanceof z.ZodObject && name in schema.shape;

/** In the path, or beside: a partner that is another, or is not there, is not found. */
const namesAThing = ({ params, query, body }: Contract): boolean =>
  params !== undefined || hasMember(query, 'partnerId') || hasMember(body, 'partnerId');

/** The contract's own codes, and those that come with what the operation takes in. */
export const codesOf = (route: Route, contract: Contract): readonly string[] => {
  const row: AccessRow = access[contract.operation];
  const when = (condition: boolean, ...codes: readonly string[]): readonly string[] => (condition ? codes : []);
  return [
    ...new Set([
      'request.invalid',
      ...when(contract.body !== undefined, 'request.malformed', 'request.too_large', 'request.unsupported_media_type'),
      ...when(needsKey(route, contract), 'idempotency.key_required', 'idempotency.key_reused'),
      // Whatever is written may meet another write of the same things.
      ...when(route.method !== 'GET' && !contract.changesNothing, 'idempotency.in_flight'),
      ...when(!row.anyone, 'auth.forbidden'),
      ...when(namesAThing(contract), 'not_found'),
      ...when(changesAThing(route, contract), 'version.stale'),
      ...when(contract.needsVersion === true, 'version.required'),
      ...contract.errors,
      'rate.limited',
      'internal',
    ]),
  ];
};

const whoMay = (row: AccessRow): string => {
  if (row.anyone) return 'For anyone, without a token.';
  const named = roles
    .filter((role) => row[role] !== undefined)
    .map((role) => `\`${role}\`${row[role] === 'own' ? ' (own)' : ''}`);
  const keys = row.scope ? ` API keys need the scope \`${row.scope}\`.` : ' Not for API keys.';
  return `For ${named.join(', ')}.${keys}`;
};

const securityOf = (row: AccessRow): Record<string, string[]>[] => {
  if (row.anyone) return [];
  return [{ accessToken: [] }, ...(row.scope ? [{ apiKey: [] }] : [])];
};

const words: Readonly<Record<number, string>> = {
  200: 'As it is now',
  201: 'Made',
  202: 'Taken; a person decides on it',
  204: 'Done',
};

const json = 'application/json';

const successOf = (
  status: number,
  schema: z.ZodType,
  about: { route: Route; contract: Contract },
): ZodOpenApiResponseObject => {
  const { route, contract } = about;
  const media = contract.media ?? [json];
  // What comes as JSON too is an object there, and a text or bytes in its other media.
  const schemaOf = (type: string): z.ZodType => (type !== json && media.includes(json) ? z.string() : schema);
  return {
    description: words[status] ?? 'Done',
    headers: z.object({
      'x-request-id': requestIdHeader,
      ...(hasMember(schema, 'version') ? { etag: etagHeader } : {}),
      ...(needsKey(route, contract) ? { 'idempotency-replayed': replayedHeader } : {}),
      ...contract.headers,
    }),
    ...(status === 204 ? {} : { content: Object.fromEntries(media.map((type) => [type, { schema: schemaOf(type) }])) }),
  };
};

const parametersOf = (route: Route, contract: Contract): z.ZodType[] => [
  ...(needsKey(route, contract) ? [idempotencyKey] : []),
  ...(contract.signatureHeader ? [signatureIn(contract.signatureHeader)] : []),
  ...(changesAThing(route, contract) ? [contract.needsVersion ? ifMatchRequired : ifMatchOptional] : []),
];

/** A contract's path and query are objects, one property for each parameter. */
const objectOf = (schema: z.ZodType | undefined, what: string): z.ZodObject | undefined => {
  if (schema === undefined || schema instanceof z.ZodObject) return schema;
  throw new Error(`${what} must be an object schema.`);
};

/** One operation of the document. */
export const operationDocs = (route: Route, contract: Contract): ZodOpenApiOperationObject => {
  const row: AccessRow = access[contract.operation];
  const path = objectOf(contract.params, `params of ${contract.operation}`);
  const query = objectOf(contract.query, `query of ${contract.operation}`);
  const example = bodyExamples[contract.operation];
  const parameters = parametersOf(route, contract);
  const answers = Object.entries(contract.answers).map(([status, schema]) => [
    status,
    successOf(Number(status), schema, { route, contract }),
  ]);
  return {
    operationId: contract.operation,
    summary: contract.summary,
    description: whoMay(row),
    tags: [tagOf(route.path)],
    security: securityOf(row),
    requestParams: { ...(path ? { path } : {}), ...(query ? { query } : {}) },
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(contract.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: contract.body, ...(example ? { example } : {}) } },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(answers),
      ...problemResponses(codesOf(route, contract)),
      ...(row.anyone ? {} : { '401': unauthenticated }),
    },
  };
};
