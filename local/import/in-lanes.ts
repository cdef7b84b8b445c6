/**
 * Acts on all items, at most `width` at a time, those of one lane one after the other in their given order. The first failure stops
 * what has not begun and is thrown when what has begun is over, so nothing goes on behind the caller's back.
 */
export async function inLanes<T>(
  items: readonly T[],
  { width, laneOf }: { readonly width: number; readonly laneOf: (item: T) => string },
  act: (item: T) => Promise<void>,
): Promise<void> {
  const lanes = [...Map.groupBy(items, laneOf).values()].values();
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (const lane of lanes) {
      for (const item of lane) {
        if (failures.length > 0) return;
        await act(item).catch((error: unknown) => failures.push(error));
      }
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  if (failures.length > 0) throw failures[0];
}
