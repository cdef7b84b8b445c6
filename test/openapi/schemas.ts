import { contracts } from '#functions/docs/contracts.ts';
import { routes } from '#functions/routes.ts';
import type { Operation } from '#shared/core/access.ts';
import { put } from '#test/hostile/marked-body.ts';
import { ajv, document } from '#test/support/documented.ts';

/** What the document says of a value: as much of JSON Schema as it uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
}

interface Parameter {
  readonly in: 'path' | 'query';
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Documented {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

// The document was made from our routes: every path has its methods.
const paths = document.paths as unknown as Record<string, Record<string, Documented>>;
const schemas = document.components?.schemas as unknown as Record<string, Schema>;

const documented = (operation: Operation): Documented => {
  const route = routes.find((it) => it.operation === operation);
  const found = paths[route?.path ?? '']?.[route?.method.toLowerCase() ?? ''];
  if (!found) throw new Error(`${operation} is not in the document.`);
  return found;
};

export const bodySchemaOf = (operation: Operation): Schema | undefined =>
  documented(operation).requestBody?.content['application/json'].schema;

/** Headers are components; what stands in place is of the path or the query. */
export const parametersOf = (operation: Operation, source: 'path' | 'query'): readonly Parameter[] =>
  (documented(operation).parameters ?? []).flatMap((it) => ('schema' in it && it.in === source ? [it] : []));

/** The schema itself; of several that it may be, that of an object, since there is most in it. */
export const resolved = (schema: Schema): Schema => {
  if (schema.$ref) return resolved(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (!schema.anyOf) return schema;
  const ways = schema.anyOf.map(resolved);
  return ways.find(({ type }) => type === 'object') ?? ways[0] ?? {};
};

const compiled = new Map<string, (value: unknown) => boolean>();

/** Whether the document lets this in. */
export const accepts = (schema: Schema, value: unknown): boolean => {
  const text = JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components');
  const known = compiled.get(text) ?? ajv.compile(JSON.parse(text));
  compiled.set(text, known);
  return known(value);
};

/** Texts of every kind that the document knows; what is right where no schema tells is found by trying. */
const texts = [
  'capacity',
  '2026-07-01',
  'ada@acme.example',
  'https://www.acme.example',
  'US',
  'USD',
  '2026-Q3',
  '2026-07',
  '2026',
  '+1 555 010 0199',
  'acct_1MiN3gLkdIwHu7ix',
  '021000021',
  'DE89370400440532013000',
  'COBADEFFXXX',
  '12-3456789',
  '2026-07-01T00:00:00Z',
  '0f'.repeat(32),
];

const sampleOf = (schema: Schema): unknown => {
  const it = resolved(schema);
  if (it.const !== undefined) return it.const;
  if (it.enum) return it.enum[0];
  if (it.type === 'object') {
    const members = Object.entries(it.properties ?? {}).map(([name, inner]) => [name, sampleOf(inner)]);
    if (!it.additionalProperties || !it.propertyNames) return Object.fromEntries(members);
    return Object.fromEntries([...members, [sampleOf(it.propertyNames), sampleOf(it.additionalProperties)]]);
  }
  if (it.type === 'array') return [sampleOf(it.items ?? {})];
  if (it.type === 'boolean') return true;
  if (it.type === 'integer' || it.type === 'number') return Math.max(1, it.minimum ?? 1);
  return [it.example, ...texts].find((text) => accepts(it, text));
};

export const samplesOf = (operation: Operation, source: 'path' | 'query'): Record<string, string> =>
  Object.fromEntries(parametersOf(operation, source).map(({ name, schema }) => [name, String(sampleOf(schema))]));

const faultyPlaces = (operation: Operation, body: unknown): readonly (readonly string[])[] => {
  const result = contracts.find((it) => it.operation === operation)?.body?.safeParse(body);
  return (result?.error?.issues ?? []).map(({ path }) => path.map(String));
};

/** A body with everything in it that the document knows. Where the contract wants more of a text than the document can say, it is tried for. */
export const fullBody = (operation: Operation): object => {
  const schema = bodySchemaOf(operation);
  // Every body is an object.
  const first = sampleOf(schema ?? {}) as object;
  return faultyPlaces(operation, first).reduce((body, place) => {
    const isFaulty = (it: unknown): boolean => faultyPlaces(operation, it).some((path) => path.join() === place.join());
    if (!isFaulty(body)) return body;
    const right = texts.map((text) => put(body, place, text)).find((it) => !isFaulty(it));
    return (right ?? body) as object;
  }, first);
};
