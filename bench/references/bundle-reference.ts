import * as esbuild from 'esbuild';

/** Bundles a reference as anybody would: minified ESM with what the CDK's own construct sets, and none of our plugins. */
export const bundleReference = async (name: 'put-item' | 'usual-stack', folder: string): Promise<string> => {
  const outfile = `${folder}/${name}/index.mjs`;
  await esbuild.build({
    entryPoints: [`bench/references/${name}.ts`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    // CommonJS packages ask for `require`, which ESM does not have.
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
};
