import { notFound } from '#shared/core/errors.ts';
import { type Intent, record } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import { mustBeAdmitted } from '#shared/partners/partner-gate-store.ts';
import { commitChange, insertNew, type NextState, replaceAsRead, type Saved } from '#shared/platform/history-store.ts';
import { listByStatus } from '#shared/platform/lists.ts';
import { type Item, type Key, read } from '#shared/platform/table.ts';
import { ApiKey, hiddenApiKeyFields } from './api-key.ts';
import { belongingTo, listBelongings } from './belongings-store.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get an API key, also by its token, which says its id | table | pk = key id, sk = `api-key` |
 * | list API keys by status, newest first | byStatus | `api-keys#<shard>`, `<status>#<createdAt>#<key id>` |
 */
export const apiKeyKey = (keyId: string): Key => ({ pk: keyId, sk: 'api-key' });

const toItem = (key: ApiKey): Item => ({
  ...apiKeyKey(key.id),
  kind: 'api-key',
  ...key,
  statusKey: `api-keys#${shardOf(key.id)}`,
  statusSort: `${key.status}#${key.createdAt}#${key.id}`,
  summary: { role: key.role, ...(key.partnerId ? { partnerId: key.partnerId } : {}) },
});

/** Throws `not_found`. */
export const getApiKey = async (keyId: string): Promise<ApiKey> => {
  const [item] = await read([apiKeyKey(keyId)]);
  if (!item) throw notFound();
  return ApiKey.parse(item);
};

export interface ApiKeyPage {
  readonly apiKeys: readonly ApiKey[];
  readonly after: string | undefined;
}

/** Keys of one partner, newest first, or all, by status. */
export const listApiKeys = async (list: {
  readonly partnerId: string | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}): Promise<ApiKeyPage> => {
  const { partnerId, after, limit } = list;
  const page =
    partnerId === undefined
      ? await listByStatus({ noun: 'api-keys', prefix: '', after, descending: true, limit })
      : await listBelongings('api-key', { partnerId, after, limit });
  return { apiKeys: page.items.map((item) => ApiKey.parse(item)), after: page.after };
};

const happening = (key: ApiKey, type: string, intent: Intent) => ({
  type,
  intent,
  personalFields: hiddenApiKeyFields,
  partnerId: key.partnerId,
});

/** One request whatever comes out. Throws `not_found` where the partner is not admitted, `idempotency.*`. */
export const insertApiKey = async (key: ApiKey, intent: Intent): Promise<Saved<ApiKey>> => {
  const { entity, event } = record(undefined, key, happening(key, 'api_key.created', intent));
  const inserted = [toItem(entity), ...(key.partnerId ? [belongingTo(key.partnerId, 'api-key', entity)] : [])];
  const conditions = key.partnerId ? [mustBeAdmitted(key.partnerId)] : [];
  return commitChange(undefined, { entity, event, writes: [...conditions, ...inserted.map(insertNew)] });
};

/** The writes of a change: the key at its version. */
export const changeApiKey = (
  before: ApiKey,
  after: ApiKey,
  about: { readonly type: string; readonly intent: Intent },
): NextState<ApiKey> => {
  const { entity, event } = record(before, after, happening(before, about.type, about.intent));
  return { entity, event, writes: [replaceAsRead(before, toItem(entity))] };
};
