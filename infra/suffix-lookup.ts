import { brotliDecompressSync } from 'node:zlib';

/** The rules below one top-level domain, without it: `co` for `co.uk`, `*` for `*.ck`, `!www` for its exception `www.ck`. */
type Rules = ReadonlySet<string>;

const none: Rules = new Set();

/** Twice as many as there are top-level domains; anybody may ask for any name. */
const mostKnown = 3_000;

const unpack = (packed: string): string =>
  `\n${brotliDecompressSync(Buffer.from(packed, 'base64')).toString('latin1')}\n`;

/**
 * Finds public suffixes by packed rules: brotli in base64, of one line for each top-level domain that has rules below it. They are
 * unpacked at the first question, and the rules of a top-level domain are taken apart at the first question about it.
 */
export const makeSuffixLookup = (packed: string): ((hostname: string) => string) => {
  let lines: string | undefined;
  const known = new Map<string, Rules>();

  const rulesBelow = (topLevel: string): Rules => {
    const ready = known.get(topLevel);
    if (ready) return ready;
    lines ??= unpack(packed);
    const name = `\n${topLevel} `;
    const start = lines.indexOf(name);
    const from = start + name.length;
    const rules = start < 0 ? none : new Set(lines.slice(from, lines.indexOf('\n', from)).split(' '));
    if (known.size < mostKnown) known.set(topLevel, rules);
    return rules;
  };

  return (hostname) => {
    const labels = hostname.split('.');
    const rules = rulesBelow(labels.at(-1) ?? '');
    const below = (from: number): string => labels.slice(from, -1).join('.');
    for (let from = 0; from < labels.length - 1; from += 1) {
      // An exception takes its own first label off the suffix, and goes before every other rule.
      if (rules.has(`!${below(from)}`)) return labels.slice(from + 1).join('.');
    }
    for (let from = 0; from < labels.length - 1; from += 1) {
      const rest = below(from + 1);
      const wildcard = rest === '' ? '*' : `*.${rest}`;
      if (rules.has(below(from)) || rules.has(wildcard)) return labels.slice(from).join('.');
    }
    return labels.at(-1) ?? '';
  };
};
