import { beforeAll, describe, expect, test } from 'vitest';
import { anActivePartner as aWholePartner, read } from '#test/partners/a-partner.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { manager, repOf } from '#test/support/people.ts';
import {
  call,
  freshCustomer,
  freshPartner,
  large,
  openDealsOf,
  outcomeOf,
  register,
  small,
} from './at-the-deals-door.ts';

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
});

/** An active partner, and the domain its company is known by. */
const aCompany = async () => {
  const partnerId = await aWholePartner();
  const { company } = (await read(partnerId)).body as { company: { domain: string } };
  return { partnerId, domain: company.domain };
};

describe('when a partner would be paid for itself as the customer', () => {
  test.each([
    ['its own website', (domain: string) => `https://www.${domain}`],
    ['another host of it', (domain: string) => `https://shop.eu.${domain}/about?x=1`],
    ['its own website in capitals', (domain: string) => `HTTPS://${domain.toUpperCase()}`],
  ])('then a registration of %s is refused and nothing is counted', async (_, websiteOf) => {
    const { partnerId, domain } = await aCompany();
    const reply = await register(partnerId, { customer: freshCustomer({ websiteUrl: websiteOf(domain) }) });
    expect(reply).toMatchObject({
      status: 422,
      body: { code: 'deal.own_company', errors: [{ pointer: '#/customer/websiteUrl' }] },
    });
    expect((await openDealsOf(partnerId)) ?? 0).toBe(0);
  });

  test('then staff cannot register it for the partner either', async () => {
    const { partnerId, domain } = await aCompany();
    const customer = freshCustomer({ websiteUrl: `https://${domain}` });
    const body = { partnerId, customer };
    const reply = await register(partnerId, body, { caller: manager });
    expect(outcomeOf(reply)).toBe('422 deal.own_company');
  });

  test('then it cannot be given a part in a deal with itself', async () => {
    const [seller, buyer] = [await aCompany(), await aCompany()];
    const customer = freshCustomer({ websiteUrl: `https://${buyer.domain}` });
    const deal = await register(seller.partnerId, { customer, value: small });
    expect(deal.status).toBe(201);
    const give = (partnerId: string) =>
      call('attribute-deal', {
        caller: manager,
        params: { dealId: String(deal.body.id) },
        ifMatch: Number(deal.body.version),
        body: { partnerId, role: 'influenced', evidence: 'Ran a workshop.' },
      });
    expect(outcomeOf(await give(buyer.partnerId))).toBe('422 deal.own_company');
    expect((await give((await aCompany()).partnerId)).status).toBe(201);
  });
});

describe('when a partner sells to somebody else', () => {
  test.each([
    ['another company', () => freshCustomer()],
    ['a company whose name begins alike', (domain: string) => freshCustomer({ websiteUrl: `https://my${domain}` })],
    [
      'a company of its own name elsewhere',
      (domain: string) => freshCustomer({ websiteUrl: `https://${domain.replace('.example', '.test')}` }),
    ],
  ])('then %s is no self-referral', async (_, customerOf) => {
    const { partnerId, domain } = await aCompany();
    const reply = await register(partnerId, { customer: customerOf(domain), value: large });
    expect(reply.status).toBe(201);
  });

  test('then another partner may be its customer', async () => {
    const buyer = await aCompany();
    const seller = await freshPartner();
    const customer = freshCustomer({ websiteUrl: `https://${buyer.domain}` });
    expect((await register(seller, { customer }, { caller: repOf(seller) })).status).toBe(201);
  });
});
