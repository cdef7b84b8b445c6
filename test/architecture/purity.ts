import type { Node } from 'oxc-parser';
import { type Check, finding, nodesOf, type SourceFile, textOf } from './source-files.ts';
import { placeOf } from './walls.ts';

/** Node's modules that compute and do nothing else. */
const harmless = new Set(['node:crypto', 'node:url', 'node:util']);

const isPure = ({ path }: SourceFile): boolean => ['core', 'rules', 'contract'].includes(placeOf(path).role);

/** Machine time and chance belong to the laptop, to tests and to measurements; everybody else is told. */
const mayReadClock = ({ path }: SourceFile): boolean => /^(local|test|bench|portal|docs)\//.test(path);

const clockCalls = /^(Date\.now|performance\.now|process\.hrtime(\.bigint)?|Temporal\.Now\..+)$/;
const impureCalls =
  /^(fetch|setTimeout|setInterval|setImmediate|queueMicrotask|Math\.random|randomUUID|randomBytes|crypto\.(randomUUID|randomBytes|getRandomValues)|console\..+)$/;

const calleeOf = (file: SourceFile, node: Node): string | undefined =>
  node.type === 'CallExpression' ? textOf(file, node.callee) : undefined;

const readsClock = (file: SourceFile, node: Node): boolean => {
  if (node.type === 'NewExpression') return textOf(file, node.callee) === 'Date' && node.arguments.length === 0;
  const callee = calleeOf(file, node);
  if (callee === undefined || node.type !== 'CallExpression') return false;
  return clockCalls.test(callee) || (/^(ulid|Date)$/.test(callee) && node.arguments.length === 0);
};

/** Time comes with the event, so that it can be moved: see ARCHITECTURE §2, rule 7. */
export const timeIsAnArgument: Check = (files) =>
  files
    .filter((file) => !mayReadClock(file))
    .flatMap((file) =>
      [...nodesOf(file.program)]
        .filter((node) => readsClock(file, node))
        .map((node) => finding(file, file.lineAt(node.start), `${textOf(file, node)} reads a clock`)),
    );

const impurePackage = (target: string): boolean =>
  /^(@aws-sdk|@smithy|@aws-lambda-powertools|@middy)\//.test(target) ||
  (target.startsWith('node:') && !harmless.has(target));

/** Rules, contracts and core take values and give values: no AWS, no disk, no network, no chance, no environment. */
export const rulesArePure: Check = (files) =>
  files
    .filter(isPure)
    .flatMap((file) => [
      ...file.imports
        .filter(({ target }) => impurePackage(target))
        .map(({ target, line }) => finding(file, line, `a rule may not import ${target}`)),
      ...[...nodesOf(file.program)]
        .filter(
          (node) =>
            impureCalls.test(calleeOf(file, node) ?? '') ||
            (node.type === 'MemberExpression' && textOf(file, node) === 'process.env') ||
            node.type === 'AwaitExpression',
        )
        .map((node) =>
          finding(file, file.lineAt(node.start), `a rule may not do ${textOf(file, node).split('\n')[0]}`),
        ),
    ]);

const escapes: readonly (readonly [RegExp, string])[] = [
  [/@ts-(ignore|expect-error|nocheck)/g, 'silences the compiler'],
  [/biome-ignore|eslint-disable/g, 'silences the linter'],
  [/\b(TODO|FIXME|XXX)\b/g, 'leaves something to do'],
];

/** Nothing is waved through: not by `any`, not by a comment, not for later. */
export const nothingIsWavedThrough: Check = (files) =>
  files.flatMap((file) => [
    ...[...nodesOf(file.program)]
      .filter((node) => node.type === 'TSAnyKeyword')
      .map((node) => finding(file, file.lineAt(node.start), '`any` says nothing')),
    ...(file.path.startsWith('test/architecture/')
      ? []
      : escapes.flatMap(([pattern, message]) =>
          [...file.text.matchAll(pattern)].map((match) => finding(file, file.lineAt(match.index), message)),
        )),
  ]);

const leavesOut = /^(it|test|describe)\.(skip|only|todo)$/;

/** A test that does not run proves nothing, and one that runs alone hides the others. */
export const everyTestRuns: Check = (files) =>
  files
    .filter((file) => file.path.endsWith('.test.ts'))
    .flatMap((file) =>
      [...nodesOf(file.program)]
        .filter((node) => node.type === 'MemberExpression' && leavesOut.test(textOf(file, node)))
        .map((node) => finding(file, file.lineAt(node.start), `${textOf(file, node)} leaves tests out`)),
    );
