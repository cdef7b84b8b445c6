import { type Check, finding, type SourceFile } from './source-files.ts';

const saysNothing = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc']);
const saysNothingAlone = new Set(['index', 'lib', 'types']);

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|spec|d))?\.tsx?$/;
const kebabFolder = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** `deal-store.test.ts` is `deal-store`. */
const stem = (name: string): string => name.replace(/(\.(test|spec|d))?\.tsx?$/, '');

const isEmptyName = (name: string): boolean =>
  saysNothingAlone.has(name) || name.split('-').some((word) => saysNothing.has(word));

export const namesSaySomething: Check = (files) =>
  files.flatMap((file) => {
    const segments = file.path.split('/');
    const name = segments.at(-1) ?? '';
    return [
      ...(kebab.test(name) && segments.slice(0, -1).every((folder) => kebabFolder.test(folder))
        ? []
        : [finding(file, 1, 'names are kebab-case')]),
      ...[...segments.slice(0, -1), stem(name)].filter(isEmptyName).map((it) => finding(file, 1, `${it} says nothing`)),
    ];
  });

/** `customerLocks`, `CustomerLock` and `customer-lock` are of the same words. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_]/)
    .map((word) => word.slice(0, 4));

/**
 * Core and platform are vocabularies, named for their subject. What runs on its own (a program, a test, a function's entry) is
 * named for what it does.
 */
const isNamedOtherwise = (file: SourceFile): boolean =>
  /^(test|shared\/(core|platform))\//.test(file.path) ||
  new Set(file.exports.map(({ name }) => name)).size !== 1 ||
  file.exports.some(({ name }) => name === 'handler');

/** A file that exports one thing shares a word with it, so that whoever looks for one finds the other. */
export const filesAreNamedForWhatTheyExport: Check = (files) =>
  files
    .filter((file) => !isNamedOtherwise(file))
    .filter((file) => {
      const words = wordsOf(stem(file.path.split('/').at(-1) ?? ''));
      return !file.exports.some(({ name }) => wordsOf(name).some((word) => words.includes(word)));
    })
    .map((file) => finding(file, 1, `exports only ${file.exports[0]?.name}`));

/** Import the file you mean: no default exports, and no file that only hands on what others export. */
export const everyNameHasOneHome: Check = (files) =>
  files.flatMap((file) =>
    file.exports
      .filter(({ name, fromElsewhere }) => name === 'default' || fromElsewhere)
      .map(({ name, line }) =>
        finding(file, line, name === 'default' ? 'a default export has no name' : 'hands on what another file exports'),
      ),
  );
