/** Something the person at the command line can mend: what is wrong, and what to do next. */
export class ImportError extends Error {
  readonly advice: string;

  constructor(message: string, advice: string) {
    super(message);
    this.name = 'ImportError';
    this.advice = advice;
  }
}
