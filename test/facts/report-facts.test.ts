import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/facts/door.ts';
import type { Caller } from '#shared/core/caller.ts';
import { company } from '#shared/facts/fact.ts';
import { type RefusalCode, refusals } from '#shared/facts/fact-report.ts';
import { listFacts } from '#shared/facts/fact-store.ts';
import { anActivePartner, now } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { type Call, send } from '#test/support/call.ts';
import { finance, manager } from '#test/support/people.ts';
import { recordOf } from '#test/support/stored-record.ts';
import { handler as writeFacts } from '#workflows/facts/write-facts.ts';
import { storedEvents } from './a-history.ts';

let partnerId = '';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable({ activity: true });
  await publish(aProgram());
  partnerId = await anActivePartner();
});

let serial = 0;
const aRow = (row: Record<string, unknown> = {}) => {
  serial += 1;
  return { id: `course-${serial}`, kind: 'training.completed', partnerId, occurredAt: '2026-06-30', ...row };
};

const tell = (facts: readonly unknown[], more: Partial<Call> & { readonly source?: string } = {}) => {
  const { source, ...call } = more;
  const body = { facts, ...(source === undefined ? {} : { source }) };
  return send(handler, { operation: 'report-facts', caller: manager, at: now, body, ...call });
};

const money = { value: 125_000, currency: 'USD' };
/** What is no member of a row; a row that lacks a member has it as undefined. */
const without = undefined;

describe('a batch of facts', () => {
  test.each<readonly [RefusalCode, Record<string, unknown>]>([
    ['fact.unknown_kind', { kind: 'training.begun' }],
    ['fact.not_reportable', { kind: 'deal.won.sourced.new', ...money }],
    ['fact.partner_missing', { partnerId: without }],
    ['fact.about_company', { kind: 'direct.lost', ...money }],
    ['fact.unknown_partner', { partnerId: 'ptr_00000000000000000000000000' }],
    ['fact.time_not_readable', { occurredAt: '30.06.2026' }],
    ['fact.in_future', { occurredAt: '2026-07-01T12:00:00.001Z' }],
    ['fact.wrong_unit', { unit: 'hours' }],
    ['fact.wrong_unit', { currency: 'USD' }],
    ['fact.value_missing', { kind: 'nps.answer' }],
    ['fact.value_out_of_range', { kind: 'nps.answer', value: 11 }],
    ['fact.value_out_of_range', { value: 0.5 }],
    ['fact.value_out_of_range', { kind: 'api.open', value: 2 }],
    ['money.currency_mismatch', { kind: 'lead.won', ...money, currency: 'EUR' }],
    ['money.currency_mismatch', { kind: 'lead.won', value: 1 }],
  ])('when a row is bad (%s: %j), then it is named with its reason, and the others are taken', async (code, bad) => {
    const row = aRow(bad);
    const { status, body } = await tell([aRow(), row, aRow()]);
    expect(status).toBe(200);
    expect(body).toEqual({
      accepted: 2,
      known: 0,
      refused: [{ row: 2, id: row.id, code, detail: expect.stringContaining(refusals[code]) }],
    });
  });

  test('when facts are told again, in another batch, by somebody else, then they are known, and other content is refused', async () => {
    const [one, two] = [aRow(), aRow()];
    expect((await tell([one])).body).toEqual({ accepted: 1, known: 0, refused: [] });
    expect((await tell([two, one, one], { caller: finance })).body).toEqual({ accepted: 1, known: 2, refused: [] });
    const other = { ...one, occurredAt: '2026-06-29' };
    expect((await tell([other])).body).toMatchObject({ accepted: 0, refused: [{ row: 1, code: 'fact.id_reused' }] });
    const twice = aRow();
    expect((await tell([twice, { ...twice, value: 2 }])).body).toMatchObject({
      accepted: 1,
      refused: [{ row: 2, code: 'fact.id_reused' }],
    });
  });

  test('when two sources use the same id, then they tell of two facts', async () => {
    const row = aRow();
    const key = { kind: 'api_key', role: 'partner_manager', scopes: ['facts:write'] } as const;
    const callers: readonly Caller[] = [manager, { ...key, id: 'key_one' }, { ...key, id: 'key_two' }];
    for (const caller of callers) expect((await tell([row], { caller })).body).toMatchObject({ accepted: 1 });
    expect((await tell([row], { source: 'academy' })).body).toMatchObject({ accepted: 1 });
    expect((await tell([row], { source: 'academy', caller: callers[1] as Caller })).body).toMatchObject({ known: 1 });
  });

  test('when a hundred come at once, and again, then each is there once', async () => {
    const rows = Array.from({ length: 100 }, () => aRow());
    const key = 'a-hundred';
    const [one, two, three] = await Promise.all([tell(rows, { key }), tell(rows, { key }), tell(rows)]);
    const answers = [one, two, three].map(({ body }) => Number(body.accepted) + Number(body.known));
    expect(answers).toEqual([100, 100, 100]);
    expect((await tell(rows)).body).toEqual({ accepted: 0, known: 100, refused: [] });
    const ids = new Set(rows.map(({ id }) => id));
    const events = (await storedEvents()).filter(({ changes }) => ids.has(String(changes.sourceId)));
    expect(events).toHaveLength(100);
  });

  test('when the report is asked for as CSV, then there is a line for each row, and no formula in it', async () => {
    const rows = [aRow(), aRow({ id: '=1+1', kind: 'nothing' })];
    const { text, headers } = await tell(rows, { headers: { accept: 'text/csv' } });
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(text.split('\r\n')).toEqual([
      'row,id,outcome,code,detail',
      `1,${rows[0]?.id},accepted,,`,
      `2,'=1+1,refused,fact.unknown_kind,${refusals['fact.unknown_kind']}`,
      '',
    ]);
  });

  test.each([
    ['nothing', []],
    ['more than a hundred', Array.from({ length: 101 }, () => aRow())],
    ['what is no fact', [{ ...aRow(), score: 5 }]],
  ])('when it holds %s, then all of it is refused', async (_, facts) => {
    expect(await tell(facts)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });
});

test('what was told becomes facts: those of a quarter each, of what stands the newest of each thing', async () => {
  const own = await anActivePartner();
  const row = (kind: string, more: Record<string, unknown>) => aRow({ kind, partnerId: own, ...more });
  const rows = [
    row('lead.won', { ...money, occurredAt: '2026-04-01T00:00:00Z' }),
    row('nps.answer', { value: 0 }),
    row('integration.users', { value: 12, about: 'crm-connector', occurredAt: '2026-06-01' }),
    row('integration.users', { value: 90, about: 'crm-connector' }),
    row('integration.users', { value: 40, about: 'erp-connector' }),
    row('customer.revenue', { ...money, about: 'acme.example' }),
    row('customer.revenue', { ...money, partnerId: without, about: 'other.example' }),
  ];
  expect((await tell(rows)).body).toMatchObject({ accepted: 7, refused: [] });
  const ids = new Set(rows.map(({ id }) => id));
  const events = (await storedEvents()).filter(({ changes }) => ids.has(String(changes.sourceId)));
  for (const some of [events, events.toReversed()]) await writeFacts({ Records: some.map(recordOf) });
  const told = async (whose: string) =>
    (await listFacts(whose, { from: '2026-Q1', to: '2026-Q4' }))
      .map(({ quarter, kind, value, about }) => `${quarter} ${kind} ${value} ${about ?? ''}`.trim())
      .sort();
  expect(await told(own)).toEqual([
    '2026-Q2 customer.revenue 125000 acme.example',
    '2026-Q2 integration.users 40 erp-connector',
    '2026-Q2 integration.users 90 crm-connector',
    '2026-Q2 lead.won 125000',
    '2026-Q2 nps.answer 0',
  ]);
  expect(await told(company)).toEqual(['2026-Q2 customer.revenue 125000 other.example']);
});
