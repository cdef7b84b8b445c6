type Test = (value: unknown) => boolean;

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const numeric = (terms: readonly unknown[]): Test => {
  const pairs = Array.from({ length: terms.length / 2 }, (_, index) => {
    const compare = comparisons[String(terms[index * 2])];
    if (!compare)
      throw new Error(`The laptop does not know the comparison ${String(terms[index * 2])} of event patterns.`);
    return { compare, limit: Number(terms[index * 2 + 1]) };
  });
  return (value) => typeof value === 'number' && pairs.every(({ compare, limit }) => compare(value, limit));
};

const matchers: Readonly<Record<string, (argument: unknown) => Test>> = {
  prefix: (start) => (value) => typeof value === 'string' && value.startsWith(String(start)),
  suffix: (end) => (value) => typeof value === 'string' && value.endsWith(String(end)),
  'equals-ignore-case': (other) => (value) =>
    typeof value === 'string' && value.toLowerCase() === String(other).toLowerCase(),
  exists: (wanted) => (value) => (value !== undefined) === wanted,
  'anything-but': (excluded) => {
    const values: readonly unknown[] = Array.isArray(excluded) ? excluded : [excluded];
    return (value) => value !== undefined && !values.includes(value);
  },
  numeric: (terms) => numeric(Array.isArray(terms) ? terms : []),
};

const leafTest = (alternative: unknown): Test => {
  if (alternative === null || typeof alternative !== 'object') return (value) => value === alternative;
  const [[name, argument] = ['nothing', undefined]] = Object.entries(alternative);
  const matcher = matchers[name];
  if (!matcher)
    throw new Error(`The laptop does not know ${name} in event patterns: teach local/stream/event-pattern.ts.`);
  return matcher(argument);
};

/**
 * Compiles a pattern as Lambda's event source mappings use them: all fields named must match, each by any of its alternatives.
 * Throws, naming it, at a matcher that the laptop does not know.
 */
export const compilePattern = (pattern: unknown): Test => {
  if (Array.isArray(pattern)) {
    const tests = pattern.map(leafTest);
    return (value) => tests.some((test) => test(value));
  }
  if (pattern === null || typeof pattern !== 'object') throw new Error('An event pattern is an object or a list.');
  const fields = Object.entries(pattern).map(([name, inner]) => {
    if (name.startsWith('$')) throw new Error(`The laptop does not know ${name} in event patterns.`);
    return { name, test: compilePattern(inner) };
  });
  return (value) =>
    fields.every(({ name, test }) => {
      const field: unknown = value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined;
      return test(field);
    });
};
