import { timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Caller } from '#shared/core/caller.ts';
import { read } from '#shared/platform/table.ts';
import { hashOfToken, keyIdOf } from './api-key.ts';
import { apiKeyKey } from './api-key-store.ts';
import { RoleName } from './user.ts';
import { userKey } from './user-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | who a user id, or an API key's token, stands for | table | the keys of users and API keys |
 *
 * Only what a caller is made of is looked at, so that a record with other faults still says who may come in.
 */
const CallerRecord = z.object({ status: z.string(), role: RoleName, partnerId: z.string().optional() });

/** A user who was invited or is active; undefined for everybody else. */
export const findUserCaller = async (userId: string): Promise<Caller | undefined> => {
  const [item] = await read([userKey(userId)]);
  if (!item) return undefined;
  const { status, role, partnerId } = CallerRecord.parse(item);
  if (status !== 'invited' && status !== 'active') return undefined;
  return { kind: 'user', id: userId, role, ...(partnerId ? { partnerId } : {}) };
};

const KeyRecord = CallerRecord.extend({ scopes: z.array(z.string()), tokenHash: z.string() });

/** The key that has this token and was not revoked. */
export const findKeyCaller = async (token: string): Promise<Caller | undefined> => {
  const id = keyIdOf(token);
  const [item] = id ? await read([apiKeyKey(id)]) : [];
  if (!id || !item) return undefined;
  const { status, role, partnerId, scopes, tokenHash } = KeyRecord.parse(item);
  if (status !== 'active' || !timingSafeEqual(Buffer.from(tokenHash), Buffer.from(hashOfToken(token)))) {
    return undefined;
  }
  return { kind: 'api_key', id, role, scopes, ...(partnerId ? { partnerId } : {}) };
};
