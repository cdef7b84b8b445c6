import { ensureUser } from '#shared/users/user-store.ts';
import { ControlError } from './control/control-error.ts';
import type { Person } from './identity/identity.ts';

/**
 * Makes our own record of a person if it is not there, and answers the id of the one that is: the authorizer looks it up behind
 * a token. Throws ControlError when the record says something else. `now` is the system's time as an instant.
 */
export const ensurePersonRecord = async (person: Person, now: string): Promise<string> => {
  const { id, role, partnerId } = await ensureUser({ ...person, now });
  if (role === person.role && partnerId === person.partnerId) return id;
  const partner = partnerId === undefined ? '' : ` of ${partnerId}`;
  throw new ControlError(`${person.email} (${id}) is already there as ${role}${partner}: give another sub or email.`);
};
