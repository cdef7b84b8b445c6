import { contracts } from '#functions/docs/contracts.ts';
import { bodyExamples } from '#functions/docs/examples.ts';
import type { Operation } from '#shared/core/access.ts';

/** Words for every kind of text field; each carries the mark of whose they are. */
export interface Words {
  readonly text: string;
  readonly email: string;
  readonly website: string;
}

export const wordsOf = (mark: string, serial: number): Words => ({
  text: `${mark} said so`,
  email: `ada.${mark}@${mark}.example`,
  website: `https://www.${mark}-${serial}.example`,
});

type Kind = keyof Words | 'kept';

interface Leaf {
  readonly path: readonly string[];
  readonly kind: Kind;
}

/** Names of the program's own things: another text there is refused for what it is, before anything else is tried. */
const namesOfTheProgram = /^(productLine|region|tier|types|segment|version|countryCode|currency|source)$/;

/** Paths to everything in a value that is neither object nor list. */
export const leavesOf = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
    : [path];

export const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], value);

/** A copy with something else at one place. */
export const put = (value: unknown, [step, ...steps]: readonly string[], what: unknown): unknown => {
  if (step === undefined) return what;
  // Places are reached through objects and arrays only.
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  copy[step] = put(copy[step], steps, what);
  return copy;
};

/** What kind of words each text field of an operation takes, by trying: so a new operation needs no word here. */
const leavesFor = (operation: Operation): readonly Leaf[] => {
  const example = bodyExamples[operation];
  const schema = contracts.find((it) => it.operation === operation)?.body;
  const words = wordsOf('mark', 1);
  return leavesOf(example).map((path) => {
    const keep = path.some((step) => namesOfTheProgram.test(step)) || typeof at(example, path) !== 'string';
    const tried = keep ? [] : (['website', 'email', 'text'] as const);
    const kind = tried.find((it) => schema?.safeParse(put(example, path, words[it])).success) ?? 'kept';
    return { path, kind };
  });
};

const known = new Map<Operation, readonly Leaf[]>();

/** A right body of an operation whose every text is somebody's; undefined where it takes none. */
export const markedBody = (operation: Operation, words: Words): unknown => {
  const example = bodyExamples[operation];
  if (example === undefined) return undefined;
  const leaves = known.get(operation) ?? leavesFor(operation);
  known.set(operation, leaves);
  return leaves.reduce<unknown>(
    (body, { path, kind }) => (kind === 'kept' ? body : put(body, path, words[kind])),
    example,
  );
};
