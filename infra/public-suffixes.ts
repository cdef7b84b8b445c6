import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import type { Plugin } from 'esbuild';

/** The list as tldts ships it: the edges of a node stand side by side, and so do their labels in one text. */
interface Trie {
  readonly nodeFlags: Uint8Array;
  readonly edgeStart: Uint16Array;
  readonly edgeLength: Uint8Array;
  readonly edgeChild: Uint16Array;
  readonly labelText: string;
  readonly rulesRoot: number;
  readonly exceptionsRoot: number;
}

/** Every rule of the list, as `co.uk`, `*.ck` and, with a mark, `!www.ck`; names in other scripts only as `xn--…`, as hosts are written. */
export const rulesIn = (trie: Trie): readonly string[] => {
  const starts: number[] = [];
  let position = 0;
  for (const length of trie.edgeLength) {
    starts.push(position);
    position += length;
  }
  const below = (node: number, parent: string): readonly string[] =>
    Array.from(trie.edgeChild.subarray(trie.edgeStart[node], trie.edgeStart[node + 1]), (child, index) => {
      const edge = (trie.edgeStart[node] ?? 0) + index;
      const start = starts[edge] ?? 0;
      const name = trie.labelText.slice(start, start + (trie.edgeLength[edge] ?? 0)) + parent;
      return [...(trie.nodeFlags[child] ? [name] : []), ...below(child, `.${name}`)];
    }).flat();
  const exceptions = below(trie.exceptionsRoot, '').map((name) => `!${name}`);
  return [...below(trie.rulesRoot, ''), ...exceptions].filter((rule) => /^[!-~]+$/.test(rule));
};

const pack = (rules: readonly string[]): string => {
  const lines = Map.groupBy(
    rules.filter((rule) => rule.includes('.')),
    (rule) => rule.slice(rule.lastIndexOf('.') + 1),
  );
  const text = [...lines].map(([topLevel, names]) => {
    const below = names.map((name) => name.slice(0, -topLevel.length - 1)).sort();
    return `${topLevel} ${below.join(' ')}`;
  });
  return brotliCompressSync(text.join('\n')).toString('base64');
};

/**
 * tldts carries its list as arrays of 125 kB, of which it makes an index when it is loaded: a quarter of a bundle and several
 * milliseconds of every cold start. In a bundle the same rules are packed, and looked at when somebody asks.
 */
export const publicSuffixes: Plugin = {
  name: 'public-suffixes',
  setup(build) {
    build.onLoad({ filter: /tldts[/\\]dist[/\\]es6[/\\]src[/\\]suffix-trie\.js$/ }, async ({ path }) => {
      const resolveDir = path.slice(0, -'suffix-trie.js'.length);
      const trie: Trie = await import(pathToFileURL(`${resolveDir}data/trie.js`).href);
      return {
        contents: `import { makeSuffixLookup } from ${JSON.stringify(`${import.meta.dirname}/suffix-lookup.ts`)};
const suffixOf = makeSuffixLookup(${JSON.stringify(pack(rulesIn(trie)))});
export default (hostname, _options, out) => {
  out.publicSuffix = suffixOf(hostname);
};`,
        resolveDir,
      };
    });
  },
};
