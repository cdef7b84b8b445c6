import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** The canonical JSON of a value (RFC 8785): equal for equal values, however their keys are ordered. */
export const canonical = (value: unknown): string => canonicalize(value) ?? '';

/** SHA-256 of the canonical JSON of a value, in 43 characters of base64url: equal values hash equally. */
export const hashOf = (value: unknown): string => hash('sha256', canonical(value), 'base64url');

/**
 * The first 132 bits of that hash, in 22 characters: enough to know something again. What must withstand somebody who looks for
 * another text with the same hash, as the chain of a history must, takes all of it.
 */
export const shortHashOf = (value: unknown): string => hashOf(value).slice(0, 22);
