/** Conditions on one item, as data; `compile` writes them in DynamoDB's language with every name aliased, so no word is reserved. */
export type Condition =
  | { readonly test: 'absent' | 'present'; readonly name: string }
  | { readonly test: '=' | '<>' | '<' | '<=' | '>' | '>='; readonly name: string; readonly value: unknown }
  | { readonly test: 'contains' | 'begins'; readonly name: string; readonly value: unknown }
  | { readonly test: 'between'; readonly name: string; readonly from: string; readonly to: string }
  | { readonly test: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly test: 'not'; readonly of: Condition };

type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export const absent = (name: string): Condition => ({ test: 'absent', name });
export const present = (name: string): Condition => ({ test: 'present', name });
export const is = (name: string, test: Comparison, value: unknown): Condition => ({ test, name, value });
export const contains = (name: string, value: unknown): Condition => ({ test: 'contains', name, value });
export const begins = (name: string, value: string): Condition => ({ test: 'begins', name, value });
export const all = (...of: readonly Condition[]): Condition => ({ test: 'all', of });
export const any = (...of: readonly Condition[]): Condition => ({ test: 'any', of });
export const not = (of: Condition): Condition => ({ test: 'not', of });

/** The names and values one expression refers to. */
export interface Placeholders {
  readonly names: Record<string, string>;
  readonly values: Record<string, unknown>;
}

/** Writes `a.b` as `#n0.#n1`; dots separate steps of a path. */
export const placeName = (path: string, { names }: Placeholders): string =>
  path
    .split('.')
    .map((step) => {
      const known = Object.keys(names).find((alias) => names[alias] === step);
      const alias = known ?? `#n${Object.keys(names).length}`;
      names[alias] = step;
      return alias;
    })
    .join('.');

export const placeValue = (value: unknown, { values }: Placeholders): string => {
  const alias = `:v${Object.keys(values).length}`;
  values[alias] = value;
  return alias;
};

/** The condition as an expression; what it refers to is added to `placeholders`. */
export const compile = (condition: Condition, placeholders: Placeholders): string => {
  switch (condition.test) {
    case 'absent':
      return `attribute_not_exists(${placeName(condition.name, placeholders)})`;
    case 'present':
      return `attribute_exists(${placeName(condition.name, placeholders)})`;
    case 'contains':
      return `contains(${placeName(condition.name, placeholders)}, ${placeValue(condition.value, placeholders)})`;
    case 'begins':
      return `begins_with(${placeName(condition.name, placeholders)}, ${placeValue(condition.value, placeholders)})`;
    case 'between':
      return `${placeName(condition.name, placeholders)} BETWEEN ${placeValue(condition.from, placeholders)} AND ${placeValue(condition.to, placeholders)}`;
    case 'not':
      return `(NOT ${compile(condition.of, placeholders)})`;
    case 'all':
    case 'any': {
      const [only, ...others] = condition.of;
      // DynamoDB refuses parentheses around parentheses.
      if (only && others.length === 0) return compile(only, placeholders);
      return `(${condition.of.map((part) => compile(part, placeholders)).join(condition.test === 'all' ? ' AND ' : ' OR ')})`;
    }
    default:
      return `${placeName(condition.name, placeholders)} ${condition.test} ${placeValue(condition.value, placeholders)}`;
  }
};
