import type * as z from 'zod';
import { contracts } from '#functions/docs/contracts.ts';
import { type AccessRow, access, type Operation } from '#shared/core/access.ts';
import type { Prng } from '#test/faults/prng.ts';
import { handledRoutes } from '#test/support/every-door.ts';
import type { Asked } from './asked.ts';
import { at, leavesOf, markedBody, put, wordsOf } from './marked-body.ts';
import type { Tenant } from './tenant.ts';

const prefixes: Readonly<Record<string, string>> = {
  partnerId: 'ptr_',
  dealId: 'deal_',
  userId: 'usr_',
  apiKeyId: 'key_',
  approvalId: 'apr_',
  requestId: 'mdr_',
  mdfRequestId: 'mdr_',
  claimId: 'clm_',
  documentId: 'doc_',
  earningId: 'ern_',
  payoutId: 'pay_',
  runId: 'run_',
};

const nobody = '00000000000000000000000000';

/** An id for a parameter of this name: the caller's own mostly, the other's often, and of nobody sometimes. */
const idFor = (name: string, { own, other, prng }: Asking): string => {
  const prefix = prefixes[name] ?? '';
  const tenant = prng.pick([own, own, other]);
  const ids = [...tenant.ids].filter((id) => id.startsWith(prefix));
  return ids.length === 0 || prng.chance(0.05) ? `${prefix}${nobody}` : prng.pick(ids);
};

/** Times in which both have something, and one in which nobody has. */
const times: Readonly<Record<string, readonly string[]>> = {
  quarter: ['2024-Q1', '2024-Q1', '2026-Q1', '2026-Q3', '2026-Q4', '1999-Q1'],
  period: ['2026-07', '2026-07', '2026-08', '1999-01'],
};

/** A time, or an id of something. */
const partOfPath = (name: string, asking: Asking): string => {
  const those = times[name];
  return those ? asking.prng.pick(those) : idFor(name, asking);
};

const filterFor = (name: string, schema: z.ZodType, asking: Asking): string => {
  const { own, other, prng } = asking;
  const tenant = prng.pick([own, other]);
  if (name === 'cursor') return tenant.cursors.length > 0 ? prng.pick(tenant.cursors) : 'AAAA';
  // Whoever has the token of an application may read it: that one is nobody else's.
  if (name === 'statusToken') return prng.pick(own.statusTokens);
  if (name === 'limit') return String(1 + prng.int(5));
  if (name in times || name === 'subject' || name.endsWith('Id')) return partOfPath(name, asking);
  const options = (schema as { unwrap?: () => { options?: readonly string[] } }).unwrap?.().options;
  return options ? prng.pick(options) : prng.pick([tenant.mark, 'reseller', 'amer']);
};

interface Asking {
  readonly own: Tenant;
  readonly other: Tenant;
  readonly prng: Prng;
  /** Makes customers new. */
  readonly serial: number;
}

const shapeOf = (schema: z.ZodType | undefined): Readonly<Record<string, z.ZodType>> =>
  (schema as z.ZodObject | undefined)?.shape ?? {};

/** A right body in the caller's own words, in which ids and customers may be the other's. */
const bodyFor = (operation: Operation, asking: Asking): unknown => {
  const { own, other, prng, serial } = asking;
  let body = markedBody(operation, wordsOf(own.mark, serial));
  if (typeof body !== 'object' || body === null) return body;
  const schema = shapeOf(contracts.find((it) => it.operation === operation)?.body);
  for (const name of Object.keys(schema).filter((it) => it.endsWith('Id'))) {
    // Left out mostly: whoever is of a partner need not say so.
    const { [name]: _left, ...rest } = body as Record<string, unknown>;
    body = prng.chance(0.3) ? { ...rest, [name]: idFor(name, asking) } : rest;
  }
  // Of what stands deeper, such as the documents of a claim.
  for (const path of leavesOf(body).filter((it) => it.length > 1 && it.at(-1)?.endsWith('Id'))) {
    if (prng.chance(0.7)) body = put(body, path, idFor(String(path.at(-1)), asking));
  }
  if (!prng.chance(0.2)) return body;
  const website = wordsOf(other.mark, prng.int(serial)).website;
  for (const path of [['customer', 'websiteUrl'], ['company', 'websiteUrl'], ['websiteUrl']]) {
    const holder = at(body, path.slice(0, -1));
    if (typeof holder === 'object' && holder !== null && 'websiteUrl' in holder) {
      own.given.add(new URL(website).hostname.replace('www.', ''));
      return put(body, path, website);
    }
  }
  return body;
};

export interface Drawn {
  readonly operation: Operation;
  readonly asked: Asked;
}

/** What is made from the program or the code alone is asked for now and then: it holds nothing of anybody, and takes long. */
const ofPartners = handledRoutes.filter(({ door }) => !['docs', 'guide'].includes(door));

/** What partners may do, to what is theirs; staff's own operations refuse them for what they are. */
export const forPartners = ofPartners.filter(({ operation }) => {
  const row: AccessRow = access[operation];
  return row.anyone === true || row.partner_admin !== undefined;
});

/** Any operation, asked by somebody of a partner about anything of either partner. */
export const drawRequest = (asking: Asking): Drawn => {
  const { own, prng } = asking;
  const { operation, path } = prng.pick(
    prng.chance(0.01) ? handledRoutes : prng.chance(0.1) ? ofPartners : forPartners,
  );
  const contract = contracts.find((it) => it.operation === operation);
  const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [String(name), partOfPath(String(name), asking)]);
  const query = Object.entries(shapeOf(contract?.query))
    .filter(([name]) => prng.chance(name === 'cursor' ? 0.15 : 0.4))
    .map(([name, schema]) => [name, filterFor(name, schema, asking)]);
  const body = bodyFor(operation, asking);
  return {
    operation,
    asked: {
      caller: prng.chance(0.05) ? { kind: 'anonymous', id: '192.0.2.9' } : prng.pick(own.callers),
      params: Object.fromEntries(params),
      query: Object.fromEntries(query),
      ...(body === undefined ? {} : { body }),
      ...(prng.chance(0.7) ? { ifMatch: 1 + prng.int(3) } : {}),
      key: `key-${prng.int(500)}`,
    },
  };
};
