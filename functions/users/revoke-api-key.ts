import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { checkIntent, commitChange, entityAt } from '#shared/platform/history-store.ts';
import { revokeApiKey as revoke } from '#shared/users/api-key.ts';
import * as contracts from '#shared/users/api-key-contract.ts';
import { viewApiKey } from '#shared/users/api-key-contract.ts';
import { changeApiKey, getApiKey } from '#shared/users/api-key-store.ts';

/** DELETE /v1/api-keys/{apiKeyId}: the record stays, because what the key did stays. */
export const revokeApiKey = operation(contracts.revokeApiKey, async ({ caller, params, now, seen, intent }) => {
  const key = await getApiKey(params.apiKeyId);
  mustReach('revoke-api-key', caller, key.partnerId);
  const done = checkIntent(key, intent, seen);
  if (done !== undefined) {
    return { status: 200, body: viewApiKey(await entityAt(key, done)), version: done, replayed: true };
  }
  if (key.status === 'revoked') return { status: 200, body: viewApiKey(key), version: key.version };
  const change = changeApiKey(key, revoke(key, now), { type: 'api_key.revoked', intent });
  const { entity, replayed } = await commitChange(key, change);
  return { status: 200, body: viewApiKey(entity), version: entity.version, replayed };
});
