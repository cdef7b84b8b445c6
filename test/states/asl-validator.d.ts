/** The package ships no types of its own. */
declare module 'asl-validator' {
  function validate(definition: unknown): { readonly isValid: boolean; readonly errors: readonly unknown[] };
  export = validate;
}
