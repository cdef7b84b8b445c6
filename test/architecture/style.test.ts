import { describe, expect, test } from 'vitest';
import { routes } from '#functions/routes.ts';
import { schedules } from '#functions/schedules.ts';
import { functions } from '#infra/functions.ts';
import { access } from '#shared/core/access.ts';
import {
  type Contents,
  everyEntryIsDeployed,
  everyHandlerIsARoute,
  everyRouteIsComplete,
  everyStoreListsItsAccessPatterns,
} from './contents.ts';
import { everyNameHasOneHome, filesAreNamedForWhatTheyExport, namesSaySomething } from './names.ts';
import { everyTestRuns, nothingIsWavedThrough, rulesArePure, timeIsAnArgument } from './purity.ts';
import { filesTellOneStory, functionsFitOnAScreen } from './sizes.ts';
import { type Check, readSourceFiles, type SourceFile, sourceFile } from './source-files.ts';
import {
  heavyPackagesStayAlone,
  importsAreWrittenOneWay,
  importsStayInsideTheWalls,
  nothingImportsItself,
  onlyInfraKnowsCdk,
  onlyStoresNameKeys,
} from './walls.ts';

const house: Contents = { routes, schedules, functions, access: Object.keys(access) };

const rules: Readonly<Record<string, Check>> = {
  'imports stay inside the walls': importsStayInsideTheWalls,
  'imports are written one way': importsAreWrittenOneWay,
  'nothing imports itself, by whatever way': nothingImportsItself,
  'only stores name keys and say what is written': onlyStoresNameKeys,
  'heavy packages stay in the one function that needs them': heavyPackagesStayAlone(functions),
  'only infra knows the CDK': onlyInfraKnowsCdk,
  'rules, contracts and core are pure': rulesArePure,
  'time is an argument': timeIsAnArgument,
  'nothing is waved through': nothingIsWavedThrough,
  'every test runs': everyTestRuns,
  'files tell one story': filesTellOneStory,
  'functions fit on a screen': functionsFitOnAScreen,
  'names say something': namesSaySomething,
  'files are named for what they export': filesAreNamedForWhatTheyExport,
  'every name has one home': everyNameHasOneHome,
  'every store lists its access patterns': everyStoreListsItsAccessPatterns,
  'every route is complete': everyRouteIsComplete(house),
  'every handler is a route': everyHandlerIsARoute(house),
  'every entry is deployed': everyEntryIsDeployed(house),
};

describe('the house', () => {
  const files = readSourceFiles();

  test.each(Object.entries(rules))('%s', (_name, check) => {
    expect(check(files)).toEqual([]);
  });
});

/** `path` and text, as many files as the rule needs to see. */
type Planted = readonly (readonly [path: string, text: string])[];

const found = (check: Check, planted: Planted): number =>
  check(planted.map(([path, text]): SourceFile => sourceFile(path, text))).length;

const lines = (count: number): string => Array.from({ length: count }, (_, n) => `f(${n});`).join('\n');

const small: Contents = {
  routes: [{ operation: 'get-deal', door: 'deals', method: 'GET', path: '/v1/deals/{dealId}' }],
  access: ['get-deal'],
  functions: [{ name: 'deals', entry: 'functions/deals/door.ts' }],
  schedules: [],
};
const handlerText = "import { operation } from '#functions/http/door.ts';\nexport const getDeal = 1;";
const complete: Planted = [
  ['functions/deals/door.ts', "import { getDeal } from './get-deal.ts';\nexport const handler = 1;"],
  ['functions/deals/get-deal.ts', handlerText],
  ['shared/deals/deal-contract.ts', "contract({ operation: 'get-deal' });"],
];

describe('what is planted is found', () => {
  test.each<readonly [string, Check, Planted]>([
    ['core importing a noun', importsStayInsideTheWalls, [['shared/core/a.ts', "import '#shared/deals/deal.ts';"]]],
    [
      'a rule importing its own store, for a type only',
      importsStayInsideTheWalls,
      [['shared/deals/deal.ts', "import type { A } from './deal-store.ts';"]],
    ],
    [
      'a rule importing the platform',
      importsStayInsideTheWalls,
      [['shared/deals/deal.ts', "import '#shared/platform/table.ts';"]],
    ],
    [
      "a rule importing another noun's store",
      importsStayInsideTheWalls,
      [['shared/deals/deal.ts', "import '#shared/partners/partner-store.ts';"]],
    ],
    [
      "a contract importing another noun's contract",
      importsStayInsideTheWalls,
      [['shared/deals/deal-contract.ts', "import '#shared/partners/partner-contract.ts';"]],
    ],
    [
      'shared importing a door',
      importsStayInsideTheWalls,
      [['shared/deals/deal.ts', "import '#functions/http/door.ts';"]],
    ],
    [
      "a door importing another door's handler",
      importsStayInsideTheWalls,
      [['functions/deals/get-deal.ts', "import '#functions/partners/get-partner.ts';"]],
    ],
    [
      'a door importing a workflow',
      importsStayInsideTheWalls,
      [['functions/deals/get-deal.ts', "import '#workflows/sweep.ts';"]],
    ],
    [
      'the platform importing a noun',
      importsStayInsideTheWalls,
      [['shared/platform/a.ts', "import '#shared/deals/deal.ts';"]],
    ],
    ['infra importing a handler', importsStayInsideTheWalls, [['infra/app.ts', "import '#functions/deals/door.ts';"]]],
    [
      'a function importing the laptop',
      importsStayInsideTheWalls,
      [['workflows/sweep.ts', "import '#local/clock.ts';"]],
    ],
    ['the laptop importing a test', importsStayInsideTheWalls, [['local/start.ts', "import '#test/a.ts';"]]],
    [
      'a wall jumped by a late import',
      importsStayInsideTheWalls,
      [['shared/core/a.ts', "await import('#local/clock.ts');"]],
    ],
    ['an import that climbs', importsAreWrittenOneWay, [['infra/a.ts', "import '../functions/routes.ts';"]]],
    ['an import without extension', importsAreWrittenOneWay, [['infra/a.ts', "import './stages';"]]],
    [
      'a cycle of three',
      nothingImportsItself,
      [
        ['infra/a.ts', "import './b.ts';"],
        ['infra/b.ts', "import '#infra/c.ts';"],
        ['infra/c.ts', "import { A } from './a.ts';"],
      ],
    ],
    [
      'a handler that writes',
      onlyStoresNameKeys,
      [['functions/deals/get-deal.ts', "import { transact } from '#shared/platform/table.ts';"]],
    ],
    ['a worker that names keys', onlyStoresNameKeys, [['workflows/sweep.ts', 'f({ pk: id });']]],
    ['a worker that names keys in quotes', onlyStoresNameKeys, [['workflows/sweep.ts', "f({ 'sk': id });"]]],
    [
      'a handler that makes conditions',
      onlyStoresNameKeys,
      [['functions/deals/get-deal.ts', "import { is } from '#shared/platform/condition.ts';"]],
    ],
    [
      'a heavy package two imports behind a door',
      heavyPackagesStayAlone([{ name: 'deals', entry: 'functions/deals/door.ts' }]),
      [
        ['functions/deals/door.ts', "import './get-deal.ts';"],
        ['functions/deals/get-deal.ts', "import '#shared/program/guide.ts';"],
        ['shared/program/guide.ts', "import 'pdfmake';"],
      ],
    ],
    ['the CDK outside infra', onlyInfraKnowsCdk, [['local/a.ts', "import { App } from 'aws-cdk-lib';"]]],
    ['the CDK by a deep path', onlyInfraKnowsCdk, [['test/a.test.ts', "import 'aws-cdk-lib/assertions';"]]],
    ['a rule that knows AWS', rulesArePure, [['shared/deals/deal.ts', "import '@aws-sdk/client-sfn';"]]],
    ['a rule that reads files', rulesArePure, [['shared/deals/deal.ts', "import 'node:fs';"]]],
    ['a rule that waits', rulesArePure, [['shared/deals/deal.ts', 'export const f = async () => { await g(); };']]],
    ['a rule that reads its environment', rulesArePure, [['shared/deals/deal.ts', 'export const a = process.env.A;']]],
    ['a rule that throws dice', rulesArePure, [['shared/deals/deal.ts', 'export const a = Math.random();']]],
    ['core that calls the network', rulesArePure, [['shared/core/a.ts', "export const a = () => fetch('x');"]]],
    ['now, by the clock', timeIsAnArgument, [['functions/deals/get-deal.ts', 'const now = Date.now();']]],
    ['a date of today', timeIsAnArgument, [['shared/platform/a.ts', 'const now = new Date().toISOString();']]],
    ['a date of today, without new', timeIsAnArgument, [['shared/platform/a.ts', 'const now = Date();']]],
    ['an id of now', timeIsAnArgument, [['shared/deals/deal-store.ts', 'const id = ulid();']]],
    ['a clock of Temporal', timeIsAnArgument, [['workflows/sweep.ts', 'const now = Temporal.Now.instant();']]],
    ['any', nothingIsWavedThrough, [['local/a.ts', 'export const a = (b: any[]) => b;']]],
    ['a cast to any', nothingIsWavedThrough, [['test/a.test.ts', 'f(b as any);']]],
    ['a silenced compiler', nothingIsWavedThrough, [['local/a.ts', '// @ts-expect-error\nf();']]],
    ['a silenced linter', nothingIsWavedThrough, [['local/a.ts', '// biome-ignore lint: no\nf();']]],
    ['something left to do', nothingIsWavedThrough, [['local/a.ts', '// TODO: later\nf();']]],
    ['a skipped test', everyTestRuns, [['test/a.test.ts', "test.skip('a', () => {});"]]],
    ['a lonely suite', everyTestRuns, [['test/a.test.ts', "describe.only('a', () => {});"]]],
    ['a skipped table', everyTestRuns, [['test/a.test.ts', "test.skip.each([1])('a', () => {});"]]],
    ['a file of 251 lines', filesTellOneStory, [['shared/deals/deal.ts', lines(251)]]],
    ['a function of 71 lines', functionsFitOnAScreen, [['local/a.ts', `const f = () => {\n${lines(69)}\n};`]]],
    ['a method of 71 lines', functionsFitOnAScreen, [['infra/a.ts', `class A { f() {\n${lines(69)}\n} }`]]],
    ['a function of four things', functionsFitOnAScreen, [['infra/a.ts', 'function f(a, b, c, d) {}']]],
    ['camel case', namesSaySomething, [['shared/deals/dealStore.ts', '']]],
    ['a folder of helpers', namesSaySomething, [['shared/helpers/deal.ts', '']]],
    ['date-utils', namesSaySomething, [['shared/core/date-utils.ts', '']]],
    ['an index', namesSaySomething, [['shared/deals/index.ts', '']]],
    ['types', namesSaySomething, [['shared/deals/types.ts', '']]],
    [
      'a file named for something else',
      filesAreNamedForWhatTheyExport,
      [['shared/deals/deal-store.ts', 'export const journal = 1;']],
    ],
    [
      'a store that does not say what it asks',
      everyStoreListsItsAccessPatterns,
      [['shared/deals/deal-store.ts', 'export const getDeal = () => read([keyOf(id)]);']],
    ],
    ['a default export', everyNameHasOneHome, [['local/a.ts', 'export default 1;']]],
    ['a barrel', everyNameHasOneHome, [['local/a.ts', "export * from './b.ts';"]]],
    ['a name handed on', everyNameHasOneHome, [['local/a.ts', "export { b } from './b.ts';"]]],
  ])('%s', (_label, check, planted) => {
    expect(found(check, planted)).toBe(1);
  });

  const without = (path: string): Planted => complete.filter(([each]) => each !== path);
  const route = (changes: Partial<Contents['routes'][number]>): Contents => ({
    ...small,
    routes: [...small.routes, { operation: 'get-deal', door: 'deals', method: 'GET', path: '/v1/deals', ...changes }],
  });

  test.each<readonly [string, Check, Planted]>([
    ['a route without handler', everyRouteIsComplete(small), without('functions/deals/get-deal.ts')],
    ['a route without contract', everyRouteIsComplete(small), without('shared/deals/deal-contract.ts')],
    ['a route without access', everyRouteIsComplete({ ...small, access: [] }), complete],
    ['access without a route', everyRouteIsComplete({ ...small, access: ['get-deal', 'a'] }), complete],
    ['an operation listed twice', everyRouteIsComplete(route({})), complete],
    [
      'two contracts for one operation',
      everyRouteIsComplete(small),
      [...complete, ['shared/partners/partner-contract.ts', "contract({ operation: 'get-deal' });"]],
    ],
    [
      'a handler without route',
      everyHandlerIsARoute(small),
      [...complete, ['functions/deals/drop-deal.ts', handlerText]],
    ],
    [
      'a handler that its door does not know',
      everyRouteIsComplete(small),
      [...without('functions/deals/door.ts'), ['functions/deals/door.ts', 'export const handler = 1;']],
    ],
    ['a door without function', everyEntryIsDeployed({ ...small, functions: [] }), complete],
    ['a function without door', everyEntryIsDeployed(small), without('functions/deals/door.ts')],
    [
      'a worker that nobody deploys',
      everyEntryIsDeployed(small),
      [...complete, ['workflows/a.ts', 'export const handler = 1;']],
    ],
    [
      'a schedule that wakes nobody',
      everyEntryIsDeployed({ ...small, schedules: [{ name: 'sweep', worker: 'sweep' }] }),
      complete,
    ],
  ])('%s', (_label, check, planted) => {
    expect(found(check, planted)).toBe(1);
  });
});

describe('what is right is let through', () => {
  test('a complete house', () => {
    const checks = [everyRouteIsComplete(small), everyHandlerIsARoute(small), everyEntryIsDeployed(small)];
    expect(checks.map((check) => found(check, complete))).toEqual([0, 0, 0]);
  });

  test.each<readonly [string, Planted]>([
    [
      'a command from door to table',
      [
        [
          'functions/deals/register-deal.ts',
          "import { insertDeal } from '#shared/deals/deal-store.ts';\nexport const registerDeal = 1;",
        ],
        [
          'shared/deals/deal-store.ts',
          "import { transact } from '#shared/platform/table.ts';\nconst keyOf = (id: string) => ({ pk: id, sk: 'deal' });\nexport const insertDeal = 1;",
        ],
        [
          'shared/deals/deal.ts',
          "import { Program } from '#shared/program/program.ts';\nimport { createHash } from 'node:crypto';\nexport const Deal = new Date(at);",
        ],
      ],
    ],
    [
      'a worker that takes keys out of an item',
      [['workflows/sweep.ts', 'export const sweep = ({ pk: _pk, ...told }) => told;']],
    ],
    ['the clock of the laptop', [['local/clock.ts', 'export const clock = () => Date.now();']]],
    [
      'a function of 70 lines with three things',
      [['local/a.ts', `export const a = (b: B, c: C, d: D) => {\n${lines(68)}\n};`]],
    ],
    ['a file of 250 lines', [['local/a.ts', `export const a = 1;\n${lines(249)}`]]],
    ['words in a text', [['local/a.ts', "export const a = 'Date.now() as any, index, ../x';"]]],
  ])('%s', (_label, planted) => {
    const files = planted.map(([path, text]) => sourceFile(path, text));
    const general = Object.entries(rules).filter(([name]) => !name.startsWith('every ') && !name.startsWith('heavy'));
    expect(general.flatMap(([, check]) => check(files))).toEqual([]);
  });
});
