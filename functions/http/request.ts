import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import type { Caller } from '#shared/core/caller.ts';
import { shortHashOf } from '#shared/core/canonical.ts';
import type { Contract } from '#shared/core/contract.ts';
import { DomainError, type FieldError, notFound } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import { fingerprint } from '#shared/core/ids.ts';
import { instant } from '#shared/core/time.ts';
import { bytesOf, parseJson } from './json-body.ts';
import { viewerAddress } from './origin.ts';

type Parsed<Schema> = Schema extends z.ZodType ? z.infer<Schema> : Record<string, never>;

/** A request that has passed the door: who asks, parsed input, and the intent under which it is written. */
export interface Request<C extends Contract> {
  readonly caller: Caller;
  /** Instant at which the gateway took it. */
  readonly now: string;
  readonly params: Parsed<C['params']>;
  readonly query: Parsed<C['query']>;
  readonly body: Parsed<C['body']>;
  /** The Accept header; empty when none was sent. */
  readonly accept: string;
  /** The Accept-Language header; empty when none was sent. */
  readonly acceptLanguage: string;
  /** The Accept-Encoding header; empty when none was sent. */
  readonly acceptEncoding: string;
  /** The version the caller has seen, and whether it must say so. */
  readonly seen: { readonly version: number | undefined; readonly required: boolean };
  readonly intent: Intent;
  /** Of what its sender signs: the signature, and the body as it came. Empty for everything else. */
  readonly signed: { readonly signature: string; readonly text: string };
}

/** What the Lambda authorizer hands on, and API Gateway's own fields. */
export type GatewayEvent = APIGatewayProxyEventV2 & {
  requestContext: APIGatewayProxyEventV2['requestContext'] & { authorizer?: { lambda?: { caller?: string } } };
};

/** Who asks. The authorizer's word is trusted; without one the caller is told apart by its source address, which is kept nowhere. */
export const callerOf = (event: GatewayEvent): Caller => {
  const told = event.requestContext.authorizer?.lambda?.caller;
  // The authorizer is ours and makes this text from a Caller.
  if (told) return JSON.parse(told) as Caller;
  return {
    kind: 'anonymous',
    id: `anonymous:${fingerprint(viewerAddress(event.headers, event.requestContext.http.sourceIp))}`,
  };
};

const escapeStep = (step: PropertyKey): string => String(step).replaceAll('~', '~0').replaceAll('/', '~1');

type Issue = z.ZodError['issues'][number];

/** Of what may be one thing or another, the faults of the one it was meant to be, where that can be told: the others fail as a whole. */
const within = (issue: Issue): readonly Issue[] => {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  const [only] = meant;
  if (meant.length !== 1 || !only) return [issue];
  return only.map((each) => ({ ...each, path: [...issue.path, ...each.path] }) as Issue);
};

const faultsOf = (error: z.ZodError, root: string): readonly FieldError[] =>
  error.issues.flatMap(within).flatMap((issue): FieldError[] => {
    const pointer = [root, ...issue.path.map(escapeStep)].join('/');
    if (issue.code !== 'unrecognized_keys') return [{ pointer, code: issue.code, detail: issue.message }];
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escapeStep(key)}`,
      code: issue.code,
      detail: 'is not known here; leave it out',
    }));
  });

/** Half of a character is in no id and no filter, and cannot be hashed or stored; in a body `parseJson` refuses it. */
const halvesIn = (root: string, values: Readonly<Record<string, string | undefined>>): readonly FieldError[] =>
  Object.entries(values)
    .filter(([, value]) => value?.isWellFormed() === false)
    .map(([name]) => {
      const detail = 'must not hold half of a character (a lone surrogate)';
      return { pointer: `${root}/${escapeStep(name)}`, code: 'invalid', detail };
    });

const ifMatchOf = (event: GatewayEvent): { readonly version?: number; readonly faults: readonly FieldError[] } => {
  const header = event.headers?.['if-match'];
  if (header === undefined) return { faults: [] };
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim())?.[1];
  if (version !== undefined) return { version: Number(version), faults: [] };
  const detail = 'must be the ETag of the thing as you read it, such as "3"';
  return { faults: [{ pointer: '#/headers/If-Match', code: 'invalid', detail }] };
};

const nothing = z.strictObject({});

const parseAll = (contract: Contract, event: GatewayEvent) => {
  const body = contract.body ? parseJson(event, contract.maxBodyBytes) : undefined;
  const sources = [
    ['#/path', contract.params ?? nothing, event.pathParameters ?? {}],
    ['#/query', contract.query ?? nothing, event.queryStringParameters ?? {}],
    ['#', contract.body ?? z.undefined(), body],
  ] as const;
  const results = sources.map(([root, schema, value]) => ({ root, result: schema.safeParse(value) }));
  const ifMatch = ifMatchOf(event);
  const errors = [
    ...results.flatMap(({ root, result }) => (result.success ? [] : faultsOf(result.error, root))),
    ...halvesIn('#/path', event.pathParameters ?? {}),
    ...halvesIn('#/query', event.queryStringParameters ?? {}),
    ...ifMatch.faults,
  ];
  if (errors.length > 0) {
    const detail = errors.length === 1 ? 'One field is faulty.' : `${errors.length} fields are faulty.`;
    throw new DomainError('invalid', 'request.invalid', detail, { errors });
  }
  const [params, query, parsedBody] = results.map(({ result }) => result.data);
  return { params, query, body: parsedBody, version: ifMatch.version };
};

const keyOf = (contract: Contract, method: string, event: GatewayEvent): string | undefined => {
  if (method !== 'POST' || contract.changesNothing || contract.signatureHeader) return undefined;
  const key = event.headers?.['idempotency-key']?.trim();
  if (key && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new DomainError(
    'invalid',
    'idempotency.key_required',
    'Send an Idempotency-Key of 1 to 255 visible ASCII characters, the same for every try of this request.',
  );
};

const signedOf = ({ signatureHeader }: Contract, event: GatewayEvent): Request<Contract>['signed'] =>
  signatureHeader === undefined
    ? { signature: '', text: '' }
    : { signature: event.headers?.[signatureHeader] ?? '', text: bytesOf(event).toString() };

/** Parses everything at once; throws `request.*` or `idempotency.key_required`, naming every faulty field. */
export const parseRequest = <C extends Contract>(contract: C, event: GatewayEvent): Request<C> => {
  const caller = callerOf(event);
  const { params, query, body, version } = parseAll(contract, event);
  const { method } = event.requestContext.http;
  const key = keyOf(contract, method, event);
  // A path with nothing between two slashes names nothing, and the table refuses empty keys.
  if (Object.values(event.pathParameters ?? {}).includes('')) throw notFound();
  const now = instant(event.requestContext.timeEpoch);
  const bodyHash = shortHashOf(body ?? null);
  const about = [caller.id, contract.operation, params ?? null];
  const writeId = shortHashOf(key === undefined ? [...about, version ?? null, bodyHash] : [...about, key]);
  return {
    caller,
    now,
    // Each was parsed by the contract's own schema of that name.
    params: params as Parsed<C['params']>,
    query: query as Parsed<C['query']>,
    body: body as Parsed<C['body']>,
    accept: event.headers?.accept ?? '',
    acceptLanguage: event.headers?.['accept-language'] ?? '',
    acceptEncoding: event.headers?.['accept-encoding'] ?? '',
    seen: { version, required: contract.needsVersion ?? false },
    signed: signedOf(contract, event),
    intent: { writeId, bodyHash, by: caller.id, at: now },
  };
};
