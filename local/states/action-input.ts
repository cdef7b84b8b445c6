import * as z from 'zod';
import { AwsError } from './aws-error.ts';
import { isTooLarge, type Json, payloadLimitBytes } from './json.ts';

/** Reads an action's input strictly: a member this engine does not know is refused by its name. */
export function readInput<Schema extends z.ZodObject>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `the member '${issue.keys.join("', '")}' is not supported`
      : `Value at '${issue.path.join('.')}' failed to satisfy constraint: ${issue.message}`,
  );
  throw new AwsError('ValidationException', `${faults.length} validation error detected: ${faults.join('; ')}`);
}

export const paging = {
  maxResults: z.int().min(0).max(1000).optional(),
  nextToken: z.string().min(1).max(3096).optional(),
};

export const arn = z.string().min(1).max(256);

/** Where the page begins and how long it is; AWS's default is 100. */
export function readPage(input: { maxResults?: number | undefined; nextToken?: string | undefined }): {
  offset: number;
  limit: number;
} {
  const limit = input.maxResults || 100;
  if (input.nextToken === undefined) return { offset: 0, limit };
  const offset = Number(Buffer.from(input.nextToken, 'base64url').toString());
  if (!Number.isInteger(offset) || offset <= 0) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return { offset, limit };
}

/** The page and, if there is more, the token for the next one. Ask the store for one row more than the page is long. */
export function pageOf<Row>(
  rows: readonly Row[],
  page: { offset: number; limit: number },
): { rows: readonly Row[]; nextToken?: string } {
  if (rows.length <= page.limit) return { rows };
  const nextToken = Buffer.from(String(page.offset + page.limit)).toString('base64url');
  return { rows: rows.slice(0, page.limit), nextToken };
}

export function readJson(text: string, refused: { code: string; what: string }): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError(refused.code, `Invalid ${refused.what}: '${reason}'`);
  }
  if (isTooLarge(value))
    throw new AwsError(refused.code, `Invalid ${refused.what}: more than ${payloadLimitBytes} bytes`);
  return value;
}

/** AWS JSON writes instants as seconds with a fraction. */
export const awsInstant = (epochMs: number): number => epochMs / 1000;
