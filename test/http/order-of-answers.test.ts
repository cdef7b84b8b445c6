import { describe, expect, test } from 'vitest';
import { DomainError } from '#shared/core/errors.ts';
import type { Call } from '#test/support/call.ts';
import { finance, manager } from '#test/support/people.ts';
import { aDoor, knock, ok } from './a-door.ts';

const patch = { operation: 'update-deal', caller: manager, params: { dealId: 'deal_1' } } as const;
const post = { operation: 'register-deal', caller: manager } as const;
const good = { name: 'Acme' };
const tooLarge = `{"name":"${'x'.repeat(256 * 1024)}"}`;

/** Each row has every fault of the rows below it too, so a row that answers its own code stands before them. */
const rows: readonly [label: string, call: Omit<Call, 'at'>, raw: string | undefined, status: number, code: string][] =
  [
    [
      'a role that may not',
      { ...patch, caller: finance, params: { dealId: 'x'.repeat(11) } },
      tooLarge,
      403,
      'auth.forbidden',
    ],
    ['nobody signed in', { operation: 'update-deal', params: { dealId: 'deal_1' } }, tooLarge, 403, 'auth.forbidden'],
    ['a body too large', { ...patch, headers: { 'content-type': 'text/plain' } }, tooLarge, 413, 'request.too_large'],
    [
      'another media type',
      { ...patch, headers: { 'content-type': 'text/plain' } },
      '{',
      415,
      'request.unsupported_media_type',
    ],
    ['no media type', { ...patch, headers: {} }, '{', 415, 'request.unsupported_media_type'],
    ['no JSON', { ...post, headers: { 'content-type': 'application/json' }, key: null }, '{', 400, 'request.malformed'],
    [
      'an empty body',
      { ...post, headers: { 'content-type': 'application/json' }, key: null },
      '',
      400,
      'request.malformed',
    ],
    ['a faulty field', { ...post, body: { name: 1 }, key: null }, undefined, 400, 'request.invalid'],
    ['no key', { ...post, body: good, key: null }, undefined, 400, 'idempotency.key_required'],
    ['a key with a space in it', { ...post, body: good, key: 'a b' }, undefined, 400, 'idempotency.key_required'],
    ['a key too long', { ...post, body: good, key: 'k'.repeat(256) }, undefined, 400, 'idempotency.key_required'],
    ['an empty id in the path', { ...patch, params: { dealId: '' }, body: good }, undefined, 404, 'not_found'],
  ];

describe('when a request has several faults', () => {
  test.each(rows)('then %s is told before what comes after it', async (_label, call, raw, status, code) => {
    const reply = await knock(aDoor(ok), call, () => (raw === undefined ? {} : { body: raw }));
    expect(reply).toMatchObject({ status, body: { code, status } });
  });

  test('then all faulty fields are named by their pointers, in one answer', async () => {
    const call = {
      ...patch,
      params: { dealId: 'x'.repeat(11) },
      query: { mode: 'soft,hard', colour: 'red' },
      body: { name: 'A', size: { 'in/out~': 1.5, depth: 2 }, extra: true },
      headers: { 'content-type': 'application/json', 'if-match': 'yesterday' },
    };
    const { body } = await knock(aDoor(ok), call);
    const errors = body.errors as { pointer: string; code: string; detail: string }[];
    expect(errors.map((error) => error.pointer).sort()).toEqual([
      '#/extra',
      '#/headers/If-Match',
      '#/name',
      '#/path/dealId',
      '#/query/colour',
      '#/query/mode',
      '#/size/depth',
      '#/size/in~1out~0',
    ]);
    for (const error of errors) expect(error).toMatchObject({ code: expect.any(String), detail: expect.any(String) });
  });
});

const kinds = [
  ['what the caller may not', 'forbidden', 'auth.forbidden', 403],
  ['what is not there', 'not_found', 'not_found', 404],
  ['a conflict', 'conflict', 'deal.conflict', 409],
  ['an old version', 'stale', 'version.stale', 412],
  ['a broken rule', 'rule', 'deal.below_minimum', 422],
  ['a missing version', 'precondition_required', 'version.required', 428],
] as const;

describe('when an operation refuses', () => {
  test.each(kinds)('then %s has its own status', async (_label, kind, code, status) => {
    const refusing = aDoor(async () => {
      throw new DomainError(kind, code, 'In words.', { facts: { dealId: 'deal_9' } });
    });
    const reply = await knock(refusing, { ...patch, body: good });
    expect(reply).toMatchObject({ status, body: { status, code, detail: 'In words.', dealId: 'deal_9' } });
  });

  test('then facts cannot replace what the problem document itself says', async () => {
    const refusing = aDoor(async () => {
      throw new DomainError('conflict', 'deal.conflict', 'In words.', { facts: { status: 'approved', code: 'x' } });
    });
    const reply = await knock(refusing, { ...patch, body: good });
    expect(reply.body).toMatchObject({ status: 409, code: 'deal.conflict' });
  });
});
