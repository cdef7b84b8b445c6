import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Node, type Program, parseSync } from 'oxc-parser';

export interface Import {
  /** The file from the repository's root, or the package's name. */
  readonly target: string;
  readonly isOurs: boolean;
  /** As it is written. */
  readonly specifier: string;
  /** What is taken from it; none when everything is. */
  readonly names: readonly string[];
  /** Erased before anything runs. */
  readonly isType: boolean;
  readonly line: number;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Names that the file exports; `*` and `default` are told as such. */
  readonly exports: readonly { readonly name: string; readonly fromElsewhere: boolean; readonly line: number }[];
  readonly program: Program;
  readonly lineAt: (offset: number) => number;
}

/** What breaks a rule: `path:line: message`. */
export type Finding = string;
export type Check = (files: readonly SourceFile[]) => readonly Finding[];

const roots = ['shared', 'functions', 'workflows', 'infra', 'local', 'portal', 'test', 'bench', 'docs'];

/** Where `#shared/…` and relative specifiers lead, from the repository's root; undefined for packages. */
const ownPath = (specifier: string, importer: string): string | undefined => {
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('.') ? normalize(join(dirname(importer), specifier)) : undefined;
};

/** `@aws-sdk/lib-dynamodb/dist` is of the package `@aws-sdk/lib-dynamodb`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Throws when the file is not TypeScript that parses. */
export const sourceFile = (path: string, text: string): SourceFile => {
  const { program, module, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const importOf = (specifier: string, start: number): Import => {
    const target = ownPath(specifier, path);
    const isOurs = target !== undefined;
    return { target: target ?? packageOf(specifier), isOurs, specifier, names: [], isType: false, line: lineAt(start) };
  };
  const statics = module.staticImports.map(({ moduleRequest, start, entries }) => ({
    ...importOf(moduleRequest.value, start),
    names: entries.flatMap((entry) => entry.importName.name ?? []),
    isType: entries.length > 0 && entries.every((entry) => entry.isType),
  }));
  const dynamics = module.dynamicImports.flatMap(({ moduleRequest, start }) => {
    const written = text.slice(moduleRequest.start, moduleRequest.end);
    return /^['"]/.test(written) ? [importOf(written.slice(1, -1), start)] : [];
  });
  return {
    path,
    text,
    program,
    lineAt,
    lines: text.trimEnd().split('\n').length,
    imports: [...statics, ...dynamics],
    exports: module.staticExports
      .flatMap((each) => each.entries)
      .map((entry) => ({
        name: entry.exportName.kind === 'Name' ? (entry.exportName.name ?? '*') : entry.exportName.kind.toLowerCase(),
        fromElsewhere: entry.moduleRequest !== null,
        line: lineAt(entry.start),
      })),
  };
};

/** Every TypeScript file of ours, as it is on the disk. */
export const readSourceFiles = (): readonly SourceFile[] =>
  roots.flatMap((root) => pathsUnder(root, /\.tsx?$/)).map((path) => sourceFile(path, readFileSync(path, 'utf8')));

/** The files under a folder whose names match, from the repository's root; none when there is no such folder. */
export const pathsUnder = (folder: string, name: RegExp): readonly string[] => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && name.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
};

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Every node of a file's syntax tree, parents before children. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesOf(child);
  }
}

export const finding = (file: SourceFile, line: number, message: string): Finding => `${file.path}:${line}: ${message}`;

/** The text of a node as it is written. */
export const textOf = (file: SourceFile, node: Node): string => file.text.slice(node.start, node.end);
