import { answerChange } from '#functions/http/answer-change.ts';
import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { revokeApiKey as revoke } from '#shared/users/api-key.ts';
import * as contracts from '#shared/users/api-key-contract.ts';
import { viewApiKey } from '#shared/users/api-key-contract.ts';
import { changeApiKey, getApiKey } from '#shared/users/api-key-store.ts';

/** DELETE /v1/api-keys/{apiKeyId}: the record stays, because what the key did stays. */
export const revokeApiKey = operation(contracts.revokeApiKey, (request) =>
  answerChange(request, async () => {
    const { caller, params, now, intent } = request;
    const key = await getApiKey(params.apiKeyId);
    mustReach('revoke-api-key', caller, key.partnerId);
    return {
      before: key,
      view: viewApiKey,
      save: async () => {
        if (key.status === 'revoked') return { entity: key, replayed: false };
        return commitChange(key, changeApiKey(key, revoke(key, now), { type: 'api_key.revoked', intent }));
      },
    };
  }),
);
