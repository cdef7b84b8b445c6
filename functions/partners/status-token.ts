import { createHash, timingSafeEqual } from 'node:crypto';
import { notFound } from '#shared/core/errors.ts';
import { deriveSecret } from '#shared/platform/cursor.ts';

/** What an applicant follows its application with. It can be derived again, so it is stored nowhere. */
export const statusTokenOf = (partnerId: string): string => deriveSecret('application', partnerId);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Throws `not_found` when this is not the token of that application, so that nobody learns which ids there are. */
export const mustHoldToken = (partnerId: string, statusToken: string | undefined): void => {
  if (!timingSafeEqual(digest(statusTokenOf(partnerId)), digest(statusToken ?? ''))) throw notFound();
};
