import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * DynamoDB's expressions, as much of them as our own code writes. Anything else is refused loudly: this is a model of the engine,
 * and `model-engine.test.ts` holds it against Amazon's own.
 */
export type WireItem = Readonly<Record<string, AttributeValue>>;

export interface Expression {
  readonly text: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

type Context = Omit<Expression, 'text'> & { readonly item: WireItem | undefined };
type Test = (context: Context) => boolean;

const tokensOf = (text: string): string[] => text.match(/#\w+(\.#\w+)*|:\w+|<=|>=|<>|[<>=(),]|\w+/g) ?? [];

const pathOf = (path: string, names: Expression['names']): string[] =>
  path.split('.').map((step) => names[step] ?? step);

export const valueAt = (item: WireItem | undefined, path: readonly string[]): AttributeValue | undefined => {
  const [first = '', ...rest] = path;
  const value = item?.[first];
  return rest.length === 0 ? value : valueAt(value?.M, rest);
};

/** Whether two values are the same; sets and maps are compared whole. */
const same = (a: AttributeValue | undefined, b: AttributeValue | undefined): boolean => {
  if (a === undefined || b === undefined) return false;
  if (a.M && b.M) {
    const [mine, theirs] = [a.M, b.M];
    const keys = Object.keys(mine);
    return keys.length === Object.keys(theirs).length && keys.every((key) => same(mine[key], theirs[key]));
  }
  return JSON.stringify(a) === JSON.stringify(b);
};

const compare = (a: AttributeValue | undefined, b: AttributeValue | undefined): number | undefined => {
  if (a?.S !== undefined && b?.S !== undefined) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if (a?.N !== undefined && b?.N !== undefined) return Number(a.N) - Number(b.N);
  return undefined;
};

const holds = (operator: string, a: AttributeValue | undefined, b: AttributeValue | undefined): boolean => {
  if (operator === '=') return same(a, b);
  if (operator === '<>') return !same(a, b);
  const order = compare(a, b);
  if (order === undefined) return false;
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator] ?? false;
};

const contains = (where: AttributeValue | undefined, what: AttributeValue | undefined): boolean =>
  where?.L?.some((each) => same(each, what)) ?? where?.S?.includes(what?.S ?? '\0') ?? false;

/** Reads tokens from left to right; `OR` binds least, then `AND`, then `NOT`. */
const parse = (tokens: readonly string[]): Test => {
  let at = 0;
  const take = (): string => tokens[at++] ?? '';
  const expect = (token: string): void => {
    const found = take();
    if (found !== token)
      throw new Error(`The model engine expected ${token} and found ${found} in ${tokens.join(' ')}`);
  };
  const call = (name: string): Test => {
    expect('(');
    const path = take();
    let argument = '';
    if (tokens[at] === ',') {
      expect(',');
      argument = take();
    }
    expect(')');
    const where = ({ item, names }: Context) => valueAt(item, pathOf(path, names));
    switch (name) {
      case 'attribute_exists':
        return (context) => where(context) !== undefined;
      case 'attribute_not_exists':
        return (context) => where(context) === undefined;
      case 'contains':
        return (context) => contains(where(context), context.values[argument]);
      case 'begins_with':
        return (context) => where(context)?.S?.startsWith(context.values[argument]?.S ?? '\0') ?? false;
      default:
        throw new Error(`The model engine does not know ${name}.`);
    }
  };
  const unit = (): Test => {
    const token = take();
    if (token === '(') {
      const inner = either();
      expect(')');
      return inner;
    }
    if (token === 'NOT') {
      const inner = unit();
      return (context) => !inner(context);
    }
    if (!token.startsWith('#') && tokens[at] === '(') return call(token);
    const operator = take();
    const where = ({ item, names }: Context) => valueAt(item, pathOf(token, names));
    const first = take();
    if (operator !== 'BETWEEN') return (context) => holds(operator, where(context), context.values[first]);
    expect('AND');
    const last = take();
    return (context) =>
      holds('>=', where(context), context.values[first]) && holds('<=', where(context), context.values[last]);
  };
  const chain = (word: string, part: () => Test, join: (tests: readonly Test[]) => Test): Test => {
    const tests = [part()];
    while (tokens[at] === word) {
      at += 1;
      tests.push(part());
    }
    return join(tests);
  };
  const both = (): Test => chain('AND', unit, (tests) => (context) => tests.every((test) => test(context)));
  const either = (): Test => chain('OR', both, (tests) => (context) => tests.some((test) => test(context)));
  const whole = either();
  if (at !== tokens.length) throw new Error(`The model engine did not understand ${tokens.join(' ')}`);
  return whole;
};

const parsed = new Map<string, Test>();

/** Whether the item, undefined for none, satisfies the condition. */
export const satisfies = ({ text, names, values }: Expression, item: WireItem | undefined): boolean => {
  const test = parsed.get(text) ?? parse(tokensOf(text));
  parsed.set(text, test);
  return test({ names, values, item });
};

const setIn = (item: WireItem, path: readonly string[], value: AttributeValue): WireItem => {
  const [first = '', ...rest] = path;
  if (rest.length === 0) return { ...item, [first]: value };
  const inner = item[first]?.M;
  if (!inner) throw new Error('The model engine met a path into nothing.');
  return { ...item, [first]: { M: { ...setIn(inner, rest, value) } } };
};

/** The item after an update expression: `SET a = :v, …`, `ADD a :v, …`, `REMOVE a, …`. */
export const updated = ({ text, names, values }: Expression, item: WireItem): WireItem => {
  let verb = '';
  let result = item;
  for (const part of text.split(/\b(SET|ADD|REMOVE)\b/).map((it) => it.trim())) {
    if (part === 'SET' || part === 'ADD' || part === 'REMOVE') {
      verb = part;
      continue;
    }
    for (const clause of part.split(',').filter((it) => it.trim() !== '')) {
      const [path = '', value = ''] = clause.trim().split(/[\s=]+/);
      const steps = pathOf(path, names);
      const given = values[value];
      if (verb === 'SET' && given) result = setIn(result, steps, given);
      else if (verb === 'ADD' && given) {
        const sum = Number(valueAt(result, steps)?.N ?? 0) + Number(given.N);
        result = setIn(result, steps, { N: String(sum) });
      } else if (verb === 'REMOVE' && steps.length === 1)
        result = Object.fromEntries(Object.entries(result).filter(([name]) => name !== steps[0]));
      else throw new Error(`The model engine does not know ${verb} ${clause}.`);
    }
  }
  return result;
};
