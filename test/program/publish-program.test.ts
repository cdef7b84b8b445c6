import { beforeAll, describe, expect, it } from 'vitest';
import { handler } from '#functions/program/door.ts';
import { brokenLink, type Intent } from '#shared/core/history.ts';
import { addDays, instant, millis } from '#shared/core/time.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import { ProgramView, PublicationView } from '#shared/program/program-contract.ts';
import { findProgramAt, listProgramVersions, programAt } from '#shared/program/program-store.ts';
import { type ProgramVersion, versionAt } from '#shared/program/program-version.ts';
import { publishVersion } from '#shared/program/publish-version.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { send } from '#test/support/call.ts';
import { admin, manager } from '#test/support/people.ts';
import { edited, editedProgram, exampleSource } from './example-files.ts';

const now = '2026-07-01T12:00:00.000Z';
const minutesLater = (minutes: number) => instant(millis(now) + minutes * 60_000);
const intent: Intent = { writeId: 'w1', bodyHash: 'b1', by: 'usr_admin', at: now };

const example = parseProgram(exampleSource);
const shorter = editedProgram(['protectionDays: 90', 'protectionDays: 60']);
const longer = editedProgram(['protectionDays: 90', 'protectionDays: 120']);

const first = publishVersion(
  {
    program: example,
    sourceHash: 'h',
    effectiveFrom: now,
    latest: undefined,
    currency: undefined,
    replaced: undefined,
  },
  intent,
).entity;

const next = (program: typeof example, effectiveFrom: string) =>
  publishVersion(
    { program, sourceHash: 'h', effectiveFrom, latest: first, currency: 'USD', replaced: example },
    intent,
  );

describe('when a version is to take effect', () => {
  it.each([
    { label: 'what gives, in two minutes', program: longer, at: minutesLater(2) },
    { label: 'what changes nothing, in two minutes', program: example, at: minutesLater(2) },
    { label: 'what takes away, in 30 days', program: shorter, at: addDays(now, 30) },
  ])('then $label is published', ({ program, at }) => {
    expect(next(program, at).entity).toMatchObject({ version: 2, effectiveFrom: at });
  });

  it.each([
    {
      label: 'what gives, in less than two minutes',
      program: longer,
      at: instant(millis(minutesLater(2)) - 1),
      code: 'program.effective_too_soon',
    },
    { label: 'what gives, at once', program: longer, at: now, code: 'program.effective_too_soon' },
    { label: 'what gives, in the past', program: longer, at: addDays(now, -1), code: 'program.effective_too_soon' },
    {
      label: 'what takes away, just short of 30 days',
      program: shorter,
      at: instant(millis(addDays(now, 30)) - 1),
      code: 'program.notice_too_short',
    },
  ])('then $label is refused', ({ program, at, code }) => {
    expect(() => next(program, at)).toThrow(expect.objectContaining({ kind: 'rule', code }));
  });

  it('then a refusal for want of notice names each change that takes away, and none that does not', () => {
    const mixed = editedProgram(['protectionDays: 90', 'protectionDays: 60'], ['coolOffDays: 30', 'coolOffDays: 10']);
    expect(() => next(mixed, addDays(now, 1))).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('protection days (deals): from 90 to 60'),
        details: {
          facts: {
            earliest: addDays(now, 30),
            changes: [
              { path: 'deals.protectionDays', text: 'protection days (deals): from 90 to 60', takesAway: true },
            ],
          },
        },
      }),
    );
  });

  it('then the very first may hold at once', () => {
    expect(first).toMatchObject({ version: 1, effectiveFrom: now, changes: [] });
  });
});

describe('when several versions have been published', () => {
  const version = (number: number, effectiveFrom: string): ProgramVersion => ({
    ...first,
    version: number,
    effectiveFrom,
  });
  const one = version(1, '2026-01-01T00:00:00.000Z');
  const two = version(2, '2026-09-01T00:00:00.000Z');
  const three = version(3, '2026-08-01T00:00:00.000Z');

  it.each([
    { label: 'before the first', at: '2025-12-31T23:59:59.999Z', is: undefined },
    { label: 'at the very instant of the first', at: '2026-01-01T00:00:00.000Z', is: 1 },
    { label: 'just before the next', at: '2026-07-31T23:59:59.999Z', is: 1 },
    { label: 'after the last published, though another was planned for later', at: '2026-08-01T00:00:00.000Z', is: 3 },
    { label: 'when the date of the overtaken one comes', at: '2026-09-01T00:00:00.000Z', is: 3 },
  ])('then $label version $is is in force', ({ at, is }) => {
    expect(versionAt([three, two, one], at)?.version).toBe(is);
  });
});

describe('when programs are published through the door', () => {
  const publish = (source: string, effectiveFrom: string, more: { key?: string; at?: string } = {}) =>
    send(handler, {
      operation: 'publish-program',
      caller: admin,
      at: more.at ?? now,
      body: { source, effectiveFrom },
      ...(more.key ? { key: more.key } : {}),
    });
  const read = (at: string) => send(handler, { operation: 'get-program', at });
  const longerSource = edited(['protectionDays: 90', 'protectionDays: 120']);

  beforeAll(async () => {
    process.env.CURSOR_SECRET = 'secret';
    await testTable();
  });

  // One story, told in order: each step finds what the steps before it have left.
  it('then there is nothing before the first', async () => {
    expect((await read(now)).status).toBe(404);
    await expect(programAt(now)).rejects.toMatchObject({ code: 'program.not_published' });
  });

  it('then the first holds at once, and everybody reads it', async () => {
    const reply = await publish(exampleSource, '2026-07-01T12:00:00Z', { key: 'first' });
    expect(reply).toMatchObject({ status: 201, body: { version: 1, effectiveFrom: now, changes: [] } });
    const seen = await read(now);
    expect(seen).toMatchObject({ status: 200, headers: { etag: '"1"' } });
    expect(ProgramView.parse(seen.body)).toMatchObject({ version: 1, currency: 'USD', deals: { protectionDays: 90 } });
  });

  it('then the same request again is answered as before, and publishes nothing', async () => {
    const again = await publish(exampleSource, '2026-07-01T12:00:00Z', { key: 'first', at: addDays(now, 1) });
    expect(again).toMatchObject({ status: 201, body: { version: 1 }, headers: { 'idempotency-replayed': 'true' } });
    const other = await publish(longerSource, '2026-07-01T12:00:00Z', { key: 'first' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
    expect(await listProgramVersions()).toHaveLength(1);
  });

  it('then the next holds from its date on, and the answer says what changed', async () => {
    const reply = await publish(longerSource, addDays(now, 1));
    expect(PublicationView.parse(reply.body)).toEqual({
      version: 2,
      effectiveFrom: addDays(now, 1),
      changes: [{ path: 'deals.protectionDays', text: 'protection days (deals): from 90 to 120', takesAway: false }],
    });
    expect((await findProgramAt(instant(millis(addDays(now, 1)) - 1)))?.version).toBe(1);
    expect(await findProgramAt(addDays(now, 1))).toMatchObject({
      version: 2,
      program: { deals: { protectionDays: 120 } },
    });
  });

  it('then what takes away is measured against the version it replaces', async () => {
    const back = await publish(exampleSource, addDays(now, 2));
    expect(back).toMatchObject({ status: 422, body: { code: 'program.notice_too_short', earliest: addDays(now, 30) } });
    const inTime = await publish(exampleSource, addDays(now, 30));
    expect(inTime).toMatchObject({ status: 201, body: { version: 3, changes: [{ takesAway: true }] } });
  });

  it('then one in another currency is refused, whenever it is to hold: what is owed stays in its own', async () => {
    for (const at of [addDays(now, -30), addDays(now, 40)])
      expect(await publish(exampleSource.replaceAll(' USD', ' EUR'), at)).toMatchObject({
        status: 422,
        body: {
          code: 'program.currency_fixed',
          errors: [{ pointer: '#/source', detail: expect.stringContaining('currency must stay USD') }],
        },
      });
  });

  it('then a faulty file is refused with every fault', async () => {
    const reply = await publish(
      edited(['protectionDays: 90', 'protectionDays: 0'], ['every: month', 'every: day']),
      addDays(now, 40),
    );
    expect(reply).toMatchObject({
      status: 400,
      body: {
        code: 'request.invalid',
        errors: [
          { pointer: '#/source', detail: expect.stringMatching(/^line \d+, column 3: deals.protectionDays must be/) },
          { pointer: '#/source', detail: expect.stringMatching(/^line \d+, column 3: payouts.every must be/) },
        ],
      },
    });
  });

  it('then nobody but an administrator may', async () => {
    const body = { source: exampleSource, effectiveFrom: addDays(now, 50) };
    expect((await send(handler, { operation: 'publish-program', caller: manager, at: now, body })).status).toBe(403);
  });

  it('then of two at the same time one is told to look again', async () => {
    const source = edited(['coolOffDays: 30', 'coolOffDays: 29']);
    const replies = await Promise.all([1, 2].map(() => publish(source, addDays(now, 60))));
    const statuses = replies.map((reply) => reply.status).sort();
    expect([
      [201, 412],
      [201, 201],
    ]).toContainEqual(statuses);
    const versions = await listProgramVersions();
    expect(versions.map((version) => version.version)).toEqual(versions.map((_, index) => versions.length - index));
  });

  it('then the history of the program has no gap', async () => {
    const events = await listEvents('program', 1, 100);
    expect(brokenLink(events)).toBeUndefined();
    expect(events.map((event) => event.type)).toEqual(events.map(() => 'program.published'));
  });

  it('then functions see a new version a minute later at the latest, long before it holds', async () => {
    const at = addDays(now, 100);
    await findProgramAt(at);
    const source = edited(['coolOffDays: 30', 'coolOffDays: 20']);
    const reply = await publish(source, instant(millis(at) + 120_000), { at });
    expect(reply.status).toBe(201);
    expect(await findProgramAt(instant(millis(at) + 120_000))).toMatchObject({
      program: { deals: { coolOffDays: 20 } },
    });
  });

  it('then territories are shown without partners and accounts', async () => {
    const at = addDays(now, 200);
    const source = edited([
      '\nterritories: []',
      '\nterritories:\n  - { id: x, kind: exclusive, text: Closed., partners: { ids: [ptr_1] }, customers: { accounts: [acme.example] } }',
    ]);
    expect((await publish(source, addDays(at, 31), { at })).status).toBe(201);
    const seen = await read(addDays(at, 31));
    expect(seen.body.territories).toEqual([{ id: 'x', text: 'Closed.' }]);
    expect(JSON.stringify(seen.body)).not.toContain('ptr_1');
  });

  it('then nobody sees by whom and from which account partners are paid, nor what it was before', async () => {
    const at = addDays(now, 300);
    const source = edited(['iban: DE89370400440532013000', 'iban: DE75512108001245126199']);
    const published = await publish(source, addDays(at, 31), { at });
    expect(published.status).toBe(201);
    const seen = await read(addDays(at, 31));
    expect(Object.keys(seen.body.payouts as object)).toEqual(expect.arrayContaining(['minimum', 'taxForms']));
    for (const text of [published.text, seen.text]) expect(text).not.toMatch(/DE89|DE75|011000015|bank-file/);
  });
});
