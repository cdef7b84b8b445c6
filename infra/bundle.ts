import { rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import * as esbuild from 'esbuild';
import type { FunctionRow } from './functions.ts';

/** An ESM `import 'node:http'` makes Node load every export's origin, undici among them: 11 ms of a cold start. */
const builtins: esbuild.Plugin = {
  name: 'builtins',
  setup(build) {
    build.onResolve({ filter: /^[a-z]/ }, ({ path }) => (isBuiltin(path) ? { path, namespace: 'builtin' } : undefined));
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** A function's credentials are in its environment: the other places the SDK would search are 40 % of a bundle. */
const credentials: esbuild.Plugin = {
  name: 'credentials',
  setup(build) {
    build.onLoad({ filter: /credential-provider-node[/\\]dist-es[/\\]index\.js$/ }, ({ path }) => ({
      contents: `import { fromEnv } from '@aws-sdk/credential-provider-env';
export const defaultProvider = () => fromEnv();`,
      resolveDir: path.slice(0, -'index.js'.length),
    }));
  },
};

/** Bundles every function in one go into `<folder>/<name>/index.mjs`; what an earlier run left there is removed. */
export const bundleFunctions = async (rows: readonly FunctionRow[], folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: rows.map((row) => ({ in: row.entry, out: `${row.name}/index` })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    // pdfmake asks where it lives to shorten paths of its fonts, which are in the bundle; ESM has no such name.
    define: { __dirname: '"/"' },
    plugins: [builtins, credentials],
    logLevel: 'warning',
  });
};
