import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFunctions } from '#infra/bundle.ts';
import { doors, functions } from '#infra/functions.ts';
import type { Finding } from './figure.ts';
import { bundleReference } from './references/bundle-reference.ts';

const folder = '.local/bench/bundles';

/** pdfmake and its fonts: what is heavy has a function of its own (ARCHITECTURE §6), so that no other door carries it. */
const heavyDoors: ReadonlySet<string> = new Set(['guide', 'scorecards', 'statements']);

/** Everything that a function loads or reads: what stands beside the bundle counts as the bundle does. */
const bytesIn = async (place: string): Promise<number> => {
  const entries = await readdir(place, { withFileTypes: true });
  const sizes = await Promise.all(entries.map(async (entry) => (await stat(join(place, entry.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

/** Bundle sizes in bytes against the bare SDK's. Deterministic for one lock file. */
export const measureSize = async (): Promise<Finding> => {
  await bundleFunctions(functions, folder);
  const reference = (await stat(await bundleReference('put-item', `${folder}/references`))).size;
  const isDoor = (name: string): boolean => doors.some((door) => door === name);
  const rows = await Promise.all(
    functions.map(async ({ name }) => {
      const bytes = await bytesIn(join(folder, name));
      const kind = heavyDoors.has(name) ? 'heavy door' : isDoor(name) ? 'door' : 'worker';
      return { function: name, kind, bytes, ratio: Number((bytes / reference).toFixed(3)) };
    }),
  );
  rows.sort((a, b) => b.bytes - a.bytes);
  const largest = rows.find((row) => row.kind === 'door');
  if (!largest) throw new Error('There is no door.');
  const note =
    `${largest.function}, ${largest.bytes} bytes, against ${reference}; without ${[...heavyDoors].join(', ')}, ` +
    'which carries pdfmake alone so that no other does, and without the page of /docs, a file that no code loads';
  return {
    figures: [
      {
        name: 'largest bundle behind a door ÷ bare SDK',
        value: largest.bytes / reference,
        must: 1.6,
        stretch: 1.3,
        note,
      },
    ],
    details: [...rows, { function: 'reference: bare SDK', kind: 'reference', bytes: reference, ratio: 1 }],
  };
};
