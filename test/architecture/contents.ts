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

/** Where a contract of this operation is written: `operation: 'register-deal'`. */
const contractsOf = (operation: string, files: readonly SourceFile[]): readonly SourceFile[] =>
  files.filter((file) => file.path.endsWith('-contract.ts') && file.text.includes(`operation: '${operation}'`));

/** Every route has one handler file, one contract and one row in the access table, and stands in the table of contents once. */
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

/** A file of a door is its `door.ts` or the handler of a route; what handlers share stands with the noun. */
export const everyHandlerIsARoute =
  ({ routes }: Contents): Check =>
  (files) => {
    const expected = new Set([...routes.map(handlerPath), ...routes.map((route) => `functions/${route.door}/door.ts`)]);
    return files
      .filter((file) => /^functions\/(?!http\/|authorizer\/)[^/]+\//.test(file.path) && !expected.has(file.path))
      .map((file) => finding(file, 1, 'is no handler of a route'));
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
