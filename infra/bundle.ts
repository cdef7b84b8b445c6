import { readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import * as esbuild from 'esbuild';
import type { FunctionRow } from './functions.ts';
import { publicSuffixes } from './public-suffixes.ts';

/**
 * An ESM `import 'node:http'` makes Node load every export's origin, undici among them: 11 ms of a cold start. Of what is imported by its
 * name only that name is taken, since esbuild copies all names of what it thinks is CommonJS, for which Node has hundreds.
 */
const builtins: esbuild.Plugin = {
  name: 'builtins',
  setup(build) {
    build.onResolve({ filter: /^[a-z]/ }, ({ path, kind }) =>
      isBuiltin(path) ? { path, namespace: kind === 'import-statement' ? 'builtin' : 'required-builtin' } : undefined,
    );
    const taken = (path: string): string => `process.getBuiltinModule(${JSON.stringify(path)})`;
    build.onLoad({ filter: /.*/, namespace: 'required-builtin' }, ({ path }) => ({
      contents: `module.exports = ${taken(path)};`,
    }));
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter((name) => name !== 'default');
      const named = names.map((name) => `export const ${name} = /* @__PURE__ */ named(${JSON.stringify(name)});`);
      const contents = `const all = ${taken(path)};\nconst named = (name) => all[name];\nexport default all;\n`;
      return { contents: contents + named.join('\n') };
    });
  },
};

/** Puts something small in the place of a module that a function would carry and never need. */
const instead = (name: string, filter: RegExp, contents: string): esbuild.Plugin => ({
  name,
  setup(build) {
    build.onLoad({ filter }, ({ path }) => ({ contents, resolveDir: dirname(path) }));
  },
});

/** A function's credentials are in its environment: the other places the SDK would search are 40 % of a bundle. */
const credentials = instead(
  'credentials',
  /credential-provider-node[/\\]dist-es[/\\]index\.js$/,
  `import { fromEnv } from '@aws-sdk/credential-provider-env';
export const defaultProvider = () => fromEnv();`,
);

/** A function has no home folder with profiles in it; the SDK would look for two files for each of its settings. */
const profiles = instead(
  'profiles',
  /shared-ini-file-loader[/\\]loadSharedConfigFiles\.js$/,
  `export { CONFIG_PREFIX_SEPARATOR } from './constants';
export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
);

/** Nobody reads what the SDK would log: a copy of each request and of its answer. */
const sdkLog = instead(
  'sdk-log',
  /middleware-logger[/\\]loggerMiddleware\.js$/,
  `export const loggerMiddleware = undefined;
export const loggerMiddlewareOptions = undefined;
export const getLoggerPlugin = () => ({ applyToStack: () => {} });`,
);

/** DynamoDB's endpoints follow from the region; nobody asks the service for them, and nothing is kept of its answers. */
const endpointCache = instead(
  'endpoint-cache',
  /endpoint-cache[/\\]dist-es[/\\]index\.js$/,
  'export class EndpointCache {}',
);

/**
 * Nothing we call answers with an event stream, though S3's client asks for the part. The SDK loads it when it is first needed, for
 * which esbuild has to keep everything it shares with the rest apart, as modules that are set up one by one.
 */
const eventStreams = instead(
  'event-streams',
  /submodules[/\\]event-streams[/\\]index\.js$/,
  `export const EventStreamSerde = undefined;
export const eventStreamSerdeProvider = () => undefined;
export const resolveEventStreamSerdeConfig = (config) => config;`,
);

/** Only the two letters of a country are asked for, which come first in each row of the list. */
const countryCodes: esbuild.Plugin = {
  name: 'country-codes',
  setup(build) {
    build.onLoad({ filter: /i18n-iso-countries[/\\]codes\.json$/ }, async ({ path }) => {
      const rows: readonly (readonly string[])[] = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify(rows.map(([twoLetters]) => [twoLetters])), loader: 'json' };
    });
  },
};

/**
 * Files of the package that lays out NACHA files assign names that they never declare, in functions too, which a module does not allow. A
 * name that a function does declare is its own all the same.
 */
const undeclaredNames: esbuild.Plugin = {
  name: 'undeclared-names',
  setup(build) {
    build.onLoad({ filter: /node-nacha[/\\]lib[/\\].*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const assigned = source.matchAll(/(?:^\s*|\bfor \()(\w+) (?:=|of|in) /gm);
      const names = new Set(Array.from(assigned, ([, name]) => name));
      return { contents: names.size === 0 ? source : `var ${[...names].join(', ')};\n${source}` };
    });
  },
};

/** The door that tells the contracts as JSON schemas. */
const toldAsSchemas = 'docs';

/** zod can write each of its schemas as a JSON schema, which only one door asks for: a twentieth of every other bundle. */
const jsonSchemas: esbuild.Plugin = {
  name: 'json-schemas',
  setup(build) {
    build.onLoad(
      { filter: /zod[/\\]v4[/\\]core[/\\](json-schema-processors|to-json-schema)\.js$/ },
      async ({ path }) => {
        const names = (await readFile(path, 'utf8')).matchAll(/^export (?:const|function) (\w+)/gm);
        return { contents: Array.from(names, ([, name]) => `export const ${name} = undefined;`).join('\n') };
      },
    );
  },
};

/**
 * zod writes a function for each schema at its first use and compiles it: work that pays after hundreds of requests, and that every
 * cold start would do again. zod keeps its settings here and looks when it is loaded, so this stands before everything else in a bundle.
 */
const schemasAsTheyAre = 'globalThis.__zod_globalConfig={jitless:true};';

const plugins = [
  builtins,
  credentials,
  profiles,
  sdkLog,
  endpointCache,
  eventStreams,
  publicSuffixes,
  countryCodes,
  undeclaredNames,
];

/** Bundles every function in one go into `<folder>/<name>/index.mjs`; what an earlier run left there is removed. */
export const bundleFunctions = async (rows: readonly FunctionRow[], folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  const bundle = (some: readonly FunctionRow[], more: readonly esbuild.Plugin[]) =>
    esbuild.build({
      entryPoints: some.map((row) => ({ in: row.entry, out: `${row.name}/index` })),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      mainFields: ['module', 'main'],
      banner: { js: schemasAsTheyAre },
      minify: true,
      legalComments: 'none',
      // pdfmake asks where it lives to shorten paths of its fonts, which are in the bundle; ESM has no such name.
      // Answers come as Node's own streams: only to ask whether one is the web's makes Node load that whole part, which takes 2 ms.
      define: { __dirname: '"/"', ReadableStream: 'undefined', Blob: 'undefined' },
      plugins: [...plugins, ...more],
      logLevel: 'warning',
    });
  const [telling, silent] = [true, false].map((is) => rows.filter(({ name }) => (name === toldAsSchemas) === is));
  await Promise.all([bundle(telling ?? [], []), bundle(silent ?? [], [jsonSchemas])]);
};
