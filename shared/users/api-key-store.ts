import { notFound } from '#shared/core/errors.ts';
import { applyEvent, type Intent, record, type StoredEvent } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import { mustBeAdmitted } from '#shared/partners/partner-gate-store.ts';
import { is } from '#shared/platform/condition.ts';
import { commit, commitChange, type Saved, stale } from '#shared/platform/history-store.ts';
import { listByStatus } from '#shared/platform/lists.ts';
import { type Item, type Key, read, type Write } from '#shared/platform/table.ts';
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

const cannotFail = (): Error => new Error('A new API key met an old one of the same id without its event.');

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
  const outcome = await commit(
    [event],
    [
      ...(key.partnerId ? [mustBeAdmitted(key.partnerId)] : []),
      ...inserted.map((item) => ({ write: 'insert' as const, item, refuse: cannotFail })),
    ],
  );
  return {
    replayed: outcome.replayed,
    entity: outcome.replayed ? applyEvent(undefined, outcome.event, entity) : entity,
  };
};

/** The next state of a key, ready to be written. */
export interface ApiKeyChange {
  readonly entity: ApiKey;
  readonly event: StoredEvent;
  readonly writes: readonly Write[];
}

export const changeApiKey = (
  before: ApiKey,
  after: ApiKey,
  about: { readonly type: string; readonly intent: Intent },
): ApiKeyChange => {
  const { entity, event } = record(before, after, happening(before, about.type, about.intent));
  const replace: Write = {
    write: 'replace',
    item: toItem(entity),
    when: is('version', '=', before.version),
    refuse: (image) => stale(Number(image?.version)),
  };
  return { entity, event, writes: [replace] };
};

/** Writes one change of one key. Throws `version.stale` when somebody was faster. */
export const saveApiKey = (before: ApiKey, change: ApiKeyChange): Promise<Saved<ApiKey>> =>
  commitChange(before, change);
