/** `part` of `whole` (above 0) as a whole number, rounded half-even. */
export const roundedShare = (part: bigint, whole: bigint): bigint => {
  const size = part < 0n ? -part : part;
  const [quotient, twiceRest] = [size / whole, (size % whole) * 2n];
  const up = twiceRest > whole || (twiceRest === whole && quotient % 2n === 1n);
  const rounded = quotient + (up ? 1n : 0n);
  return part < 0n ? -rounded : rounded;
};
