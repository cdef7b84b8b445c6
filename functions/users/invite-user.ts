import { operation } from '#functions/http/door.ts';
import { derivedId } from '#shared/core/ids.ts';
import { checkGrant, inviteUser as invite } from '#shared/users/user.ts';
import * as contracts from '#shared/users/user-contract.ts';
import { viewUser } from '#shared/users/user-contract.ts';
import { insertUser } from '#shared/users/user-store.ts';

/** POST /v1/users. Nobody grants a role to themselves: the address of a user cannot be invited again. */
export const inviteUser = operation(contracts.inviteUser, async ({ caller, body, now, intent }) => {
  const grant = checkGrant(body, caller);
  const about = { id: derivedId('usr', intent.writeId), now, by: caller.id };
  const { entity, replayed } = await insertUser(invite({ ...grant, email: body.email }, about), intent);
  return { status: 201, body: viewUser(entity), version: entity.version, replayed };
});
