import * as z from 'zod';
import { written } from '#shared/core/contacts.ts';
import { contract, pageOf, pageQuery, ThingId } from '#shared/core/contract.ts';
import { ApiKey, Scope } from './api-key.ts';
import { RoleName } from './user.ts';

const { head: _head, doneKeys: _doneKeys, tokenHash: _hash, ...shown } = ApiKey.shape;

/** A key as it can be seen later on: its token never again. */
export const ApiKeyView = z.object(shown).meta({ id: 'ApiKey' });
export type ApiKeyView = z.infer<typeof ApiKeyView>;

export const viewApiKey = (key: ApiKey): ApiKeyView => {
  const { head: _h, doneKeys: _k, tokenHash: _t, ...view } = key;
  return view;
};

export const listApiKeys = contract({
  operation: 'list-api-keys',
  summary: 'List API keys, newest first; a partner sees its own',
  query: z.strictObject({ ...pageQuery, partnerId: ThingId.optional() }),
  answers: { 200: pageOf(ApiKeyView) },
  errors: ['not_found'],
});

export const createApiKey = contract({
  operation: 'create-api-key',
  summary: 'Make an API key; the answer is the only one that holds its token',
  body: z.strictObject({
    name: written(100).optional(),
    scopes: z.array(Scope).min(1).max(20),
    /** `partner_member` for a partner unless said otherwise. */
    role: RoleName.optional(),
    partnerId: ThingId.optional(),
  }),
  answers: { 201: z.object({ ...ApiKeyView.shape, token: z.string() }).meta({ id: 'CreatedApiKey' }) },
  errors: ['not_found', 'api_key.scope_not_allowed'],
});

export const revokeApiKey = contract({
  operation: 'revoke-api-key',
  summary: 'Revoke an API key; what is revoked already stays so',
  params: z.strictObject({ apiKeyId: ThingId }),
  answers: { 200: ApiKeyView },
  errors: ['not_found', 'version.stale'],
});
