/** What S3 refuses, by its own code, and the status it comes with. */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = code;
    this.status = status;
    this.code = code;
  }
}

export const accessDenied = (message = 'Access Denied'): S3Error => new S3Error(403, 'AccessDenied', message);
export const invalidArgument = (message: string): S3Error => new S3Error(400, 'InvalidArgument', message);
export const notImplemented = (what: string): S3Error =>
  new S3Error(501, 'NotImplemented', `The laptop's S3 does not know ${what}.`);
