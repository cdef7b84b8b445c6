import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { read as readItems } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { admin, adminOf, finance, manager, repOf } from '#test/support/people.ts';
import { accept, anActivePartner, anApplicant, approve, ask, command, now, read } from './a-partner.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

const scores = (capacity: number, capability: number, commitment: number, customerFit: number) =>
  Object.fromEntries(
    Object.entries({ capacity, capability, commitment, customerFit }).map(([id, score]) => [
      id,
      { score, note: 'Seen.' },
    ]),
  );

const evaluate = (partnerId: string, body: unknown, more = {}) =>
  ask({ operation: 'evaluate-partner', caller: manager, params: { partnerId }, body, ...more });

const update = (partnerId: string, body: unknown, more = {}) =>
  ask({ operation: 'update-partner', caller: manager, params: { partnerId }, body, ...more });

const list = (query: Record<string, string>, caller = manager) => ask({ operation: 'list-partners', caller, query });
const idsOf = (body: Readonly<Record<string, unknown>>): string[] =>
  (body.data as { id: string }[]).map(({ id }) => id);

describe('when a candidate is evaluated', () => {
  test('then the score is weighted to two decimals, and whoever replaces it must have seen it', async () => {
    const { id } = await anApplicant();
    const first = await evaluate(id, scores(5, 4, 4, 3));
    expect(first).toMatchObject({ status: 200, body: { evaluationScore: 4, version: 2 } });
    expect(await evaluate(id, scores(5, 4, 4, 2))).toMatchObject({ status: 428, body: { code: 'version.required' } });
    expect(await evaluate(id, scores(5, 4, 4, 2), { ifMatch: 1 })).toMatchObject({ status: 412 });
    const second = await evaluate(id, scores(5, 4, 4, 2), { ifMatch: 2 });
    expect(second.body.evaluationScore).toBe(3.75);
    const repeated = await evaluate(id, scores(5, 4, 4, 2), { ifMatch: 2 });
    expect(repeated).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true', etag: '"3"' } });
  });

  test('then every criterion of the program needs a score, and no other has one', async () => {
    const { id } = await anApplicant();
    const { capacity: _capacity, ...rest } = scores(5, 4, 4, 3);
    const reply = await evaluate(id, { ...rest, taste: { score: 5, note: 'Fine.' } });
    expect(reply).toMatchObject({
      status: 422,
      body: {
        errors: [
          { pointer: '#/capacity', code: 'partner.score_missing' },
          { pointer: '#/taste', code: 'program.unknown_criterion' },
        ],
      },
    });
    expect((await evaluate(id, scores(6, 0, 1.5, 3))).body.errors).toHaveLength(3);
  });

  test('then it is for partner managers, and the partner never sees it', async () => {
    const id = await anActivePartner();
    expect((await evaluate(id, scores(5, 4, 4, 3), { caller: adminOf(id) })).status).toBe(403);
    await evaluate(id, scores(5, 4, 4, 3));
    expect((await read(id)).body).toMatchObject({ evaluationScore: 4 });
    const own = await read(id, adminOf(id));
    expect(Object.keys(own.body)).not.toEqual(expect.arrayContaining(['evaluation']));
    expect(JSON.stringify(own.body)).not.toMatch(/evaluation|checks|Seen/);
  });
});

describe('when open candidates are ranked', () => {
  test('then the best come first, equals by age, the unjudged last, page by page', async () => {
    const made = [];
    for (let index = 0; index < 6; index += 1) made.push((await anApplicant({ region: 'apac' })).id);
    const [a = '', b = '', c = '', d = '', e = '', f = ''] = made;
    await evaluate(a, scores(3, 3, 3, 3));
    await evaluate(b, scores(5, 5, 5, 4));
    await evaluate(d, scores(1, 1, 1, 1));
    await evaluate(e, scores(5, 5, 5, 5));
    const query = { status: 'applied', sort: '-evaluation', region: 'apac' };
    const whole = await list(query);
    expect(idsOf(whole.body).slice(0, 4)).toEqual([e, b, a, d]);
    expect(new Set(idsOf(whole.body).slice(4))).toEqual(new Set([c, f]));
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ ...query, limit: '2', ...(cursor ? { cursor } : {}) });
      paged.push(...idsOf(page.body));
      cursor = (page.body.nextCursor as string | null) ?? undefined;
    } while (cursor);
    expect(paged).toEqual(idsOf(whole.body));
  });

  test('then it must be said of which status', async () => {
    expect(await list({ sort: '-evaluation' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/query/status' }] },
    });
  });
});

describe('when partners are listed', () => {
  test('then by status, tier, region and any of their types, newest first', async () => {
    const both = await anActivePartner({ types: ['msp', 'isv'], region: 'emea' });
    const one = await anActivePartner({ types: ['isv'], region: 'emea' });
    await command('suspend-partner', one);
    expect(idsOf((await list({ type: 'isv' })).body).sort()).toEqual([both, one].sort());
    expect(idsOf((await list({ type: 'isv', status: 'active' })).body)).toEqual([both]);
    expect(idsOf((await list({ type: 'isv', region: 'amer' })).body)).toEqual([]);
    expect(idsOf((await list({ type: 'msp', tier: 'authorized' })).body)).toEqual([both]);
    expect(idsOf((await list({ type: 'msp', tier: 'gold' })).body)).toEqual([]);
    expect(idsOf((await list({ type: 'isv' }, finance)).body)).toHaveLength(2);
    expect(idsOf((await list({ type: 'isv' }, admin)).body)).toHaveLength(2);
  });

  test('then one that has lapsed by its time is not approved any more, whether or not a sweep came by', async () => {
    const { id } = await anApplicant({ types: ['alliance'] });
    await approve(id);
    const at = addDays(now, 30);
    for (const caller of [manager, adminOf(id)]) {
      const listed = (status: string, when: string) =>
        ask({ operation: 'list-partners', caller, query: { status, type: 'alliance' }, at: when });
      expect(idsOf((await listed('approved', now)).body)).toEqual([id]);
      expect(idsOf((await listed('approved', at)).body)).toEqual([]);
    }
  });

  test('then a cursor is good for its caller and filter only', async () => {
    await anActivePartner({ types: ['oem'] });
    await anActivePartner({ types: ['oem'] });
    const { body } = await list({ type: 'oem', limit: '1' });
    const cursor = String(body.nextCursor);
    expect((await list({ type: 'oem', limit: '1', cursor })).status).toBe(200);
    expect((await list({ type: 'var', limit: '1', cursor })).status).toBe(400);
    expect((await list({ type: 'oem', limit: '1', cursor }, finance)).status).toBe(400);
  });

  test('then a partner sees itself alone, and another partner is as good as missing', async () => {
    const [mine, theirs] = [await anActivePartner(), await anActivePartner()];
    expect(idsOf((await list({}, repOf(mine))).body)).toEqual([mine]);
    expect(idsOf((await list({ status: 'suspended' }, repOf(mine))).body)).toEqual([]);
    const other = await read(theirs, repOf(mine));
    const missing = await read('ptr_NOBODY', repOf(mine));
    expect(other.status).toBe(404);
    expect({ ...other.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' });
    expect((await read(theirs)).status).toBe(200);
    expect((await accept(theirs, { caller: adminOf(mine) })).status).toBe(404);
  });
});

describe('when a partner is changed', () => {
  const address = { streetAddress: '2 Side Street', city: 'Shelbyville', postalCode: '54321', countryCode: 'US' };

  test('then its administrator changes contacts and address', async () => {
    const id = await anActivePartner();
    const contacts = [{ firstName: 'Bob', lastName: 'Case', email: 'Bob@Acme.example' }];
    const reply = await update(id, { contacts, address }, { caller: adminOf(id), ifMatch: 3 });
    expect(reply).toMatchObject({
      status: 200,
      body: { contacts: [{ email: 'bob@acme.example' }], company: { address, name: 'Acme Partners' }, version: 4 },
    });
  });

  test('then staff changes owner, region and tier, the tier with a reason', async () => {
    const id = await anActivePartner();
    const unexplained = await update(id, { tier: 'gold' }, { ifMatch: 3 });
    expect(unexplained).toMatchObject({ status: 422, body: { code: 'partner.reason_missing' } });
    const body = { ownerId: 'usr_other', region: 'emea', tier: 'gold', reason: 'Won at the fair.' };
    const reply = await update(id, body, { ifMatch: 3 });
    expect(reply.body).toMatchObject({ ownerId: 'usr_other', region: 'emea', tier: 'gold', version: 4 });
    expect((await readItems([{ pk: id, sk: 'gate' }]))[0]).toMatchObject({ tier: 'gold', region: 'emea' });
    const repeated = await update(id, body, { ifMatch: 3 });
    expect(repeated.headers).toMatchObject({ 'idempotency-replayed': 'true', etag: '"4"' });
    const unknown = await update(id, { tier: 'lead', region: 'mars', reason: 'x' }, { ifMatch: 4 });
    expect(unknown.body.errors).toMatchObject([
      { pointer: '#/region', code: 'program.unknown_region' },
      { pointer: '#/tier', code: 'program.unknown_tier' },
    ]);
  });

  test.each([
    ['its administrator', 'tier and owner', (id: string) => adminOf(id), { tier: 'gold', ownerId: 'usr_x' }],
    ['a partner manager', 'contacts and address', () => manager, { address, contacts: [] as unknown[] }],
  ])('then %s may not change %s', async (_, __, who, fields) => {
    const id = await anActivePartner();
    const contacts = [{ firstName: 'Bob', lastName: 'Case', email: 'bob@acme.example' }];
    const body = 'contacts' in fields ? { ...fields, contacts } : fields;
    const reply = await update(id, body, { caller: who(id), ifMatch: 3 });
    expect(reply).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    const named = (reply.body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(named.sort()).toEqual(
      Object.keys(fields)
        .map((name) => `#/${name}`)
        .sort(),
    );
  });

  test.each([
    ['nothing', {}, 400, 'request.invalid'],
    ['a website', { websiteUrl: 'https://new.example' }, 400, 'request.invalid'],
  ])('then %s is not taken', async (_, body, status, code) => {
    const id = await anActivePartner();
    const reply = await update(id, body, { caller: adminOf(id), ifMatch: 3 });
    expect(reply).toMatchObject({ status, body: { code } });
  });

  test('then the version that was seen must be said, and be the present one', async () => {
    const id = await anActivePartner();
    expect(await update(id, { region: 'emea' })).toMatchObject({ status: 428 });
    expect(await update(id, { region: 'emea' }, { ifMatch: 2 })).toMatchObject({ status: 412 });
    const racing = await Promise.all(['emea', 'apac'].map((region) => update(id, { region }, { ifMatch: 3 })));
    expect(racing.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  test('then a rep of it may not, and of another it is not there', async () => {
    const [mine, theirs] = [await anActivePartner(), await anActivePartner()];
    expect((await update(mine, { address }, { caller: repOf(mine), ifMatch: 3 })).status).toBe(403);
    expect((await update(theirs, { address }, { caller: adminOf(mine), ifMatch: 3 })).status).toBe(404);
  });

  test('then what was approved and not accepted can be given an owner', async () => {
    const { id } = await anApplicant();
    await approve(id, now);
    expect((await update(id, { ownerId: 'usr_1' }, { ifMatch: 2 })).body.ownerId).toBe('usr_1');
  });
});
