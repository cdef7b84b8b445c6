import { type AccessRow, access, scopes } from '#shared/core/access.ts';
import type { Caller } from '#shared/core/caller.ts';
import { anApplication, approve } from '#test/partners/a-partner.ts';
import { handledRoutes } from '#test/support/every-door.ts';
import { adminOf, manager, repOf } from '#test/support/people.ts';
import { ask } from './asked.ts';
import { markedBody, wordsOf } from './marked-body.ts';

/** A partner whose every word carries a mark, and what has been made for it so far. */
export interface Tenant {
  readonly mark: string;
  readonly partnerId: string;
  readonly callers: readonly Caller[];
  readonly ids: Set<string>;
  readonly cursors: string[];
  readonly statusTokens: string[];
  /** Words of the other that it was given, since it wrote them itself: websites of customers. */
  readonly given: Set<string>;
}

const callersOf = (partnerId: string): readonly Caller[] => [
  repOf(partnerId),
  adminOf(partnerId),
  { kind: 'api_key', id: `key_of_${partnerId}`, role: 'partner_admin', partnerId, scopes },
];

/** An active partner of that mark. */
export const createTenant = async (mark: string): Promise<Tenant> => {
  const { text, website } = wordsOf(mark, 0);
  const domain = new URL(website).hostname.replace('www.', '');
  const plain = anApplication(domain);
  const company = { ...plain.company, name: `${mark} Partners`, address: { ...plain.company.address, city: mark } };
  const contacts = [{ firstName: mark, lastName: mark, email: `ada@${mark}.example`, businessTitle: mark }];
  const answers = Object.fromEntries(Object.keys(plain.answers).map((name) => [name, text]));
  const body = { ...plain, company, contacts, answers, customersServed: text, why: text };
  const applied = await ask('apply-partner', { caller: { kind: 'anonymous', id: '192.0.2.9' }, body });
  const partnerId = String(applied.body.id);
  if (applied.body.status === 'applied') await approve(partnerId);
  const params = { partnerId };
  const seen = await ask('get-partner', { caller: manager, params });
  const { version } = seen.body.agreement as { version: string };
  const signing = { version, signerName: mark, signerTitle: mark, accepted: true };
  await ask('accept-agreement', { caller: adminOf(partnerId), params, body: signing });
  const statusTokens = [String(applied.body.statusToken)];
  const callers = callersOf(partnerId);
  return { mark, partnerId, callers, ids: new Set([partnerId]), cursors: [], statusTokens, given: new Set() };
};

/** Two of whatever a partner can make by itself, in its own words. */
export const furnish = async (tenant: Tenant): Promise<void> => {
  for (const { operation, method, path } of handledRoutes) {
    const row: AccessRow = access[operation];
    if (method !== 'POST' || row.partner_admin === undefined || path.includes('{')) continue;
    for (const serial of [1_000_001, 1_000_002]) {
      const body = markedBody(operation, wordsOf(tenant.mark, serial));
      const { partnerId: _left, ...made } = body as Record<string, unknown>;
      const reply = await ask(operation, { caller: adminOf(tenant.partnerId), body: made });
      if (reply.status < 300) learn(tenant, reply.body);
    }
  }
};

const anId = /\b[a-z]{2,4}_(?:[a-z]+_)?[0-9A-Za-z]{26}(?:_\d+)?\b/g;

/** Whatever in a text would tell of this partner: its mark, its tokens, the ids of its things. */
export const tracesIn = (text: string, tenant: Tenant, given: ReadonlySet<string> = new Set()): readonly string[] => {
  const heard = [...given].reduce((rest, word) => rest.replaceAll(word, ''), text);
  // An approval is named after what it is about.
  const names = (heard.match(anId) ?? []).flatMap((id) => [id, id.replace(/^apr_|_\d+$/g, '')]);
  const ids = names.filter((id) => tenant.ids.has(id));
  const words = [tenant.mark, tenant.partnerId, ...tenant.statusTokens].filter((word) => heard.includes(word));
  return [...new Set([...ids, ...words])];
};

/** Notes what somebody of the partner was told: its own things, and where its lists go on. */
export const learn = (tenant: Tenant, body: Readonly<Record<string, unknown>>): void => {
  const things = [body, ...(Array.isArray(body.data) ? body.data : [])] as Readonly<Record<string, unknown>>[];
  for (const { id } of things) if (typeof id === 'string' && /_[0-9A-Za-z]{26}/.test(id)) tenant.ids.add(id);
  if (typeof body.nextCursor === 'string') tenant.cursors.push(body.nextCursor);
  if (typeof body.statusToken === 'string') tenant.statusTokens.push(body.statusToken);
};
