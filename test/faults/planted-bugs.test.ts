import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { plantedBugs } from './list-of-planted-bugs.ts';
import { plantedTexts } from './plant.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

describe('when a bug of the list is planted', () => {
  test('then there are at least 25 to choose from, each with a name of its own', () => {
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
    expect(plantedBugs.length).toBeGreaterThanOrEqual(25);
  });

  test.each(plantedBugs)('then "$name" still fits the source, and what comes of it is a program', (bug) => {
    for (const [file, text] of plantedTexts(bug, read)) {
      expect(parseSync(file, text).errors).toEqual([]);
      expect(text).not.toBe(read(file));
    }
  });
});
