import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type AccessRow, access, scopes } from '#shared/core/access.ts';
import type { Role } from '#shared/core/caller.ts';
import { DomainError } from '#shared/core/errors.ts';
import { Tracked } from '#shared/core/history.ts';
import { type Lifecycle, moveTo } from '#shared/core/lifecycle.ts';
import { Instant } from '#shared/core/time.ts';
import { type Grant, RoleName } from './user.ts';

export const ApiKeyStatus = z.enum(['active', 'revoked']);
export type ApiKeyStatus = z.infer<typeof ApiKeyStatus>;

export const apiKeyLifecycle: Lifecycle<ApiKeyStatus> = { active: ['revoked'], revoked: [] };

export const Scope = z.enum(scopes);

/** What a machine signs in with: it acts in a role, for a partner or for the program, within its scopes. */
export const ApiKey = z.object({
  ...Tracked.shape,
  status: ApiKeyStatus,
  name: z.string().optional(),
  role: RoleName,
  partnerId: z.string().optional(),
  scopes: z.array(Scope),
  /** SHA-256 of the token, in hex; the token itself is kept nowhere. */
  tokenHash: z.string(),
  grantedAt: Instant,
  grantedBy: z.string(),
  revokedAt: Instant.optional(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** Not personal, but nobody's business: events name it only. */
export const hiddenApiKeyFields: readonly string[] = ['tokenHash'];

/** The token says which key it is, so that it is found by one read; the rest of it is the secret. */
export const tokenOf = (keyId: string, secret: string): string => `tk_live_${keyId.slice('key_'.length)}_${secret}`;

/** The id of the key that a token claims to be of; undefined when the text is no token of ours. */
export const keyIdOf = (token: string): string | undefined => {
  const id = /^tk_live_([0-9A-Z]{26})_[\w-]{43}$/.exec(token)?.[1];
  return id && `key_${id}`;
};

export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex');

const isUsable = (scope: string, role: Role): boolean =>
  Object.values(access).some((row: AccessRow) => row.scope === scope && row[role] !== undefined);

/**
 * A key for a machine. Throws `api_key.scope_not_allowed` for scopes that the role can do nothing with, and `auth.forbidden` for
 * `finance`: what is decided about money is decided by people.
 */
export const createApiKey = (
  wanted: Grant & { readonly name?: string | undefined; readonly scopes: readonly string[] },
  about: { readonly id: string; readonly now: string; readonly by: string; readonly tokenHash: string },
): ApiKey => {
  const { role } = wanted;
  if (role === 'finance') throw new DomainError('forbidden', 'auth.forbidden', 'No machine acts for finance.');
  const errors = wanted.scopes.flatMap((scope, index) =>
    isUsable(scope, role)
      ? []
      : [{ pointer: `#/scopes/${index}`, code: 'api_key.scope_not_allowed', detail: `is of no use to ${role}` }],
  );
  if (errors.length > 0) {
    throw new DomainError('rule', 'api_key.scope_not_allowed', 'The role can do nothing with such a scope.', {
      errors,
    });
  }
  return {
    id: about.id,
    status: 'active',
    version: 0,
    head: '',
    createdAt: about.now,
    updatedAt: about.now,
    ...(wanted.name ? { name: wanted.name } : {}),
    role,
    ...(wanted.partnerId ? { partnerId: wanted.partnerId } : {}),
    scopes: [...new Set(wanted.scopes)],
    tokenHash: about.tokenHash,
    grantedAt: about.now,
    grantedBy: about.by,
  };
};

export const revokeApiKey = (key: ApiKey, now: string): ApiKey => ({
  ...key,
  status: moveTo(apiKeyLifecycle, key.status, 'revoked'),
  revokedAt: now,
});
