import { domainToASCII } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { handler } from '#functions/deals/door.ts';
import { registrableDomain } from '#shared/core/domains.ts';
import { read } from '#shared/platform/table.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { type Reply, send } from '#test/support/call.ts';
import { repOf } from '#test/support/people.ts';
import { anActivePartner, aRegistration } from './a-deal.ts';

const now = '2026-07-01T12:00:00.000Z';

/** Twenty ways to write the address of one company, `bücher-<n>.example`, whose domain is its own and not plain ASCII. */
const spellings: readonly (readonly [label: string, write: (name: string) => string])[] = [
  ['plain', (name) => `https://${name}`],
  ['another scheme', (name) => `http://${name}`],
  ['no scheme', (name) => name],
  ['capitals', (name) => `HTTPS://${name.toUpperCase()}`],
  ['www', (name) => `https://www.${name}/`],
  ['www without scheme', (name) => `www.${name}`],
  ['a port', (name) => `https://${name}:8443`],
  ['a port and no scheme', (name) => `${name}:443/start`],
  ['a path', (name) => `https://${name}/contact/us.html`],
  ['a query', (name) => `https://${name}/?utm_source=fair&to=https://other.example`],
  ['a fragment', (name) => `https://${name}/#https://other.example`],
  ['a user and a password', (name) => `https://ada:secret@${name}`],
  ['a trailing dot', (name) => `https://www.${name}.`],
  ['a subdomain', (name) => `https://shop.eu.${name}`],
  ['spaces around it', (name) => `  https://${name}  `],
  ['punycode', (name) => `https://${domainToASCII(name)}`],
  ['punycode in capitals', (name) => `WWW.${domainToASCII(name).toUpperCase()}`],
  ['a decomposed umlaut', (name) => `https://${name.normalize('NFD')}`],
  ['percent-encoded', (name) => `https://${encodeURIComponent(name)}`],
  ['an ideographic full stop', (name) => `https://${name.replace('.', '。')}`],
];

const partnerIds = Array.from({ length: 50 }, (_, n) => `ptr_racer${n}`);
const rounds = Number(process.env.RACE_ROUNDS ?? 50);
const companyOf = (round: number): string => `bücher-${round}.example`;

beforeAll(async () => {
  process.env.CURSOR_SECRET = 'secret';
  await testTable();
  await publish(aProgram());
  // No limit of open registrations: winning must not keep anybody from running on.
  await Promise.all(partnerIds.map((partnerId) => anActivePartner(partnerId, { tier: 'platinum' })));
});

describe('when one address is written in many ways', () => {
  test.each(spellings)('then with %s it is the same customer', (_label, write) => {
    expect(registrableDomain(write(companyOf(7)))).toBe(domainToASCII(companyOf(7)));
  });
});

/** Everybody starts at once; who is called first, and how each writes the address, goes round from one round to the next. */
const race = (round: number): Promise<readonly (readonly [partnerId: string, reply: Reply])[]> =>
  Promise.all(
    partnerIds.map(async (_, place) => {
      const partnerId = partnerIds[(place + round) % partnerIds.length] ?? '';
      const [, write] = spellings[(place * 7 + round) % spellings.length] ?? ['', String];
      const customer = { companyName: 'Bücher', websiteUrl: write(companyOf(round)), countryCode: 'DE' };
      const call = { operation: 'register-deal', caller: repOf(partnerId), at: now } as const;
      return [partnerId, await send(handler, { ...call, body: aRegistration({ customer }) })] as const;
    }),
  );

const outcomeOf = ({ status, body }: Reply): string => `${status} ${body.code ?? body.status}`;

describe(`when ${partnerIds.length} partners race for one customer in ${spellings.length} spellings of its address`, () => {
  test(`then in each of ${rounds} rounds one wins, the others learn only that it is taken, and every gate counts right`, async () => {
    const wins = new Map<string, number>();
    for (let round = 0; round < rounds; round += 1) {
      const finish = await race(round);
      const won = finish.filter(([, reply]) => reply.status === 201);
      const others = finish.filter(([, reply]) => reply.status !== 201);
      expect(won.map(([, reply]) => reply.body.customer)).toMatchObject([{ domain: domainToASCII(companyOf(round)) }]);
      expect(new Set(others.map(([, reply]) => outcomeOf(reply)))).toEqual(new Set(['409 deal.conflict']));
      expect(JSON.stringify(others.map(([, reply]) => reply))).not.toMatch(/ptr_|deal_|usr_/);
      for (const [partnerId] of won) wins.set(partnerId, (wins.get(partnerId) ?? 0) + 1);
    }
    const gates = await read(partnerIds.map((pk) => ({ pk, sk: 'gate' })));
    expect(gates.map((gate) => [gate?.pk, gate?.openDeals])).toEqual(partnerIds.map((id) => [id, wins.get(id)]));
  }, 600_000);
});
