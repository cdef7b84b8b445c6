export type Json = string | number | boolean | null | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

/** AWS allows 256 KiB for the input, the result or the output of a state, counted in UTF-8. */
export const payloadLimitBytes = 256 * 1024;

export const isTooLarge = (value: Json): boolean => Buffer.byteLength(JSON.stringify(value)) > payloadLimitBytes;

export const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The type's name as AWS writes it in its messages. */
export function typeNameOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
