import { beforeAll, expect, test } from 'vitest';
import { handler } from '#functions/documents/door.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import type { Call } from '#test/support/call.ts';
import { send } from '#test/support/call.ts';
import { requestsOf } from '#test/support/count-requests.ts';
import { commitGate } from '#test/support/gates.ts';
import { manager, repOf } from '#test/support/people.ts';
import { anAnnouncement, aVerifiedDocument, now } from './a-document.ts';

const partnerId = 'ptr_requests';
beforeAll(async () => {
  await testTable();
  await commitGate(partnerId);
});

const announce = (more: Partial<Call>) =>
  requestsOf(() => send(handler, { operation: 'create-document', caller: repOf(partnerId), at: now, ...more }));

test('when a document is announced, then it is one request to the table on success, replay and refusal', async () => {
  const body = anAnnouncement();
  const asked = [
    await announce({ body, key: 'k' }),
    await announce({ body, key: 'k' }),
    await announce({ body: anAnnouncement(), key: 'k' }),
    await announce({ body: { ...body, partnerId: 'ptr_none' }, caller: manager }),
  ];
  expect(asked.map(({ result, requests }) => [result.status, requests])).toEqual([
    [201, ['TransactWriteItems']],
    [201, ['TransactWriteItems']],
    [422, ['TransactWriteItems']],
    [404, ['TransactWriteItems']],
  ]);
});

test('when a document is read, then it is one request, and the link costs none', async () => {
  const { id } = await aVerifiedDocument({ partnerId });
  const params = { documentId: id };
  const look = () => send(handler, { operation: 'get-document', caller: repOf(partnerId), at: now, params });
  expect((await requestsOf(look)).requests).toEqual(['BatchGetItem']);
});
