/** What one statement of an IAM policy lets a function do; ours only ever allow. */
export interface Statement {
  /** Such as `dynamodb:Query`; `*` stands for anything. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Operator → key → values; all of them must hold. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** One thing that a function asks of AWS, as IAM sees it. */
export interface Use {
  readonly action: string;
  /** Undefined where only AWS knows it, as it knows the workflow behind a task's token. */
  readonly resource: string | undefined;
  /** Condition key → values of this request. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

const isLike = (text: string, pattern: string): boolean => {
  const [first = '', ...others] = pattern.split('*');
  if (others.length === 0) return text === pattern;
  const last = others.pop() ?? '';
  let from = first.length;
  for (const part of others) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.startsWith(first) && text.endsWith(last) && text.length - last.length >= from;
};

type Test = (asked: readonly string[], wanted: readonly string[]) => boolean;

/** The operators that our policies use (IAM User Guide, *Condition operators* and *Multivalued context keys*). */
const operators: Readonly<Record<string, Test>> = {
  StringEquals: (asked, wanted) => asked.length === 1 && wanted.includes(asked[0] ?? ''),
  'ForAnyValue:StringEquals': (asked, wanted) => asked.some((value) => wanted.includes(value)),
  'ForAllValues:StringLike': (asked, wanted) =>
    asked.every((value) => wanted.some((pattern) => isLike(value, pattern))),
};

export const isKnownOperator = (name: string): boolean => Object.hasOwn(operators, name);

const holds = ({ conditions }: Statement, { context }: Use): boolean =>
  Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => operators[operator]?.(context[key] ?? [], wanted)),
  );

/** Whether IAM would let the request through: some statement names its action and resource, and all its conditions hold. */
export const isAllowed = (statements: readonly Statement[], use: Use): boolean =>
  statements.some(
    (statement) =>
      statement.actions.some((pattern) => isLike(use.action, pattern)) &&
      (use.resource === undefined || statement.resources.some((pattern) => isLike(use.resource ?? '', pattern))) &&
      holds(statement, use),
  );
