import { type Caller, isStaff } from '#shared/core/caller.ts';
import { DomainError, notFound } from '#shared/core/errors.ts';

const missing = (): DomainError =>
  new DomainError('invalid', 'request.invalid', 'Staff must say for which partner.', {
    errors: [{ pointer: '#/partnerId', code: 'missing', detail: 'must be the id of the partner' }],
  });

/** The partner a caller acts for: its own, or the one that staff names. Another partner's id answers `not_found`. */
export const partnerFor = (caller: Caller, named: string | undefined): string => {
  if (caller.kind === 'anonymous') throw notFound();
  if (isStaff(caller.role)) {
    if (named === undefined) throw missing();
    return named;
  }
  if (caller.partnerId === undefined || (named !== undefined && named !== caller.partnerId)) throw notFound();
  return caller.partnerId;
};
