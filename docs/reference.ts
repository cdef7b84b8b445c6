import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { routes } from '#functions/routes.ts';
import { schedules } from '#functions/schedules.ts';
import { functions } from '#infra/functions.ts';
import { permissions } from '#infra/permissions.ts';
import { type AccessRow, access, type Operation } from '#shared/core/access.ts';
import { roles } from '#shared/core/caller.ts';
import type { Contract } from '#shared/core/contract.ts';
import type { Lifecycle } from '#shared/core/lifecycle.ts';
import { factTable } from './fact-table.ts';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const diagram = (kind: string, lines: readonly string[]): string =>
  ['```mermaid', kind, ...lines.map((line) => `  ${line}`), '```'].join('\n');

const files = (pattern: string): readonly string[] => globSync(pattern).sort();

/** Everything that these files export, with the file it stands in. */
const exportsOf = async (paths: readonly string[]): Promise<readonly (readonly [name: string, value: unknown])[]> => {
  const modules: readonly Record<string, unknown>[] = await Promise.all(
    paths.map((path) => import(pathToFileURL(resolve(path)).href)),
  );
  return modules.flatMap((each) => Object.entries(each));
};

const isContract = (value: unknown): value is Contract =>
  typeof value === 'object' && value !== null && 'operation' in value && 'answers' in value && 'summary' in value;

const whoMay = (operation: Operation): string => {
  const row: AccessRow = access[operation];
  if (row.anyone) return 'anyone';
  const people = roles.flatMap((role) => (row[role] ? [row[role] === 'own' ? `${role} (own)` : role] : []));
  return [...people, ...(row.scope ? [`keys for \`${row.scope}\``] : [])].join(', ');
};

const routeSection = async (): Promise<string> => {
  const contracts = (await exportsOf(files('shared/*/*-contract.ts'))).map(([, value]) => value).filter(isContract);
  const summaryOf = (operation: string) => contracts.find((each) => each.operation === operation)?.summary ?? '';
  return table(
    ['route', 'what it does', 'who may call it', 'handler'],
    routes.map(({ operation, method, path, door }) => [
      `\`${method} ${path}\``,
      summaryOf(operation),
      whoMay(operation),
      `[${operation}](../functions/${door}/${operation}.ts)`,
    ]),
  );
};

const functionSection = (): string =>
  table(
    ['function', 'begins in', 'may'],
    functions.map(({ name, entry }) => [
      name,
      `[${entry}](../${entry})`,
      permissions[name].join(', ') || 'do nothing but answer',
    ]),
  );

const scheduleSection = (): string =>
  table(
    ['schedule', 'when', 'wakes'],
    schedules.map(({ name, expression, worker }) => [name, `\`${expression}\``, worker]),
  );

/** The tables at the top of whatever speaks to the table, as they are written there. */
const accessPatterns = (): readonly string[] =>
  files('shared/*/*.ts').flatMap((path) => {
    const rows = [...readFileSync(path, 'utf8').matchAll(/^ \* (\|.*\|)$/gm)].map((match) => match[1]);
    return rows[0]?.includes('access pattern') ? [`[${path}](../${path})\n\n${rows.join('\n')}`] : [];
  });

const isLifecycle = (name: string, value: unknown): value is Lifecycle<string> =>
  name.endsWith('Lifecycle') && typeof value === 'object';

const lifecycleSection = async (): Promise<string> => {
  const rules = files('shared/*/*.ts').filter((path) =>
    /^export const \w+Lifecycle\b/m.test(readFileSync(path, 'utf8')),
  );
  const found = (await exportsOf(rules)).flatMap(([name, value]) =>
    isLifecycle(name, value) ? [[name.replace('Lifecycle', ''), value] as const] : [],
  );
  return found
    .map(([noun, lifecycle]) => {
      const moves = Object.entries(lifecycle).flatMap(([from, next]) =>
        next.length > 0 ? next.map((to) => `${from} --> ${to}`) : [`${from} --> [*]`],
      );
      const [first] = Object.keys(lifecycle);
      return `### ${noun}\n\n${diagram('stateDiagram-v2', [`[*] --> ${first}`, ...moves])}`;
    })
    .join('\n\n');
};

interface State {
  readonly Next?: string;
  readonly End?: true;
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Default?: string;
}

const workflowIn = (path: string): string => {
  // Our own files; asl-validator checks them in the tests.
  const { StartAt, States } = JSON.parse(readFileSync(path, 'utf8')) as {
    StartAt: string;
    States: Record<string, State>;
  };
  const edges = Object.entries(States).flatMap(([name, state]) => [
    ...[state.Next, state.Default, ...(state.Choices ?? []).map((choice) => choice.Next)].flatMap((next) =>
      next ? [`${name} --> ${next}`] : [],
    ),
    ...(state.End ? [`${name} --> [*]`] : []),
    ...(state.Catch ?? []).map((caught) => `${name} --> ${caught.Next}: fails`),
  ]);
  const picture = diagram('stateDiagram-v2', [`[*] --> ${StartAt}`, ...edges]);
  return `### ${basename(path, '.asl.json')} of ${basename(dirname(path))}\n\n[${path}](../${path})\n\n${picture}`;
};

/** The reference, made from the code it describes; it is the same whatever machine it is made on. */
export const reference = async (): Promise<string> =>
  [
    '# Tandem: reference',
    'Made by `node docs/reference.ts` from the code; a test keeps it current. Do not edit it by hand.',
    '## Routes',
    await routeSection(),
    '## Functions',
    functionSection(),
    '## Schedules',
    scheduleSection(),
    '## Facts',
    factTable(),
    '## Access patterns',
    ...accessPatterns(),
    '## Lifecycles',
    await lifecycleSection(),
    '## Workflows',
    ...files('workflows/**/*.asl.json').map(workflowIn),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');

if (import.meta.main) writeFileSync('docs/reference.md', await reference());
