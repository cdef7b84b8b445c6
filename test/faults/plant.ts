import type { PlantedBug } from './list-of-planted-bugs.ts';

/** The texts of the files that a bug changes, once it is planted. Throws where a file does not say, exactly once, what the bug replaces. */
export const plantedTexts = (bug: PlantedBug, read: (file: string) => string): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>();
  for (const [file, from, to] of bug.patches) {
    const text = texts.get(file) ?? read(file);
    const places = text.split(from).length - 1;
    if (places !== 1) throw new Error(`"${bug.name}": ${file} says ${places} times: ${from}`);
    texts.set(
      file,
      text.replace(from, () => to),
    );
  }
  return texts;
};
