import * as z from 'zod';
import { type Caller, isStaff, type Role, roles } from '#shared/core/caller.ts';
import { DomainError, notFound } from '#shared/core/errors.ts';
import { Tracked } from '#shared/core/history.ts';
import { type Lifecycle, moveTo } from '#shared/core/lifecycle.ts';
import { Instant } from '#shared/core/time.ts';

export const UserStatus = z.enum(['invited', 'active', 'deactivated']);
export type UserStatus = z.infer<typeof UserStatus>;

/** Whoever was invited counts as active from the first accepted token on; nothing is written for that. */
export const userLifecycle: Lifecycle<UserStatus> = {
  invited: ['active', 'deactivated'],
  active: ['deactivated'],
  deactivated: [],
};

export const RoleName = z.enum(roles);

/** Somebody who can sign in. The identity provider knows them by the same id. */
export const User = z.object({
  ...Tracked.shape,
  status: UserStatus,
  email: z.string(),
  /** The address without what stands behind a plus: two addresses of one mailbox are one person. */
  mailbox: z.string(),
  role: RoleName,
  /** Set for partner roles, absent for staff. */
  partnerId: z.string().optional(),
  /** When and by whom the role was granted. */
  grantedAt: Instant,
  grantedBy: z.string(),
  deactivatedAt: Instant.optional(),
});
export type User = z.infer<typeof User>;

/** Events name these only. */
export const personalUserFields: readonly string[] = ['email', 'mailbox'];

export const mailboxOf = (email: string): string => email.replace(/\+[^@]*(?=@)/, '');

/** What one is given: to act for a partner, or for the program. */
export interface Grant {
  readonly role: Role;
  readonly partnerId?: string | undefined;
}

const forbidden = (role: Role): DomainError =>
  new DomainError('forbidden', 'auth.forbidden', `You may not grant the role ${role}.`);

const misplaced = (detail: string): DomainError =>
  new DomainError('invalid', 'request.invalid', 'Role and partner do not go together.', {
    errors: [{ pointer: '#/partnerId', code: 'custom', detail }],
  });

/**
 * What this caller may grant, with the partner filled in: a partner's administrator the roles of its own partner, an
 * administrator of the program any. Throws `auth.forbidden`, `request.invalid`, and `not_found` for another's partner.
 */
export const checkGrant = (wanted: Grant, granter: Caller): Grant => {
  if (granter.kind === 'anonymous') throw forbidden(wanted.role);
  if (!isStaff(granter.role)) {
    if (isStaff(wanted.role)) throw forbidden(wanted.role);
    if (wanted.partnerId !== undefined && wanted.partnerId !== granter.partnerId) throw notFound();
    return { role: wanted.role, partnerId: granter.partnerId };
  }
  if (isStaff(wanted.role) && wanted.partnerId !== undefined) {
    throw misplaced('must be left out: this role is of no partner');
  }
  if (!isStaff(wanted.role) && wanted.partnerId === undefined) {
    throw misplaced('must say whose partner the role is');
  }
  return wanted;
};

/** A user who was invited. That the address is nobody else's is decided by the write. */
export const inviteUser = (
  invited: Grant & { readonly email: string },
  about: { readonly id: string; readonly now: string; readonly by: string },
): User => ({
  id: about.id,
  status: 'invited',
  version: 0,
  head: '',
  createdAt: about.now,
  updatedAt: about.now,
  email: invited.email,
  mailbox: mailboxOf(invited.email),
  role: invited.role,
  ...(invited.partnerId ? { partnerId: invited.partnerId } : {}),
  grantedAt: about.now,
  grantedBy: about.by,
});

/** Throws `user.own_deactivation`: whoever locks themselves out cannot undo it. */
export const deactivateUser = (user: User, about: { readonly by: string; readonly now: string }): User => {
  if (user.id === about.by) {
    throw new DomainError('rule', 'user.own_deactivation', 'Ask another administrator to deactivate you.');
  }
  return { ...user, status: moveTo(userLifecycle, user.status, 'deactivated'), deactivatedAt: about.now };
};
