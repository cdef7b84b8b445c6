/** By how much a header such as Accept wants what fits: its `q`, 0 when nothing in it fits (RFC 9110, 12.4.2). */
const wanted = (header: string, fits: (name: string) => boolean): number =>
  header.split(',').reduce((most, range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (!fits(name)) return most;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return Math.max(most, quality ? Number(quality.slice(2)) || 0 : 1);
  }, 0);

/**
 * The choice that a header names and likes best; the first one where it names none. Ranges such as any/any say nothing. `fits` says
 * whether a name in the header, in small letters, means a choice.
 */
export const preferred = <Choice>(
  header: string,
  choices: readonly [Choice, ...Choice[]],
  fits: (name: string, choice: Choice) => boolean,
): Choice =>
  choices.reduce<{ choice: Choice; quality: number }>(
    (best, choice) => {
      const quality = wanted(header, (name) => fits(name, choice));
      return quality > best.quality ? { choice, quality } : best;
    },
    { choice: choices[0], quality: 0 },
  ).choice;
