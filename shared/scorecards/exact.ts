/** An exact figure: `of` divided by `by`, which is more than 0. Undefined: there is nothing to tell it from. */
export type Exact = { readonly of: number; readonly by: number } | undefined;

/** Rounded half-even. */
export const rounded = (exact: Exact): number | undefined => {
  if (exact === undefined) return undefined;
  const below = Math.floor(exact.of / exact.by);
  const twiceRest = 2 * (exact.of - below * exact.by);
  return below + (twiceRest > exact.by || (twiceRest === exact.by && below % 2 !== 0) ? 1 : 0);
};

/** Whether a figure is at least so much of its target, told without rounding: percentages have four decimals at most. */
export const reaches = ({ of, by }: NonNullable<Exact>, target: number, percent: number): boolean => {
  const tenThousandths = Math.round(percent * 10_000);
  const [figure, needed] = [of * 1_000_000, target * by * tenThousandths];
  if (Number.isSafeInteger(figure) && Number.isSafeInteger(needed)) return figure >= needed;
  return BigInt(of) * 1_000_000n >= BigInt(target) * BigInt(by) * BigInt(tenThousandths);
};
