/** An error that a caller of the API sees, by the name the AWS SDK makes its exception of. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
  }
}
