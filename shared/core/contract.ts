import * as z from 'zod';
import type { Operation } from './access.ts';

/** What goes into an operation and what comes out of it; doors parse by it and the OpenAPI document is made from it. */
export interface Contract {
  readonly operation: Operation;
  /** One line for the reader of the documentation. */
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Status code of success → what is answered. */
  readonly answers: Readonly<Record<number, z.ZodType>>;
  /** Media types of success where it is not JSON. */
  readonly media?: readonly string[];
  /** Headers of success beside those every operation has. */
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  /** Codes of the refusals that a caller should be ready for, beside those every operation has. */
  readonly errors: readonly string[];
  /** POSTs that change nothing (checks, estimates) need no Idempotency-Key. */
  readonly changesNothing?: true;
  /** Of the body, where it may be larger than usual: what others made, such as a bank's answer. */
  readonly maxBodyBytes?: number;
  /** Its sender signs it in this header, and repeats it as it likes: it needs no Idempotency-Key, what it says tells repeats apart. */
  readonly signatureHeader?: string;
  /** If-Match must be sent. */
  readonly needsVersion?: true;
}

export const contract = <const C extends Contract>(it: C): C => it;

/** Names a thing in a path, a filter or a body; whether there is one is asked of the table, which knows no empty names. */
export const ThingId = z.string().min(1).max(100);

/** `limit` 1–100 and `cursor` of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(1000).optional(),
};

export const pageOf = <Entity extends z.ZodType>(entity: Entity) =>
  z.strictObject({ data: z.array(entity), nextCursor: z.string().nullable() });
