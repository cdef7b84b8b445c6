import { operation } from '#functions/http/door.ts';
import { byStaff, type Caller, type Role } from '#shared/core/caller.ts';
import { derivedId } from '#shared/core/ids.ts';
import { deriveSecret } from '#shared/platform/cursor.ts';
import { createApiKey as create, hashOfToken, tokenOf } from '#shared/users/api-key.ts';
import * as contracts from '#shared/users/api-key-contract.ts';
import { viewApiKey } from '#shared/users/api-key-contract.ts';
import { insertApiKey } from '#shared/users/api-key-store.ts';
import { checkGrant } from '#shared/users/user.ts';

/** What a key acts as when nobody says: a partner's machine as its rep, ours as a partner manager. */
const usualRole = (caller: Caller, partnerId: string | undefined): Role =>
  partnerId === undefined && byStaff(caller) ? 'partner_manager' : 'partner_member';

/** POST /v1/api-keys. The token is derived from the key's id, so a repeat gets the same one although it is stored nowhere. */
export const createApiKey = operation(contracts.createApiKey, async ({ caller, body, now, intent }) => {
  const grant = checkGrant({ role: body.role ?? usualRole(caller, body.partnerId), partnerId: body.partnerId }, caller);
  const id = derivedId('key', intent.writeId);
  const token = tokenOf(id, deriveSecret('api-key', id));
  const wanted = { ...grant, name: body.name, scopes: body.scopes };
  const key = create(wanted, { id, now, by: caller.id, tokenHash: hashOfToken(token) });
  const { entity, replayed } = await insertApiKey(key, intent);
  return { status: 201, body: { ...viewApiKey(entity), token }, version: entity.version, replayed };
});
