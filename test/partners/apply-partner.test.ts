import { beforeAll, describe, expect, test } from 'vitest';
import { brokenLink } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { anApplicant, anApplication, apply, approve, freshDomain, now } from './a-partner.ts';
import { countRequests } from './count-requests.ts';

/** From then on the program takes nobody from France. */
const laterRules = '2030-01-01T00:00:00.000Z';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  const program = aProgram();
  await publish(program);
  const onboarding = { ...program.onboarding, blockedCountries: ['FR'] };
  await publish({ ...program, onboarding }, { version: 2, at: laterRules });
});

const codesOf = (errors: unknown): readonly string[] =>
  (errors as readonly { pointer: string; code: string }[]).map(({ pointer, code }) => `${pointer} ${code}`);

describe('when a company applies', () => {
  test('then it has applied, in the entry tier, and is told the token that follows its application', async () => {
    const domain = freshDomain();
    const reply = await apply(anApplication(domain));
    expect(reply).toMatchObject({
      status: 201,
      body: { status: 'applied', version: 1, tier: 'authorized', company: { domain } },
      headers: { etag: '"1"' },
    });
    expect(reply.body.statusToken).toMatch(/^[\w-]{43}$/);
  });

  test('then it waits for a decision on an application, which nobody decides who sent it', async () => {
    const { id } = await anApplicant();
    expect(await getPartner(id)).toMatchObject({
      awaits: { approvalId: `apr_${id}_1`, kind: 'partner_application', attempt: 1, by: 'applicant', since: now },
    });
  });

  test('then it is not shown what screening found', async () => {
    const { body } = await apply(anApplication(freshDomain()));
    expect(body).not.toHaveProperty('checks');
    expect(body).not.toHaveProperty('awaits');
  });

  test('then its history names neither persons nor where the request came from', async () => {
    const { id, domain } = await anApplicant();
    const events = await listEvents(id, 1, 10);
    expect(brokenLink(events)).toBeUndefined();
    expect(events).toMatchObject([{ type: 'partner.applied', by: 'applicant', partnerId: id }]);
    expect(JSON.stringify(events)).not.toMatch(new RegExp(`Byron|Acme|192\\.0|${domain}`));
  });

  test('then a contact who writes from elsewhere is told to the reviewer', async () => {
    const contacts = [{ firstName: 'Ada', lastName: 'Byron', email: 'ada.byron@gmail.com' }];
    const { id } = await anApplicant({ contacts });
    expect((await getPartner(id)).checks).toContainEqual(
      expect.objectContaining({
        check: 'contact_domain',
        outcome: 'warn',
        detail: expect.stringContaining('gmail.com'),
      }),
    );
  });

  test.each([
    ['an affiliate', ['affiliate']],
    ['an influencer and affiliate', ['influencer', 'affiliate']],
  ])('then %s is approved at once and gets the agreement', async (_, types) => {
    const { body } = await apply(anApplication(freshDomain(), { types }));
    expect(body).toMatchObject({
      status: 'approved',
      agreement: { version: '2026-01', sentAt: now, lapsesAt: addDays(now, 30) },
    });
    expect((await getPartner(String(body.id))).approvals).toBe(0);
  });

  test('then one type that needs a review is enough for one', async () => {
    const { body } = await apply(anApplication(freshDomain(), { types: ['affiliate', 'reseller'] }));
    expect(body.status).toBe('applied');
  });
});

describe('when an application does not fit the program', () => {
  test('then every broken rule is named', async () => {
    const application = anApplication(freshDomain(), {
      types: ['reseller', 'wizard'],
      region: 'moon',
      answers: { capacity: 'Ten people', capability: 'Ten years', commitment: 'A plan', taste: 'Good' },
    });
    const reply = await apply(application);
    expect(reply.status).toBe(422);
    expect(codesOf(reply.body.errors)).toEqual([
      '#/types/1 program.unknown_partner_type',
      '#/region program.unknown_region',
      '#/answers/customerFit partner.answer_missing',
      '#/answers/taste program.unknown_criterion',
    ]);
  });

  test('then a blocked country is refused in words', async () => {
    const application = anApplication(freshDomain());
    const { company } = application;
    const blocked = { ...company, address: { ...company.address, countryCode: 'KP' } };
    const reply = await apply({ ...application, company: blocked });
    expect(reply).toMatchObject({ status: 422, body: { code: 'partner.country_blocked' } });
    expect(reply.body.detail).toContain('takes no partners from KP');
  });

  test('then every faulty field is named by its pointer', async () => {
    const reply = await apply({ company: { name: '' }, types: [], answers: { Capacity: 'x' }, extra: 1 });
    expect(reply).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    const pointers = (reply.body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers).toEqual(
      expect.arrayContaining([
        '#/company/name',
        '#/company/websiteUrl',
        '#/company/address',
        '#/types',
        '#/region',
        '#/contacts',
        '#/answers/Capacity',
        '#/extra',
      ]),
    );
  });
});

describe('when an application is sent again', () => {
  test('then the same key and body gives the first answer with the same token, also later', async () => {
    const application = anApplication(freshDomain());
    const first = await apply(application, { key: 'a1' });
    await approve(String(first.body.id));
    const again = await apply(application, { key: 'a1', at: addDays(now, 1) });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  test('then the same key with another body is refused', async () => {
    const domain = freshDomain();
    await apply(anApplication(domain), { key: 'a2' });
    const other = await apply(anApplication(domain, { region: 'emea' }), { key: 'a2' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });
});

describe('when requests to the database are counted', () => {
  test('then applying is one, on success, on replay and on refusal', async () => {
    const counted = countRequests();
    const application = anApplication(freshDomain());
    expect(await counted(() => apply(application, { key: 'count' }))).toBe(1);
    expect(await counted(() => apply(application, { key: 'count' }))).toBe(1);
    expect(await counted(() => apply(application, { key: 'other' }))).toBe(1);
  });
});

describe('when the rules have changed since a company applied', () => {
  const fromFrance = (domain: string) => {
    const body = anApplication(domain);
    return { ...body, company: { ...body.company, address: { ...body.company.address, countryCode: 'FR' } } };
  };

  test('then a repeat gets the first answer, another body is told, and a new application is refused', async () => {
    const [domain, key] = [freshDomain(), 'applied-in-time'];
    const first = await apply(fromFrance(domain), { key });
    const repeat = await apply(fromFrance(domain), { key, at: laterRules });
    expect(repeat).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } });
    expect(repeat.body).toEqual(first.body);
    expect(await apply({ ...fromFrance(domain), why: 'Other.' }, { key, at: laterRules })).toMatchObject({
      status: 422,
      body: { code: 'idempotency.key_reused' },
    });
    expect(await apply(fromFrance(freshDomain()), { at: laterRules })).toMatchObject({
      status: 422,
      body: { code: 'partner.country_blocked' },
    });
  });
});
