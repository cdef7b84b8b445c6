import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { checkIntent, commitChange, entityAt } from '#shared/platform/history-store.ts';
import { deactivateUser as deactivate } from '#shared/users/user.ts';
import * as contracts from '#shared/users/user-contract.ts';
import { viewUser } from '#shared/users/user-contract.ts';
import { changeUser, getUser } from '#shared/users/user-store.ts';

/** DELETE /v1/users/{userId}: the record stays, because what the user did stays. */
export const deactivateUser = operation(contracts.deactivateUser, async ({ caller, params, now, seen, intent }) => {
  const user = await getUser(params.userId);
  mustReach('deactivate-user', caller, user.partnerId);
  const done = checkIntent(user, intent, seen);
  if (done !== undefined) {
    return { status: 200, body: viewUser(await entityAt(user, done)), version: done, replayed: true };
  }
  if (user.status === 'deactivated') return { status: 200, body: viewUser(user), version: user.version };
  const after = deactivate(user, { by: caller.id, now });
  const change = changeUser(user, after, { type: 'user.deactivated', intent });
  const { entity, replayed } = await commitChange(user, change);
  return { status: 200, body: viewUser(entity), version: entity.version, replayed };
});
