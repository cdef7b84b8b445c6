import { beforeAll, describe, expect, test } from 'vitest';
import { brokenLink } from '#shared/core/history.ts';
import { addDays } from '#shared/core/time.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { listEvents } from '#shared/platform/history-store.ts';
import { documents } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { manager } from '#test/support/people.ts';
import {
  anActivePartner,
  anApplicant,
  anApplication,
  apply,
  approve,
  command,
  freshDomain,
  lapse,
  now,
  reject,
  sendBack,
} from './a-partner.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
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

describe('when a company that is known applies anew', () => {
  const again = (domain: string, at = now) => apply(anApplication(domain), { at });

  test.each([
    ['has applied', async () => (await anApplicant()).domain],
    [
      'was asked something',
      async () => {
        const { id, domain } = await anApplicant();
        await sendBack(id);
        return domain;
      },
    ],
    ['is active', async () => (await getPartner(await anActivePartner())).company.domain],
    [
      'was terminated',
      async () => {
        const id = await anActivePartner();
        await command('terminate-partner', id);
        return (await getPartner(id)).company.domain;
      },
    ],
  ])('then one that %s is refused, and nothing is told about it', async (_, known) => {
    const domain = await known();
    const reply = await again(domain);
    expect(reply).toMatchObject({ status: 409, body: { code: 'partner.duplicate' } });
    expect(JSON.stringify(reply.body)).not.toMatch(/ptr_|Acme/);
  });

  test('then one that was rejected may', async () => {
    const { id, domain } = await anApplicant();
    await reject(id);
    expect((await again(domain)).status).toBe(201);
  });

  test('then one that let the time for an answer pass may, whether or not a sweep came by', async () => {
    const { id, domain } = await anApplicant();
    await sendBack(id);
    expect((await again(domain, addDays(now, 29))).status).toBe(409);
    expect((await again(domain, addDays(now, 30))).status).toBe(201);
    expect((await lapse(id, addDays(now, 31))).status).toBe('lapsed');
    expect((await again(domain, addDays(now, 32))).status).toBe(409);
  });

  test('then staff may bring back one that was terminated, and a person has to look at it whatever its type', async () => {
    const id = await anActivePartner({ types: ['affiliate'] });
    await command('terminate-partner', id);
    const { domain } = (await getPartner(id)).company;
    const reply = await apply(anApplication(domain, { types: ['affiliate'] }), { caller: manager, key: 'back' });
    expect(reply).toMatchObject({ status: 201, body: { status: 'applied' } });
    expect(reply.body.checks).toContainEqual(expect.objectContaining({ check: 'duplicate', outcome: 'fail' }));
    const replay = await apply(anApplication(domain, { types: ['affiliate'] }), { caller: manager, key: 'back' });
    expect(replay.body).toEqual(reply.body);
  });

  test('then staff is refused like anybody else when the other one is live', async () => {
    const { domain } = await anApplicant();
    const reply = await apply(anApplication(domain), { caller: manager });
    expect(reply).toMatchObject({ status: 409, body: { code: 'partner.duplicate' } });
  });
});

describe('when 20 applications of one company race in different spellings', () => {
  const spellings = (domain: string): readonly string[] => [
    `https://${domain}`,
    `http://${domain}`,
    `https://www.${domain}`,
    `https://WWW.${domain.toUpperCase()}`,
    domain,
    `www.${domain}`,
    `${domain}/`,
    `https://${domain}/about?us=1#top`,
    `https://shop.${domain}`,
    `https://a.b.c.${domain}`,
    `https://${domain}:8443/`,
    `https://${domain}.`,
    ` https://${domain} `,
    `HTTPS://${domain}`,
    `https://user:pw@${domain}`,
    `http://www.${domain}/de/`,
    domain.toUpperCase(),
    `https://m.${domain}/index.html`,
    `https://${domain}?x`,
    `https://www.${domain}./`,
  ];

  test('then one wins, in each of 10 rounds', async () => {
    for (let round = 0; round < 10; round += 1) {
      const domain = freshDomain();
      const bodies = spellings(domain).map((websiteUrl) => {
        const application = anApplication(domain);
        return { ...application, company: { ...application.company, websiteUrl } };
      });
      const replies = await Promise.all(bodies.map((body) => apply(body)));
      const outcomes = replies.map(({ status, body }) => `${status} ${body.code ?? body.status}`).sort();
      expect(outcomes).toEqual(['201 applied', ...Array.from({ length: 19 }, () => '409 partner.duplicate')]);
    }
  });
});

describe('when 20 tries of one application run at once', () => {
  test('then there is one, and 19 are replays', async () => {
    const application = anApplication(freshDomain());
    const replies = await Promise.all(Array.from({ length: 20 }, () => apply(application, { key: 'same' })));
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
    expect(new Set(replies.map(({ body }) => body.statusToken)).size).toBe(1);
    expect(replies.filter(({ headers }) => headers['idempotency-replayed'])).toHaveLength(19);
  });
});

describe('when requests to the database are counted', () => {
  test('then applying is one, on success, on replay and on refusal', async () => {
    let requests = 0;
    documents.middlewareStack.add(
      (next) => (args) => {
        requests += 1;
        return next(args);
      },
      { step: 'finalizeRequest', name: 'count' },
    );
    const counted = async (what: () => Promise<unknown>): Promise<number> => {
      requests = 0;
      await what();
      return requests;
    };
    const application = anApplication(freshDomain());
    expect(await counted(() => apply(application, { key: 'count' }))).toBe(1);
    expect(await counted(() => apply(application, { key: 'count' }))).toBe(1);
    expect(await counted(() => apply(application, { key: 'other' }))).toBe(1);
    documents.middlewareStack.remove('count');
  });
});
