import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
// The package exports its modules only; this file, which is the whole page in one script, lies beside them.
const scalar = import.meta.resolve('@scalar/api-reference').replace(/\/dist\/.*$/, '/dist/browser/standalone.js');

/** Lays the script of /docs beside the bundle of the function that serves it, from where functions/docs/read-docs-script.ts reads it. */
export const addDocsScript = async (bundles: string): Promise<void> => {
  await writeFile(`${bundles}/docs/scalar.js.gz`, await compress(await readFile(fileURLToPath(scalar))));
};
