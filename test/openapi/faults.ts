import type { Operation } from '#shared/core/access.ts';
import { accepts, bodySchemaOf, parametersOf, resolved, type Schema } from './schemas.ts';

export type Source = 'body' | 'path' | 'query' | 'headers';
export const kinds = ['another value', 'left out', 'unknown'] as const;
type Kind = (typeof kinds)[number];

/** One thing in a request that the document refuses, and where: what must be named in the answer. */
export interface Fault {
  readonly source: Source;
  readonly kind: Kind;
  /** Where it is, from the source's root. */
  readonly steps: readonly string[];
  /** What stands there; nothing where it is left out. */
  readonly what?: unknown;
}

/** What is right in many places, and at the edge or beyond it in others. */
export const oddities: readonly unknown[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\u202egpj.exe',
  '\u0645\u0631\u062d\u0628\u0627',
  'e\u0301\u0301\u0301',
  '\ufeff',
  '\u{1F469}\u200d\u{1F469}\u200d\u{1F467}',
  'x'.repeat(5000),
  '9'.repeat(400),
  'ptr_x',
  '2026-02-30',
  0,
  -1,
  1.5,
  9007199254740991,
  9007199254740992,
  1e308,
  -1e-308,
  true,
  null,
  [],
  {},
  [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]],
  Array.from({ length: 2000 }, () => 'x'),
  JSON.parse('{"__proto__": {"admin": true}, "constructor": {"prototype": {}}}'),
];
const strangeNames = ['~/', '__proto__', 'constructor', 'toString', '', 'Status', 'x'.repeat(300)];
/** Larger texts are refused for the size of the body. */
const longest = 20_000;

const textOf = (length: number | undefined): readonly string[] =>
  length === undefined || length < 0 || length > longest ? [] : ['x'.repeat(length)];

/** One step inside and one outside of every limit of a value. */
const edgesOf = (schema: Schema, right: unknown): readonly unknown[] => {
  const { minLength = 0, maxLength, minimum, maximum, minItems = 0, maxItems } = schema;
  const numbers = [minimum, maximum].flatMap((it) => (it === undefined ? [] : [it - 1, it, it + 1]));
  const texts = [minLength - 1, minLength, maxLength, maxLength === undefined ? undefined : maxLength + 1].flatMap(
    textOf,
  );
  const [item] = Array.isArray(right) ? right : [];
  const lists = schema.type === 'array' ? [minItems - 1, maxItems ?? -2, (maxItems ?? -2) + 1] : [];
  return [...numbers, ...texts, ...lists.filter((it) => it >= 0).map((length) => Array.from({ length }, () => item))];
};

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : 'plain';

/** Whatever may be wrong or odd about a value itself. Of an object or a list that takes the place of another one, its members would be. */
export const valuesFor = (schema: Schema, right: unknown): readonly unknown[] => [
  ...oddities.filter((it) => kindOf(it) === 'plain' || kindOf(it) !== kindOf(right)),
  ...edgesOf(resolved(schema), right),
];

export interface Place {
  readonly steps: readonly string[];
  readonly schema: Schema;
  readonly right: unknown;
}

/** Every value in a body, the body first, with what the document says of it. */
export const placesIn = (schema: Schema, right: unknown, steps: readonly string[] = []): readonly Place[] => {
  const { type, properties = {}, additionalProperties, items } = resolved(schema);
  const own = { steps, schema, right };
  if (type === 'array' && Array.isArray(right) && items) return [own, ...placesIn(items, right[0], [...steps, '0'])];
  if (type !== 'object' || kindOf(right) !== 'object') return [own];
  // What is no list is named by its members.
  const inner = Object.entries(right as object).flatMap(([name, value]) => {
    const its = properties[name] ?? (additionalProperties || undefined);
    return its ? placesIn(its, value, [...steps, name]) : [];
  });
  return [own, ...inner];
};

const isNameless = ({ additionalProperties, propertyNames }: Schema, name: string): boolean =>
  additionalProperties === false ||
  (propertyNames !== undefined && name !== '__proto__' && !accepts(propertyNames, name));

const faultsAt = ({ steps, schema, right }: Place): readonly Fault[] => {
  const at = { source: 'body', steps } as const;
  const refused = valuesFor(schema, right).filter((what) => !accepts(schema, what));
  const swapped = refused.map((what): Fault => ({ ...at, kind: 'another value', what }));
  const it = resolved(schema);
  if (it.type !== 'object' || kindOf(right) !== 'object') return swapped;
  const missing = (it.required ?? []).map((name): Fault => ({ ...at, kind: 'left out', steps: [...steps, name] }));
  const strange = strangeNames
    .filter((name) => isNameless(it, name))
    .map((name): Fault => ({ ...at, kind: 'unknown', steps: [...steps, name], what: { name } }));
  return [...swapped, ...missing, ...strange];
};

/** All that can be wrong in a body. */
export const faultsInBody = (operation: Operation, body: object): readonly Fault[] =>
  placesIn(bodySchemaOf(operation) ?? {}, body).flatMap(faultsAt);

const isNumber = ({ type }: Schema): boolean => type === 'integer' || type === 'number';

const acceptsText = (schema: Schema, text: string): boolean =>
  accepts(schema, isNumber(resolved(schema)) && text.trim() !== '' ? Number(text) : text);

/** All that can be wrong in a path or a query, where everything is a text. */
export const faultsInParameters = (operation: Operation, source: 'path' | 'query'): readonly Fault[] => {
  const halves = ['\ud800', 'a\udeadb'];
  const its = parametersOf(operation, source).flatMap(({ name, schema, required }): readonly Fault[] => {
    const values = valuesFor(schema, '').filter((it) => typeof it === 'string' || typeof it === 'number');
    const refused = values.map(String).filter((text) => !acceptsText(schema, text));
    const at = { source, steps: [name] } as const;
    return [
      ...[...refused, ...halves].map((what): Fault => ({ ...at, kind: 'another value', what })),
      ...(required ? [{ ...at, kind: 'left out' } as const] : []),
    ];
  });
  const strange = ['__proto__', 'constructor', 'partnerid', '', '~/'];
  const unknown = strange.map((name): Fault => ({ source, kind: 'unknown', steps: [name], what: 'x' }));
  // The gateway makes the path's names itself.
  return source === 'path' ? its : [...its, ...unknown];
};

const isWhole = (text: string): boolean => text.isWellFormed();

/** Where the document refuses these parameters: the pointers that an answer must name. */
export const refusedIn = (
  operation: Operation,
  source: 'path' | 'query',
  given: Readonly<Record<string, string | undefined>>,
): readonly string[] => {
  const known = parametersOf(operation, source);
  const refused = Object.entries(given).filter(([name, text = '']) => {
    const parameter = known.find((it) => it.name === name);
    return !parameter || !isWhole(text) || !acceptsText(parameter.schema, text);
  });
  const missing = known.filter(({ name, required }) => required && !Object.hasOwn(given, name));
  const names = [...refused.map(([name]) => name), ...missing.map(({ name }) => name)];
  return names.map((name) => pointerTo({ source, steps: [name] }));
};

const faultyVersions = ['', '*', '1', '"x"', '"-1"', '"1","2"', '"99999999999"', 'x'.repeat(4000)];
export const faultyIfMatch = faultyVersions.map(
  (what): Fault => ({ source: 'headers', kind: 'another value', steps: ['If-Match'], what }),
);

const roots: Readonly<Record<Source, string>> = { body: '#', path: '#/path', query: '#/query', headers: '#/headers' };

/** The JSON pointer under which an answer must name it. */
export const pointerTo = ({ source, steps }: Pick<Fault, 'source' | 'steps'>): string =>
  [roots[source], ...steps.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');

/** Whether one of them is inside of the other, so that only one can be there. */
export const overlap = (one: Fault, other: Fault): boolean => {
  const [inner, outer] = [`${pointerTo(one)}/`, `${pointerTo(other)}/`];
  return one.source === other.source && (inner.startsWith(outer) || outer.startsWith(inner));
};

/** A copy with the fault in it; a name such as `__proto__` becomes a member like any other. */
export const withFault = (value: unknown, fault: Pick<Fault, 'kind' | 'what'>, steps: readonly string[]): unknown => {
  const [step, ...rest] = steps;
  if (step === undefined) return fault.what;
  // Places are reached through objects and lists only.
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  if (rest.length === 0 && fault.kind === 'left out') {
    delete copy[step];
    return copy;
  }
  const inner = rest.length === 0 ? fault.what : withFault(copy[step], fault, rest);
  Object.defineProperty(copy, step, { value: inner, enumerable: true, configurable: true, writable: true });
  return copy;
};
