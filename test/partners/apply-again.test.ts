import { beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '#shared/core/time.ts';
import { getPartner } from '#shared/partners/partner-store.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { manager } from '#test/support/people.ts';
import {
  anActivePartner,
  anApplicant,
  anApplication,
  apply,
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
