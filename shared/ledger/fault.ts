/** Something that is wrong with what is stored. */
export interface Fault {
  /** The invariant of QUALITY.md that does not hold. */
  readonly breaks: 'I1' | 'I2' | 'I3' | 'I4' | 'I8';
  /** The item, thing or account that is wrong. */
  readonly item: string;
  readonly wrong: string;
  /** What would be right, where that can be told. */
  readonly right?: string;
}

export const tellFault = ({ breaks, item, wrong, right }: Fault): string =>
  `${breaks}: ${item}: ${wrong}${right === undefined ? '' : `; right would be ${right}`}`;
