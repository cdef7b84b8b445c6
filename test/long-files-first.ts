import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes a minute or more. Begun last, one of them would run alone while the other core has nothing to do. */
const long = ['test/import/', 'test/faults/histories', 'test/faults/kills', 'test/journeys/', 'test/hostile/'];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = long.findIndex((part) => moduleId.includes(part));
  return at === -1 ? long.length : at;
};

/** Long files first, in this order; all else as Vitest would have it. A fresh machine remembers no durations to sort by. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
