import type { Caller } from '#shared/core/caller.ts';

/** Whose things a caller asks about most likely: its own partner's; undefined for staff. */
export const ownPartner = (caller: Caller): string | undefined =>
  caller.kind === 'anonymous' ? undefined : caller.partnerId;
