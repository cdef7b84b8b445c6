import { open } from 'node:fs/promises';

/**
 * The lines of a file, read as they are asked for: a reader that is begun before anybody asks tells its first lines to nobody. Throws when
 * there is no such file.
 */
export async function* linesOfFile(path: string): AsyncGenerator<string> {
  const file = await open(path);
  yield* file.readLines();
}
