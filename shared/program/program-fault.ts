/** A fault of the program: where (keys and indexes from the root) and what, as the end of a sentence that begins with the place. */
export interface ProgramFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}
