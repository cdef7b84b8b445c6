import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Stored {
  readonly payload: AdapterPayload;
  /** Machine time in milliseconds. */
  readonly expiresAt: number;
}

/** Everything the identity provider stores, of all its models, by model and id: sessions end with the process, tokens do not need them. */
const stored = new Map<string, Stored>();

const find = (key: string): AdapterPayload | undefined => {
  const found = stored.get(key);
  if (found && found.expiresAt > Date.now()) return found.payload;
  stored.delete(key);
  return undefined;
};

const findBy = (model: string, name: 'uid' | 'userCode', value: string): AdapterPayload | undefined => {
  for (const [key, { payload }] of stored) {
    if (key.startsWith(`${model} `) && payload[name] === value) return find(key);
  }
  return undefined;
};

/** The storage that oidc-provider asks for; its own one warns at every start that it is not for production. */
export const memoryAdapter = (model: string): Adapter => ({
  upsert: async (id, payload, expiresIn) => {
    stored.set(`${model} ${id}`, { payload, expiresAt: Date.now() + (expiresIn || 86_400) * 1000 });
  },
  find: async (id) => find(`${model} ${id}`),
  findByUid: async (uid) => findBy(model, 'uid', uid),
  findByUserCode: async (userCode) => findBy(model, 'userCode', userCode),
  consume: async (id) => {
    const payload = find(`${model} ${id}`);
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  },
  destroy: async (id) => {
    stored.delete(`${model} ${id}`);
  },
  revokeByGrantId: async (grantId) => {
    for (const [key, { payload }] of stored) if (payload.grantId === grantId) stored.delete(key);
  },
});
