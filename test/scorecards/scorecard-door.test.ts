import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { handler as reviews } from '#functions/scorecard-reviews/door.ts';
import { handler } from '#functions/scorecards/door.ts';
import { handler as tasks } from '#functions/tasks/door.ts';
import type { Fact } from '#shared/facts/fact.ts';
import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import { putFacts } from '#shared/facts/fact-write-store.ts';
import { aFact, aProfile, ask as askHealth, quarter, reviewDay, run } from '#test/health/a-scoring-run.ts';
import { anActivePartner } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { type Call, send } from '#test/support/call.ts';
import { adminOf, manager, otherManager, repOf } from '#test/support/people.ts';

const params = (partnerId: string) => ({ partnerId, quarter });

const read = (partnerId: string, more: Partial<Call> = {}) =>
  send(handler, {
    operation: 'get-scorecard',
    caller: repOf(partnerId),
    at: reviewDay,
    params: params(partnerId),
    ...more,
  });
const say = (partnerId: string, body: object, more: Partial<Call> = {}) =>
  send(reviews, {
    operation: 'review-scorecard',
    caller: manager,
    at: reviewDay,
    params: params(partnerId),
    body,
    ...more,
  });
const acknowledge = (partnerId: string, more: Partial<Call> = {}) =>
  send(reviews, {
    operation: 'acknowledge-scorecard',
    caller: repOf(partnerId),
    at: reviewDay,
    params: params(partnerId),
    body: { answer: 'Agreed.' },
    ...more,
  });
const invitation = (partnerId: string, more: Partial<Call> = {}) =>
  send(reviews, {
    operation: 'get-scorecard-invitation',
    caller: repOf(partnerId),
    at: reviewDay,
    params: params(partnerId),
    ...more,
  });

const some = (partnerId: string, kind: FactKindId, values: readonly number[], of = quarter): readonly Fact[] =>
  values.map((value) => aFact(partnerId, { kind, value, quarter: of }));

const remarks = {
  comment: 'A strong quarter in the north. The south needs a second trained engineer before the renewal in autumn.',
  actions: [
    { title: 'Train a second engineer in the south', owner: 'partner', dueOn: '2026-08-31', done: false },
    { title: 'Plan the plant managers’ breakfast', owner: 'partner_manager', dueOn: '2026-07-31', done: true },
  ],
  meeting: { startsAt: '2026-07-14T14:00:00Z', durationMinutes: 60, place: 'Room 4; by the harbour' },
};

let partnerId = '';
let draft = '';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(aProgram());
  partnerId = await anActivePartner();
  draft = await anActivePartner();
  const earlier = ['2025-Q3', '2025-Q4', '2026-Q1'];
  await putFacts([
    aProfile(partnerId),
    ...some(partnerId, 'deal.won.sourced.new', [4_500_000, 2_250_000]),
    ...earlier.flatMap((of, index) => some(partnerId, 'deal.won.sourced.new', [1_000_000 * (index + 2)], of)),
    ...earlier.flatMap((of, index) => some(partnerId, 'deal.approved', [1_500_000 * (index + 2)], of)),
    ...some(partnerId, 'deal.approved', [4_500_000, 2_250_000, 900_000]),
    ...some(partnerId, 'deal.influenced', [3_000_000]),
    ...some(partnerId, 'deal.lost', [2_000_000]),
    ...some(partnerId, 'partner.target', [8_000_000]),
    ...some(partnerId, 'training.completed', [1]),
    ...some(partnerId, 'marketing.event', [1, 1]),
    ...some(partnerId, 'nps.answer', [10, 9, 4, 4, 5, 8]),
    ...some(partnerId, 'csat.answer', [5, 4, 4]),
  ]);
  await run();
});

describe('when a quarter was scored but not published', () => {
  test('then staff sees the scorecard as a draft, with its warnings, and the partner does not', async () => {
    const reply = await read(partnerId, { caller: manager });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        status: 'draft',
        quarter,
        warnings: [
          {
            kind: 'far_below_target',
            text: 'Partner NPS: less than 50 % of the target.',
            until: '2026-08-29',
          },
        ],
      },
    });
    const about = { operation: 'list-partner-tasks', at: reviewDay, params: { partnerId } } as const;
    const warned = ({ text }: { readonly text: string }) => text.includes('less than 50 % of the target');
    expect(warned(await send(tasks, { ...about, caller: manager }))).toBe(true);
    expect(warned(await send(tasks, { ...about, caller: repOf(partnerId) }))).toBe(false);
    expect((await read(partnerId)).status).toBe(404);
    expect((await acknowledge(partnerId)).status).toBe(404);
    expect((await read(draft, { caller: manager })).status).toBe(404);
  });
});

describe('when a quarter is published', () => {
  beforeAll(() => askHealth('publish-quarter', { params: { quarter }, body: {} }));

  test('then the partner sees each figure with its target, colour and the quarters before', async () => {
    const { body } = await read(partnerId);
    expect(body).not.toHaveProperty('warnings');
    expect(body.figures).toContainEqual({
      metric: 'revenueClosed',
      name: 'Revenue closed',
      group: 'sales',
      unit: 'money',
      formula: 'The partner’s share of the deals it brought that were won',
      actual: { amountMinor: 6_750_000, currency: 'USD' },
      target: { amountMinor: 8_000_000, currency: 'USD' },
      previous: { amountMinor: 4_000_000, currency: 'USD' },
      trend: 'up',
      rag: 'amber',
      ragText: 'close',
      history: [2_000_000, 3_000_000, 4_000_000, 6_750_000].map((amountMinor) => ({ amountMinor, currency: 'USD' })),
    });
    expect(body.figures).toContainEqual(expect.objectContaining({ metric: 'winRate', actual: 66.67, rag: 'green' }));
  });

  test('then another partner finds nothing', async () => {
    expect((await read(partnerId, { caller: repOf(draft) })).status).toBe(404);
    expect((await invitation(partnerId, { caller: repOf(draft) })).status).toBe(404);
  });

  test('then it is a page in the language that is asked for, the same bytes each time', async () => {
    const asked = { headers: { accept: 'application/pdf', 'accept-language': 'de' } };
    const [first, second] = [await read(partnerId, asked), await read(partnerId, asked)];
    expect(first.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-language': 'de' });
    expect(first.text).toBe(second.text);
    const bytes = Buffer.from(first.text, 'base64');
    expect(bytes.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
    if (process.env.SCORECARD_FILE) writeFileSync(process.env.SCORECARD_FILE, bytes);
  });
});

describe('when people talk about it', () => {
  test('then a manager says what there is to say, having seen what was said before', async () => {
    expect(await say(partnerId, remarks)).toMatchObject({
      status: 200,
      body: { status: 'open', ...remarks, meeting: { ...remarks.meeting, startsAt: '2026-07-14T14:00:00.000Z' } },
    });
    expect((await say(partnerId, { actions: [] }, { caller: otherManager })).status).toBe(428);
    expect((await say(partnerId, { actions: [] }, { caller: repOf(partnerId) })).status).toBe(403);
    expect((await read(partnerId)).body).toMatchObject({ review: { comment: remarks.comment } });
  });

  test('then the partner acknowledges what it has seen, and again what is said anew', async () => {
    expect(await acknowledge(partnerId, { key: 'seen' })).toMatchObject({
      status: 200,
      body: { status: 'acknowledged', answer: 'Agreed.', acknowledged: { by: repOf(partnerId).id, revision: 1 } },
    });
    expect((await acknowledge(partnerId, { key: 'seen' })).headers['idempotency-replayed']).toBe('true');
    expect((await acknowledge(partnerId)).body.code).toBe('scorecard.already_acknowledged');
    const { body } = await say(partnerId, remarks, { ifMatch: 2 });
    expect(body.status).toBe('open');
    expect(body).not.toHaveProperty('acknowledged');
    expect((await acknowledge(partnerId, { caller: adminOf(partnerId) })).status).toBe(200);
  });

  test('then the review is an entry for a calendar that takes the place of an earlier one', async () => {
    const reply = await invitation(partnerId);
    expect(reply.headers['content-type']).toBe('text/calendar; charset=utf-8');
    const lines = reply.text.replaceAll('\r\n ', '').split('\r\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'BEGIN:VCALENDAR',
        'DTSTART:20260714T140000Z',
        'DTEND:20260714T150000Z',
        'SEQUENCE:4',
        'SUMMARY:Quarterly business review 2026-Q2\\, Acme Partners',
        'LOCATION:Room 4\\; by the harbour',
      ]),
    );
    expect((await invitation(partnerId)).text).toBe(reply.text);
    expect((await invitation(draft)).status).toBe(404);
  });
});
