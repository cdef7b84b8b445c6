import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { DomainError } from '#shared/core/errors.ts';

const usualBytes = 256 * 1024;
/** Deeper than anything a contract asks for; bounds the work that a body can make. */
const maxDepth = 32;

const malformed = (detail: string): DomainError => new DomainError('invalid', 'request.malformed', detail);

export const bytesOf = ({
  body = '',
  isBase64Encoded,
}: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>): Buffer =>
  Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/**
 * What JSON.parse lets pass and two readers could understand differently: a name that stands twice in an object (the last one would
 * silently win), half of a character (it cannot be stored). Expects valid JSON; throws `request.malformed`.
 */
const refuseAmbiguities = (text: string): void => {
  /** Names seen so far in each object around here; undefined for an array. */
  const around: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [token] of text.matchAll(tokens)) {
    const names = around.at(-1);
    if (token === '{' || token === '[') {
      around.push(token === '{' ? new Set() : undefined);
      if (around.length > maxDepth) throw malformed(`The body is nested more than ${maxDepth} levels deep.`);
    } else if (token === '}' || token === ']') {
      around.pop();
    } else if (token.startsWith('"')) {
      // The text is valid JSON, so every string in it is.
      const read = token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
      if (!read.isWellFormed()) throw malformed('The body holds half of a character (a lone surrogate).');
      if (names && last !== ':') {
        if (names.has(read)) throw malformed('The body says one name twice in the same object.');
        names.add(read);
      }
    }
    last = token;
  }
};

/** The body as JSON. Throws `request.too_large`, `request.unsupported_media_type` or `request.malformed`, in this order. */
export const parseJson = (event: APIGatewayProxyEventV2, maxBodyBytes = usualBytes): unknown => {
  const bytes = bytesOf(event);
  if (bytes.length > maxBodyBytes) {
    throw new DomainError('invalid', 'request.too_large', `The body may have at most ${maxBodyBytes} bytes.`);
  }
  const mediaType = event.headers?.['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw new DomainError('invalid', 'request.unsupported_media_type', 'Send the body as application/json.');
  }
  if (!isUtf8(bytes)) throw malformed('The body is not UTF-8.');
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('The body is not valid JSON.');
  }
  refuseAmbiguities(text);
  return value;
};
