import * as z from 'zod';
import { contract, pageOf, pageQuery, ThingId } from '#shared/core/contract.ts';
import { RoleName, User } from './user.ts';

const { head: _head, doneKeys: _doneKeys, mailbox: _mailbox, ...shown } = User.shape;

export const UserView = z.object(shown).meta({ id: 'User' });
export type UserView = z.infer<typeof UserView>;

export const viewUser = (user: User): UserView => {
  const { head: _h, doneKeys: _k, mailbox: _m, ...view } = user;
  return view;
};

export const listUsers = contract({
  operation: 'list-users',
  summary: 'List users, newest first; a partner sees its own',
  query: z.strictObject({ ...pageQuery, partnerId: ThingId.optional() }),
  answers: { 200: pageOf(UserView) },
  errors: ['not_found'],
});

export const inviteUser = contract({
  operation: 'invite-user',
  summary: 'Invite somebody: into a partner by its administrator, into any role by an administrator',
  body: z.strictObject({
    email: z.email().max(254).toLowerCase(),
    role: RoleName,
    partnerId: ThingId.optional(),
  }),
  answers: { 201: UserView },
  errors: ['not_found', 'user.email_taken'],
});

export const deactivateUser = contract({
  operation: 'deactivate-user',
  summary: 'Deactivate a user; whoever is deactivated already stays so',
  params: z.strictObject({ userId: ThingId }),
  answers: { 200: UserView },
  errors: ['not_found', 'version.stale', 'user.own_deactivation'],
});
