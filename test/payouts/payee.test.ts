import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '#shared/core/caller.ts';
import { revealPayees } from '#shared/payouts/payee-secrets-store.ts';
import { getPayee, payeeChangeKey } from '#shared/payouts/payee-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { documents, read as readItems } from '#shared/platform/table.ts';
import { anActivePartner, ask, now, read } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { letters, mail } from '#test/support/letters.ts';
import { admin, adminOf, finance, manager, repOf } from '#test/support/people.ts';
import { notify } from '#workflows/notify.ts';
import { anIbanPayee, aUsPayee } from './a-payee.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.PAYEE_SECRET = 'a secret of this test';
  process.env.MAIL_FROM = 'program@example.com';
  process.env.PORTAL_URL = 'https://portal.example.com';
  await testTable();
  await publish(aProgram());
});
beforeEach(() => mail.reset());

const change = (partnerId: string, body: unknown, more: Record<string, unknown> = {}) =>
  ask({ operation: 'update-partner', caller: adminOf(partnerId), params: { partnerId }, body, ifMatch: 3, ...more });

describe('when a partner says where it is paid', () => {
  test.each([
    [
      'an IBAN',
      anIbanPayee(),
      { kind: 'iban', lastFour: '3000', countryCode: 'DE', taxForm: { kind: 'eu_vat', lastFour: '5976' } },
    ],
    [
      'an American account',
      aUsPayee(),
      { kind: 'us_account', lastFour: '0175', routingNumberLastFour: '0021', countryCode: 'US' },
    ],
  ])('then %s is answered by its last four, to itself and to finance', async (_, payee, shown) => {
    const id = await anActivePartner();
    const reply = await change(id, { payee });
    expect(reply).toMatchObject({
      status: 200,
      headers: { etag: '"4"' },
      body: { payee: { ...shown, version: 1, changedAt: now } },
    });
    expect((await read(id, adminOf(id))).body.payee).toEqual(reply.body.payee);
    expect((await read(id, finance)).body.payee).toEqual(reply.body.payee);
    for (const other of [manager, admin, repOf(id)]) expect((await read(id, other)).body.payee).toBeUndefined();
    const again = await change(id, { payee });
    expect(again).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' }, body: reply.body });
  });

  test('then each change is a version of its own, and an earlier one can still be paid to', async () => {
    const id = await anActivePartner();
    await change(id, { payee: anIbanPayee() });
    await change(id, { payee: aUsPayee() }, { ifMatch: 4, at: '2026-07-09T08:00:00.000Z' });
    expect(await getPayee(id)).toMatchObject({ version: 2, kind: 'us_account', changedAt: '2026-07-09T08:00:00.000Z' });
    const both = await revealPayees([
      { partnerId: id, version: 2 },
      { partnerId: id, version: 1 },
    ]);
    expect(both.map(({ secrets }) => secrets)).toEqual([
      { routingNumber: '021000021', accountNumber: '000483920175', taxId: '98-7654321' },
      { iban: 'DE89370400440532013000', taxId: 'DE136695976' },
    ]);
    const repeated = await change(id, { payee: anIbanPayee() });
    expect(repeated).toMatchObject({
      body: { payee: { version: 1, kind: 'iban' } },
      headers: { 'idempotency-replayed': 'true' },
    });
    const [mark] = await readItems([payeeChangeKey(adminOf(id).id)]);
    expect(mark).toMatchObject({ at: '2026-07-09T08:00:00.000Z', partnerId: id });
  });

  test('then of two at once one is told to read again, and one version is kept', async () => {
    const id = await anActivePartner();
    const racing = await Promise.all([anIbanPayee(), aUsPayee()].map((payee) => change(id, { payee })));
    expect(racing.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(await getPayee(id)).toMatchObject({ version: 1 });
  });
});

describe('when payment details are faulty', () => {
  const pointersOf = (body: Readonly<Record<string, unknown>>) =>
    (body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort();

  test.each([
    ['wrong check digits', anIbanPayee({ iban: 'DE88370400440532013000' }), ['#/payee/iban']],
    ['a country without IBANs', anIbanPayee({ iban: 'US89370400440532013000' }), ['#/payee/iban']],
    ['one digit too few', anIbanPayee({ iban: 'DE8937040044053201300' }), ['#/payee/iban']],
    ['a BIC that is none', anIbanPayee({ bic: 'COBA' }), ['#/payee/bic']],
    ['a wrong routing number', aUsPayee({ routingNumber: '021000022' }), ['#/payee/routingNumber']],
    ['a district that is not there', aUsPayee({ routingNumber: '990000008' }), ['#/payee/routingNumber']],
    ['letters in an account number', aUsPayee({ accountNumber: '12AB' }), ['#/payee/accountNumber']],
    ['a tax number of the wrong form', aUsPayee({ taxForm: { kind: 'w9', id: '12' } }), ['#/payee/taxForm/id']],
    ['an unknown tax form', aUsPayee({ taxForm: { kind: 'w10', id: '98-7654321' } }), ['#/payee/taxForm/kind']],
    ['an unknown kind', { kind: 'cheque' }, ['#/payee/accountHolder', '#/payee/address', '#/payee/kind']],
    ['an account of the other kind', anIbanPayee({ accountNumber: '483920175' }), ['#/payee/accountNumber']],
    [
      'everything at once',
      aUsPayee({
        routingNumber: '1',
        accountNumber: 'x',
        accountHolder: ' ',
        address: { streetAddress: '1', postalCode: '1' },
      }),
      [
        '#/payee/accountHolder',
        '#/payee/accountNumber',
        '#/payee/address/city',
        '#/payee/address/countryCode',
        '#/payee/routingNumber',
      ],
    ],
    ['what is missing', { ...anIbanPayee(), iban: undefined, bic: 'X' }, ['#/payee/bic', '#/payee/iban']],
    [
      'numbers of the other kind, beside others',
      { ...aUsPayee({ accountHolder: '' }), iban: 'DE89370400440532013000' },
      ['#/payee/accountHolder', '#/payee/iban'],
    ],
  ])('then %s is named', async (_, payee, pointers) => {
    const id = await anActivePartner();
    const reply = await change(id, { payee });
    expect(reply).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(pointersOf(reply.body)).toEqual(pointers);
    expect(await getPayee(id)).toBeUndefined();
  });

  test.each<[string, (id: string) => Caller, number]>([
    ['a partner manager', () => manager, 403],
    ['finance', () => finance, 403],
    ['an administrator of the program', () => admin, 403],
    ['a rep of the partner', repOf, 403],
    ['an administrator of another partner', () => adminOf('ptr_other'), 404],
  ])('then %s may not say it', async (_, who, status) => {
    const id = await anActivePartner();
    expect((await change(id, { payee: anIbanPayee() }, { caller: who(id) })).status).toBe(status);
    expect(await getPayee(id)).toBeUndefined();
  });
});

const tellOf = async (id: string): Promise<void> => {
  for (const event of await listEvents(id, 1, 100)) if (event.type === 'partner.payee_changed') await notify(event);
};

describe('when payment details have changed', () => {
  test('then the addresses known before are told, not those that came with the change or shortly before', async () => {
    const id = await anActivePartner();
    const [{ email: first } = { email: '' }] = (await read(id)).body.contacts as { email: string }[];
    const thief = [{ firstName: 'Eve', lastName: 'Stranger', email: 'eve@elsewhere.example' }];
    await change(id, { contacts: thief }, { at: '2026-07-02T08:00:00.000Z' });
    await change(id, { payee: anIbanPayee() }, { ifMatch: 4, at: '2026-07-03T08:00:00.000Z' });
    await tellOf(id);
    const [letter, ...more] = letters();
    expect(more).toEqual([]);
    expect(letter?.to).toEqual([first, 'eve@elsewhere.example'].sort());
    expect(letter?.text).toMatch(/ends in 3000 .* 72 hours/);
    await change(id, { payee: aUsPayee() }, { ifMatch: 5, at: '2026-09-03T08:00:00.000Z' });
    await tellOf(id);
    expect(letters().at(-1)?.to).toEqual(['eve@elsewhere.example']);
  });

  test('then contacts that come with it are not asked', async () => {
    const id = await anActivePartner();
    const thief = [{ firstName: 'Eve', lastName: 'Stranger', email: 'eve@elsewhere.example' }];
    await change(id, { contacts: thief, payee: anIbanPayee() });
    await tellOf(id);
    expect(letters().flatMap(({ to }) => to)).not.toContain('eve@elsewhere.example');
  });

  test('then its numbers stand nowhere in clear: not in a list, an event, a mail or the table', async () => {
    const id = await anActivePartner();
    const marks = { accountNumber: `7${String(Date.now()).slice(-9)}31`, taxId: `47-${String(Date.now()).slice(-7)}` };
    const payee = aUsPayee({ accountNumber: marks.accountNumber, taxForm: { kind: 'w9', id: marks.taxId } });
    const reply = await change(id, { payee }, { headers: { 'x-trace': randomUUID() } });
    expect(reply.status).toBe(200);
    await tellOf(id);
    const list = await ask({ operation: 'list-partners', caller: finance });
    const { Items } = await documents.send(new ScanCommand({ TableName: process.env.PROGRAM_TABLE }));
    const places = [
      reply.text,
      list.text,
      JSON.stringify(letters()),
      JSON.stringify(Items),
      (await read(id, finance)).text,
    ];
    for (const place of places) {
      expect(place).not.toContain(marks.accountNumber);
      expect(place).not.toContain(marks.taxId);
      expect(place).not.toContain('021000021');
    }
    expect(JSON.stringify(list.body)).not.toContain('lastFour');
    const [event] = (await listEvents(id, 4, 1)).map(({ type, changes, personal }) => ({ type, changes, personal }));
    expect(event).toEqual({ type: 'partner.payee_changed', changes: { payeeVersion: 1 }, personal: [] });
  });
});
