import { basename } from 'node:path';
import type { Node } from 'oxc-parser';
import { type Check, finding, nodesOf, type SourceFile } from './source-files.ts';

/** Where a file stands in the house. */
interface Place {
  readonly role: Role;
  /** The noun, or the door, when the role has them. */
  readonly noun: string | undefined;
  readonly path: string;
}

type Role =
  | 'core'
  | 'platform'
  | 'rules'
  | 'contract'
  | 'store'
  | 'contents'
  | 'http'
  | 'door'
  | 'workflow'
  | 'infra'
  | 'local'
  | 'portal'
  | 'test'
  | 'bench'
  | 'docs';

const kindOf = (path: string): Role => {
  if (path.endsWith('-store.ts')) return 'store';
  return path.endsWith('-contract.ts') ? 'contract' : 'rules';
};

export const placeOf = (path: string): Place => {
  const [top, second, third] = path.split('/');
  const within = third === undefined ? undefined : second;
  switch (top) {
    case 'shared':
      if (second === 'core' || second === 'platform') return { role: second, noun: undefined, path };
      return { role: kindOf(path), noun: within, path };
    case 'functions':
      if (within === undefined) return { role: 'contents', noun: undefined, path };
      return { role: second === 'http' ? 'http' : 'door', noun: second, path };
    case 'workflows':
      return { role: 'workflow', noun: within, path };
    default:
      // Any other top folder is a role of its own; one that is not listed may import nothing.
      return { role: top as Role, noun: undefined, path };
  }
};

const shared: readonly Role[] = ['core', 'platform', 'rules', 'contract', 'store'];
const everything: readonly Role[] = [
  ...shared,
  ...(['contents', 'http', 'door', 'workflow', 'infra', 'local', 'portal', 'bench', 'docs'] as const),
];

/**
 * Who may import whom. A role that is marked `own` is open only inside the same noun or door. A store may ask another store for
 * the writes that belong to its own transaction: only so does each item keep its one writer.
 */
const mayImport: Readonly<Record<Role, readonly (Role | `own ${Role}`)[]>> = {
  core: ['core'],
  platform: ['core', 'platform'],
  rules: ['core', 'rules', 'own contract'],
  contract: ['core', 'rules', 'own contract'],
  store: ['core', 'platform', 'rules', 'own contract', 'store'],
  contents: ['core', 'contents'],
  http: [...shared, 'contents', 'http'],
  door: [...shared, 'contents', 'http', 'own door'],
  workflow: [...shared, 'workflow'],
  infra: ['core', 'contents', 'infra'],
  local: everything,
  portal: ['core', 'contract', 'portal'],
  // Measurements send what tests send, to the engine that tests use.
  bench: [...everything, 'test'],
  docs: everything,
  test: [...everything, 'test'],
};

const isAllowed = (from: Place, to: Place): boolean => {
  const allowed = mayImport[from.role] ?? [];
  return allowed.includes(to.role) || (from.noun === to.noun && allowed.includes(`own ${to.role}`));
};

const told = ({ role, noun }: Place): string => (noun ? `${role} of ${noun}` : role);

/** Roles import downwards only, and a noun's rules see only the rules of another. */
export const importsStayInsideTheWalls: Check = (files) =>
  files.flatMap((file) => {
    const from = placeOf(file.path);
    return file.imports
      .filter((each) => each.isOurs)
      .map((each) => ({ ...each, to: placeOf(each.target) }))
      .filter(({ to }) => !isAllowed(from, to))
      .map(({ to, line, specifier }) => finding(file, line, `${told(from)} may not import ${told(to)} (${specifier})`));
  });

const hasAlias = (path: string): boolean => /^(shared|functions|workflows|infra|local|test)\//.test(path);

/** `#role/…` across folders, `./…` within one, and always with the extension. */
export const importsAreWrittenOneWay: Check = (files) =>
  files.flatMap((file) =>
    file.imports.flatMap(({ specifier, target, isOurs, line }) => [
      ...(specifier.startsWith('..') && hasAlias(target)
        ? [finding(file, line, `${specifier} climbs; write #role/… instead`)]
        : []),
      ...(isOurs && !/\.(tsx?|json|css|d\.ts)$/.test(specifier)
        ? [finding(file, line, `${specifier} lacks its extension`)]
        : []),
    ]),
  );

/** No file is loaded by way of itself. What is imported for its type only is not loaded at all. */
export const nothingImportsItself: Check = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const finished = new Set<string>();
  const visit = (file: SourceFile, trail: readonly string[]): readonly string[] => {
    if (trail.includes(file.path)) {
      return [finding(file, 1, `a cycle: ${[...trail.slice(trail.indexOf(file.path)), file.path].join(' -> ')}`)];
    }
    if (finished.has(file.path)) return [];
    const found = file.imports.flatMap(({ target, isType }) => {
      const next = isType ? undefined : byPath.get(target);
      return next ? visit(next, [...trail, file.path]) : [];
    });
    finished.add(file.path);
    return found;
  };
  return files.flatMap((file) => visit(file, []));
};

/** The words of shared/platform/table.ts in which writes and queries are said; others may only carry items about. */
const storeWords = new Set(['transact', 'documents', 'Write', 'Change', 'query', 'Question']);

const speaksToTheTable = ({ target, names }: SourceFile['imports'][number]): boolean =>
  target === 'shared/platform/condition.ts' ||
  (target === 'shared/platform/table.ts' && names.some((name) => storeWords.has(name)));

/** `{ pk: … }` as a value; taking a key out of an item is no harm. */
const namesKey = (node: Node): boolean =>
  node.type === 'ObjectExpression' &&
  node.properties.some(
    (each) =>
      each.type === 'Property' &&
      ((each.key.type === 'Identifier' && /^(pk|sk)$/.test(each.key.name)) ||
        (each.key.type === 'Literal' && /^(pk|sk)$/.test(String(each.key.value)))),
  );

/** Only stores and the platform speak the table's language, so that each item has one writer and one place that knows its keys. */
export const onlyStoresNameKeys: Check = (files) =>
  files
    .filter(({ path }) => /^(shared|functions|workflows)\//.test(path))
    .filter(({ path }) => !['store', 'platform'].includes(placeOf(path).role))
    .flatMap((file) => [
      ...file.imports
        .filter(speaksToTheTable)
        .map(({ line }) => finding(file, line, 'only a store may say what is written')),
      ...[...nodesOf(file.program)]
        .filter(namesKey)
        .map((node) => finding(file, file.lineAt(node.start), 'only a store may name keys')),
    ]);

/** Packages that would make every cold start slower, and the functions that may carry each. */
const heavy: Readonly<Record<string, readonly string[]>> = {
  pdfmake: ['guide', 'scorecards', 'statements'],
  fuzzball: ['request-approval'],
  yaml: ['program'],
  'zod-openapi': ['docs'],
  'file-type': ['verify-document', 'sweep'],
  'fast-xml-parser': ['payout-files'],
  '@midlandsbank/node-nacha': ['payout-files'],
};

/** From each function's entry, over our own files, the packages that end up in its bundle. */
export const heavyPackagesStayAlone =
  (entries: readonly { readonly name: string; readonly entry: string }[]): Check =>
  (files) => {
    const byPath = new Map(files.map((file) => [file.path, file]));
    const reach = (path: string, seen: Set<string>): readonly string[] => {
      if (seen.has(path)) return [];
      seen.add(path);
      const imports = (byPath.get(path)?.imports ?? []).filter(({ isType }) => !isType);
      return imports.flatMap(({ target, isOurs }) => (isOurs ? reach(target, seen) : [target]));
    };
    return entries.flatMap(({ name, entry }) =>
      [...new Set(reach(entry, new Set()))]
        .filter((it) => heavy[it]?.includes(name) === false)
        .map((it) => `${entry}:1: ${it} belongs to the function ${heavy[it]?.join(' and ')} only`),
    );
  };

/** AWS's construction kit stays in infra; only its one test may load it besides. */
export const onlyInfraKnowsCdk: Check = (files) =>
  files
    .filter(({ path }) => !/^(infra|test\/infra)\//.test(path))
    .flatMap((file) =>
      file.imports
        .filter(({ target }) => target === 'aws-cdk-lib' || target === 'constructs')
        .map(({ line }) => finding(file, line, `${basename(file.path)} may not import the CDK`)),
    );
