/** What a template can name that is not written in it. Every answer is plain text. */
export interface Names {
  /** `Ref` of a resource or a parameter, a pseudo parameter such as `AWS::Region` among them. */
  readonly ref: (logicalId: string) => string;
  /** `Fn::GetAtt`. */
  readonly attribute: (logicalId: string, attribute: string) => string;
  /** `Fn::ImportValue`: what another stack exports under this name. */
  readonly imported: (exportName: string) => string;
  /** `{{resolve:secretsmanager:<id>:…}}`. */
  readonly secret: (secretId: string) => string;
}

type Resolve = (value: unknown) => unknown;
type Intrinsic = (argument: unknown, resolve: Resolve, names: Names) => unknown;

const text = (value: unknown): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`The template has ${JSON.stringify(value)} where only a text can stand.`);
};

const list = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new Error(`The template has ${JSON.stringify(value)} where only a list can stand.`);
};

const nameOf = (path: string, names: Names): string => {
  const dot = path.indexOf('.');
  return dot === -1 ? names.ref(path) : names.attribute(path.slice(0, dot), path.slice(dot + 1));
};

const substitute: Intrinsic = (argument, resolve, names) => {
  const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}];
  // CloudFormation takes an object of variables here and nothing else.
  const given = resolve(variables) as Readonly<Record<string, unknown>>;
  return text(pattern).replace(/\$\{(!?)([^}]+)\}/g, (whole, literal: string, name: string) => {
    if (literal) return whole.replace('!', '');
    return Object.hasOwn(given, name) ? text(given[name]) : nameOf(name, names);
  });
};

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, _, names) => names.ref(text(argument)),
  'Fn::GetAtt': (argument, resolve, names) => {
    const path = Array.isArray(argument) ? argument.map((part) => text(resolve(part))).join('.') : text(argument);
    return nameOf(path, names);
  },
  'Fn::ImportValue': (argument, resolve, names) => names.imported(text(resolve(argument))),
  'Fn::Join': (argument, resolve) => {
    const [separator, parts] = list(argument);
    return list(resolve(parts)).map(text).join(text(separator));
  },
  'Fn::Split': (argument, resolve) => {
    const [separator, whole] = list(argument);
    return text(resolve(whole)).split(text(separator));
  },
  'Fn::Select': (argument, resolve) => {
    const [index, choices] = list(argument);
    return list(resolve(choices))[Number(text(resolve(index)))];
  },
  'Fn::Sub': substitute,
};

const resolveSecrets = (value: string, names: Names): string =>
  value.replace(/\{\{resolve:secretsmanager:(.+?):SecretString:[^}]*\}\}/g, (_, id: string) => names.secret(id));

/** Turns a value of a template into plain data. Throws, naming it, at a function that the laptop does not know. */
export const resolveValue = (value: unknown, names: Names): unknown => {
  const resolve: Resolve = (inner) => resolveValue(inner, names);
  if (typeof value === 'string') return resolveSecrets(value, names);
  if (Array.isArray(value)) return value.map(resolve);
  if (value === null || typeof value !== 'object') return value;
  const [only, ...others] = Object.keys(value);
  if (only !== undefined && others.length === 0 && (only === 'Ref' || only.startsWith('Fn::'))) {
    const intrinsic = intrinsics[only];
    if (intrinsic === undefined)
      throw new Error(`The laptop does not know ${only}: teach local/template/intrinsics.ts.`);
    const result = intrinsic(Object.values(value)[0], resolve, names);
    return typeof result === 'string' ? resolveSecrets(result, names) : result;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
};
