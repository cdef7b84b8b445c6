import { systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { inviteUser, type User } from '#shared/users/user.ts';
import { insertUser, listStaffEmails } from '#shared/users/user-store.ts';

/**
 * Invites somebody whom nobody could invite, because only an administrator invites staff. The stream does the rest, as after every
 * invitation. The same address again is the same invitation. Throws when there is an administrator already.
 */
export const makeFirstAdmin = async (address: string, now: string): Promise<User> => {
  const email = address.toLowerCase();
  const admins = await listStaffEmails('admin');
  if (admins.some((each) => each !== email)) {
    throw new Error('There is an administrator already, who can invite others: POST /v1/users.');
  }
  const intent = systemIntent('first-admin', email, now);
  const user = inviteUser(
    { email, role: 'admin', partnerId: undefined },
    {
      id: derivedId('usr', intent.writeId),
      now,
      by: intent.by,
    },
  );
  return (await insertUser(user, intent)).entity;
};
