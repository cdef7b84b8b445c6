import { bundleFunctions } from '#infra/bundle.ts';
import { functions } from '#infra/functions.ts';

const [out, ...names] = process.argv.slice(2);
await bundleFunctions(
  functions.filter(({ name }) => names.length === 0 || names.includes(name)),
  out,
);
