import { type Check, type Finding, finding, type SourceFile } from './source-files.ts';

export interface Contents {
  readonly routes: readonly {
    readonly operation: string;
    readonly door: string;
    readonly method: string;
    readonly path: string;
  }[];
  /** Operations that have a row in the access table. */
  readonly access: readonly string[];
  readonly functions: readonly { readonly name: string; readonly entry: string }[];
  readonly schedules: readonly { readonly name: string; readonly worker: string }[];
}

const twice = (what: string, names: readonly string[]): readonly Finding[] =>
  [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `${what} ${name} is listed twice`,
  );

const handlerPath = ({ operation, door }: Contents['routes'][number]): string => `functions/${door}/${operation}.ts`;

const doorPath = ({ door }: Contents['routes'][number]): string => `functions/${door}/door.ts`;

const opensTo = (route: Contents['routes'][number], files: readonly SourceFile[]): boolean =>
  files
    .filter((file) => file.path === doorPath(route))
    .some((file) => file.imports.some(({ target }) => target === handlerPath(route)));

/** Where a contract of this operation is written: `operation: 'register-deal'`. */
const contractsOf = (operation: string, files: readonly SourceFile[]): readonly SourceFile[] =>
  files.filter((file) => file.path.endsWith('-contract.ts') && file.text.includes(`operation: '${operation}'`));

/** Every route has one handler file behind its door, one contract and one row in the access table, and stands in the table of contents once. */
export const everyRouteIsComplete =
  ({ routes, access }: Contents): Check =>
  (files) => {
    const paths = new Set(files.map((file) => file.path));
    return [
      ...twice(
        'operation',
        routes.map((route) => route.operation),
      ),
      ...twice(
        'route',
        routes.map((route) => `${route.method} ${route.path}`),
      ),
      ...routes.flatMap((route) => [
        ...(paths.has(handlerPath(route)) ? [] : [`${route.operation} has no handler ${handlerPath(route)}`]),
        ...(opensTo(route, files) ? [] : [`${route.operation} is not behind its door ${doorPath(route)}`]),
        ...(access.includes(route.operation) ? [] : [`${route.operation} has no row in the access table`]),
        ...(contractsOf(route.operation, files).length === 1
          ? []
          : [`${route.operation} has ${contractsOf(route.operation, files).length} contracts`]),
      ]),
      ...access
        .filter((operation) => !routes.some((route) => route.operation === operation))
        .map((operation) => `${operation} has a row in the access table and no route`),
    ];
  };

/** What ties itself to a contract is an operation, and every operation is a route. */
const isHandler = (file: SourceFile): boolean =>
  file.imports.some(({ target, names }) => target === 'functions/http/door.ts' && names.includes('operation'));

export const everyHandlerIsARoute =
  ({ routes }: Contents): Check =>
  (files) => {
    const expected = new Set(routes.map(handlerPath));
    return files
      .filter(
        (file) => /^(functions|workflows|shared)\//.test(file.path) && isHandler(file) && !expected.has(file.path),
      )
      .map((file) => finding(file, 1, 'is a handler and no route'));
  };

/** What exports a Lambda handler is deployed once, and what is deployed is there. */
export const everyEntryIsDeployed =
  ({ functions, schedules }: Contents): Check =>
  (files) => {
    const entries = functions.map((row) => row.entry);
    const handlers = files.filter(
      (file) => /^(functions|workflows)\//.test(file.path) && file.exports.some(({ name }) => name === 'handler'),
    );
    return [
      ...twice(
        'function',
        functions.map((row) => row.name),
      ),
      ...twice('entry', entries),
      ...twice(
        'schedule',
        schedules.map((row) => row.name),
      ),
      ...handlers.filter((file) => !entries.includes(file.path)).map((file) => finding(file, 1, 'is deployed nowhere')),
      ...entries
        .filter((entry) => !handlers.some((file) => file.path === entry))
        .map((entry) => `${entry} is to be deployed and exports no handler`),
      ...schedules
        .filter(({ worker }) => !functions.some(({ name }) => name === worker))
        .map(({ name, worker }) => `the schedule ${name} wakes ${worker}, which is no function`),
    ];
  };

/** A file that asks the table says at its top what it asks: the reference is made of these tables. */
export const everyStoreListsItsAccessPatterns: Check = (files) =>
  files
    .filter((file) => file.path.endsWith('-store.ts') && /\b(read|query|transact)\(/.test(file.text))
    .filter((file) => !file.text.includes('| access pattern |'))
    .map((file) => finding(file, 1, 'does not list its access patterns'));
