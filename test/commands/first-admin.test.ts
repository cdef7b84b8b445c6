import { beforeAll, expect, test } from 'vitest';
import { makeFirstAdmin } from '#local/commands/make-first-admin.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { now } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';

beforeAll(() => testTable());

test('when a stage is new, then its first administrator is invited, once, and nobody after', async () => {
  const ada = await makeFirstAdmin('Ada@acme.example', now);
  expect(ada).toMatchObject({ status: 'invited', role: 'admin', email: 'ada@acme.example', grantedBy: 'system' });
  expect(await listEvents(ada.id, 1, 10)).toMatchObject([{ type: 'user.invited', by: 'system' }]);

  expect((await makeFirstAdmin('ada@acme.example', '2027-01-01T00:00:00.000Z')).id).toBe(ada.id);
  expect(await listEvents(ada.id, 1, 10)).toHaveLength(1);

  await expect(makeFirstAdmin('eve@evil.example', now)).rejects.toThrow('There is an administrator already');
});
