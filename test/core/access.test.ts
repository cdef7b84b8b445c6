import { describe, expect, test } from 'vitest';
import { type AccessRow, access, mustReach, type Operation, reaches, reachOf, scopes } from '#shared/core/access.ts';
import { type Caller, type Role, roles } from '#shared/core/caller.ts';
import { codeOf } from '#test/support/code-of.ts';
import { refusalOf } from '#test/support/refusal-of.ts';

const user = (role: Role, partnerId?: string): Caller => ({
  kind: 'user',
  id: 'usr_1',
  role,
  ...(partnerId ? { partnerId } : {}),
});
const key = (role: Role, granted: readonly string[], partnerId?: string): Caller => ({
  kind: 'api_key',
  id: 'key_1',
  role,
  scopes: granted,
  ...(partnerId ? { partnerId } : {}),
});
const anonymous: Caller = { kind: 'anonymous', id: 'anonymous:1' };

const reach = (operation: Operation, caller: Caller): string => {
  try {
    return reachOf(operation, caller);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('when a caller asks for an operation', () => {
  const rows: readonly (readonly [label: string, operation: Operation, caller: Caller, reach: string])[] = [
    ['a rep reaches its own', 'get-deal', user('partner_member', 'ptr_1'), 'own'],
    ['staff reaches any', 'get-deal', user('finance'), 'any'],
    ['a role that is not named reaches nothing', 'update-deal', user('finance'), 'auth.forbidden'],
    ['nobody signed in reaches nothing', 'get-deal', anonymous, 'auth.forbidden'],
    ['anybody reaches what is open', 'get-program', anonymous, 'any'],
    ['a rep of no partner reaches nothing', 'get-deal', user('partner_member'), 'auth.forbidden'],
    ['a key made for it reaches as its role does', 'get-deal', key('partner_member', ['deals:read'], 'ptr_1'), 'own'],
    [
      'a key made for something else reaches nothing',
      'get-deal',
      key('partner_member', ['deals:write'], 'ptr_1'),
      'auth.forbidden',
    ],
    ['a key made for it, of a role that may not', 'update-deal', key('finance', ['deals:write']), 'auth.forbidden'],
    [
      'a key reaches nothing that keys cannot be made for',
      'decide-approval',
      key('partner_manager', scopes),
      'auth.forbidden',
    ],
  ];
  test.each(rows)('then %s', (_label, operation, caller, expected) => {
    expect(reach(operation, caller)).toBe(expected);
  });

  test('then what is its own is its partner’s, and nothing else', () => {
    const rep = user('partner_member', 'ptr_1');
    expect([
      reaches('get-deal', rep, 'ptr_1'),
      reaches('get-deal', rep, 'ptr_2'),
      reaches('get-deal', user('admin'), 'ptr_2'),
    ]).toEqual([true, false, true]);
  });
});

describe('when a caller is refused, then it is told why', () => {
  const rows: readonly (readonly [label: string, operation: Operation, caller: Caller, words: string])[] = [
    ['who is not signed in', 'get-deal', anonymous, 'This needs a caller who is signed in.'],
    ['whose role may not', 'update-deal', user('finance'), 'The role finance may not do this.'],
    ['who belongs to no partner', 'get-deal', user('partner_member'), 'This caller belongs to no partner.'],
    [
      'a key made for something else',
      'get-deal',
      key('partner_member', ['deals:write'], 'ptr_1'),
      'This API key was not made for deals:read.',
    ],
    [
      'a key made for nothing',
      'get-deal',
      { kind: 'api_key', id: 'key_1', role: 'partner_member', partnerId: 'ptr_1' },
      'This API key was not made for deals:read.',
    ],
    [
      'a key, where keys cannot be used',
      'decide-approval',
      key('partner_manager', scopes),
      'API keys cannot be used for this.',
    ],
  ];
  test.each(rows)('%s', (_label, operation, caller, message) => {
    expect(refusalOf(() => reachOf(operation, caller))).toMatchObject({ kind: 'forbidden', message });
  });

  test('and what is of another partner, or of none, is not there', () => {
    const rep = user('partner_member', 'ptr_1');
    expect(refusalOf(() => mustReach('get-deal', rep, 'ptr_2')).code).toBe('not_found');
    expect(refusalOf(() => mustReach('get-deal', rep, undefined)).code).toBe('not_found');
    expect(codeOf(() => mustReach('get-deal', rep, 'ptr_1'))).toBe('done');
    expect(reaches('get-program', anonymous, undefined)).toBe(true);
  });
});

const rowsOf = Object.entries<AccessRow>(access);
const operationsOf = (pick: (row: AccessRow) => boolean): readonly string[] =>
  rowsOf.filter(([, row]) => pick(row)).map(([operation]) => operation);

/** What must never change by accident, whatever else the table says. */
describe('when the table is read as a whole', () => {
  test('then only these are open to anyone', () => {
    expect(operationsOf((row) => row.anyone === true)).toEqual([
      'apply-partner',
      'get-application',
      'resubmit-application',
      'receive-stripe-event',
      'get-program',
      'get-program-guide',
      'get-openapi',
      'read-docs',
      'read-docs-script',
    ]);
  });

  test('then every operation is somebody’s', () => {
    expect(operationsOf((row) => !row.anyone && !roles.some((role) => row[role]))).toEqual([]);
  });

  test('then no machine decides, signs, grants or changes the program', () => {
    const byPeople = [
      'decide-approval',
      'accept-agreement',
      'invite-user',
      'create-api-key',
      'publish-program',
    ] as const;
    for (const operation of byPeople) expect(access[operation]).not.toHaveProperty('scope');
  });

  test('then finance changes no deal, and no partner decides or attributes', () => {
    const changesDeals = operationsOf((row) => row.scope === 'deals:write' && row.finance !== undefined);
    expect(changesDeals).toEqual(['check-deal']);
    for (const operation of ['decide-approval', 'attribute-deal', 'suspend-partner', 'publish-program'] as const) {
      expect([
        reach(operation, user('partner_admin', 'ptr_1')),
        reach(operation, user('partner_member', 'ptr_1')),
      ]).toEqual(['auth.forbidden', 'auth.forbidden']);
    }
  });

  test('then the scopes of keys are those of the table', () => {
    expect(scopes).toEqual([
      'deals:read',
      'deals:write',
      'documents:read',
      'documents:write',
      'earnings:read',
      'earnings:write',
      'events:read',
      'facts:write',
      'health:read',
      'known-accounts:write',
      'kpis:read',
      'mdf:read',
      'mdf:write',
      'milestones:write',
      'partners:read',
      'payments:write',
      'usage:write',
    ]);
  });
});
